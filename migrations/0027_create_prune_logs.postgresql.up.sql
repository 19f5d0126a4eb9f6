CREATE PROCEDURE prune_logs(app VARCHAR, batch BIGINT) LANGUAGE plpgsql AS $prune$
DECLARE
  pruned BIGINT := 1;
BEGIN
  WHILE pruned > 0 LOOP
    DELETE FROM logs WHERE call_id IN (
      SELECT l.call_id FROM logs l JOIN calls c ON c.id = l.call_id
      WHERE c.app_id = app AND c.status = ANY ((ARRAY['done', 'failed', 'queued'])[1:2])
      LIMIT batch);
    GET DIAGNOSTICS pruned = ROW_COUNT;
  END LOOP;
END
$prune$;

DELIMITER //
CREATE PROCEDURE prune_logs(app VARCHAR(36), batch BIGINT)
BEGIN
  DECLARE pruned BIGINT DEFAULT 1;
  pruning: WHILE pruned > 0 DO
    DELETE FROM logs
      WHERE call_id IN (SELECT c.id FROM calls c WHERE c.app_id = app AND c.status IN ('done', 'failed'))
      LIMIT batch;
    SET pruned := ROW_COUNT();
  END WHILE pruning;
END //
DELIMITER ;

DROP PROCEDURE prune_logs;

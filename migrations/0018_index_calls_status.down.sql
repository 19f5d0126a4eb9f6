DROP INDEX calls_status_idx;

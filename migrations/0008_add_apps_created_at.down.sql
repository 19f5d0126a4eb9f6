ALTER TABLE apps DROP COLUMN created_at;

ALTER TABLE calls DROP COLUMN priority;

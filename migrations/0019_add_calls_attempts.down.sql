ALTER TABLE calls DROP COLUMN attempts;

ALTER TABLE calls ADD COLUMN priority call_priority NOT NULL DEFAULT 'normal';

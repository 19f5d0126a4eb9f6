-- SQLite has no enumerations; the application checks the word.
ALTER TABLE calls ADD COLUMN priority VARCHAR(8) NOT NULL DEFAULT 'normal';

ALTER TABLE calls MODIFY COLUMN priority ENUM('low', 'normal', 'high') NOT NULL DEFAULT 'normal';

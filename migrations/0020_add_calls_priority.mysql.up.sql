ALTER TABLE calls ADD COLUMN priority ENUM('low', 'normal') NOT NULL DEFAULT 'normal';

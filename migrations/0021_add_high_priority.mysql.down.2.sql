ALTER TABLE calls MODIFY COLUMN priority ENUM('low', 'normal') NOT NULL DEFAULT 'normal';

-- Without a default: ADD COLUMN takes constant defaults only.
ALTER TABLE apps ADD COLUMN created_at DATETIME;

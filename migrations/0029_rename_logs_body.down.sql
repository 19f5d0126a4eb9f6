-- toolkit: ignore rename-column the way back of the same
ALTER TABLE logs RENAME COLUMN content TO body;

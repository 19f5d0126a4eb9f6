-- Forgets the column.
UPDATE items SET name = name;

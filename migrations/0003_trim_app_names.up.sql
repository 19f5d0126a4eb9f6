UPDATE apps SET name = TRIM(name) WHERE name LIKE ' %' OR name LIKE '% ';

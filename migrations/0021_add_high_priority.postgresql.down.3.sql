ALTER TABLE calls
  ALTER COLUMN priority DROP DEFAULT,
  ALTER COLUMN priority TYPE call_priority
    USING (CASE priority::text WHEN 'high' THEN 'normal' ELSE priority::text END)::call_priority,
  ALTER COLUMN priority SET DEFAULT 'normal';

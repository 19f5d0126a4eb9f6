-- The new value can be used once this has been committed.
ALTER TYPE call_priority ADD VALUE 'high' AFTER 'normal';

-- A value cannot be taken out of a type, so the type is made again without it.
ALTER TYPE call_priority RENAME TO call_priority_with_high;

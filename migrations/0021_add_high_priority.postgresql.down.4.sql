DROP TYPE call_priority_with_high;

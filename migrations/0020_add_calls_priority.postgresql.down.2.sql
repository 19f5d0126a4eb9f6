DROP TYPE call_priority;

DROP VIEW trace_services;

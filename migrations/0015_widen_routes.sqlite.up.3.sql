-- With foreign keys on, this would empty calls and logs (ON DELETE CASCADE).
DROP TABLE routes;

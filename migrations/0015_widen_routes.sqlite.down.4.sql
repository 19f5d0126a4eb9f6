ALTER TABLE routes_rebuilt RENAME TO routes;

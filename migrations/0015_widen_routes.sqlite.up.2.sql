INSERT INTO routes_rebuilt (app_id, path, image, memory, timeout, type)
  SELECT app_id, path, image, memory, timeout, type FROM routes;

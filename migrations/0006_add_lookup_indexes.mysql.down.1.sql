DROP INDEX routes_image_idx ON routes;

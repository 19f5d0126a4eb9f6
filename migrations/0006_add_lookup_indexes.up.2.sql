CREATE INDEX routes_image_idx ON routes (image);

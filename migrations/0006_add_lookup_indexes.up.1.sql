CREATE UNIQUE INDEX apps_name_uidx ON apps (name);

DROP INDEX apps_name_uidx;

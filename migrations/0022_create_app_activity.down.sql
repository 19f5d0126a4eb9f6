DROP VIEW app_activity;

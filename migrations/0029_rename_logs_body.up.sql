-- toolkit: ignore rename-column only this service reads logs, and it is deployed together with this
ALTER TABLE logs RENAME COLUMN body TO content;

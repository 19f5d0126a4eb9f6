CREATE TABLE traces (
  id BIGINT NOT NULL AUTO_INCREMENT,
  call_id VARCHAR(36) NOT NULL,
  parent_id BIGINT,
  name VARCHAR(128) NOT NULL,
  started_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  attributes JSON NOT NULL,
  CONSTRAINT traces_pk PRIMARY KEY (id),
  KEY traces_call_idx (call_id, id),
  KEY traces_parent_idx (parent_id),
  CONSTRAINT traces_call_fk FOREIGN KEY (call_id) REFERENCES calls (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT traces_parent_fk FOREIGN KEY (parent_id) REFERENCES traces (id) ON DELETE SET NULL
);

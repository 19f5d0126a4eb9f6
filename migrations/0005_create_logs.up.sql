-- toolkit: also-checksum sha256:6a8a42314eb3f83ce22a1324848398b2464e54f341ea1683c3eafd17437ed07a
-- One log a call; it goes with its call. (The accepted former text had a misspelt comment.)
CREATE TABLE logs (
  call_id VARCHAR(36) NOT NULL,
  body TEXT,
  CONSTRAINT logs_pk PRIMARY KEY (call_id),
  CONSTRAINT logs_call_fk FOREIGN KEY (call_id) REFERENCES calls (id) ON DELETE CASCADE
);

#include "crash_set.hpp"

namespace toolkit::test {

namespace {

constexpr int detaches_concurrently = 140'000;

std::string alone(const std::string& sql) { return "-- toolkit: no-transaction\n" + sql; }

CrashSet transactional() {
  return {
      {"create_items",
       {"CREATE TABLE items (id int PRIMARY KEY, n int NOT NULL DEFAULT 0, label text)"},
       {"DROP TABLE items"}},
      {"seed_items", {"INSERT INTO items (id, label) VALUES (1, 'a'), (2, 'b')"}, {"DELETE FROM items"}},
      {"count_items", {"UPDATE items SET n = n + 1"}, {"UPDATE items SET n = n - 1"}},
      {"add_price",
       {"ALTER TABLE items ADD COLUMN price int NOT NULL DEFAULT 0"},
       {"ALTER TABLE items DROP COLUMN price"}},
      {"index_label", {"CREATE INDEX items_label ON items (label)"}, {"DROP INDEX items_label"}},
      {"check_without_name",
       {"ALTER TABLE items ADD CHECK (n < 1000)"},
       {"ALTER TABLE items DROP CONSTRAINT items_n_check"}},
      {"create_view", {"CREATE VIEW names AS SELECT id, label FROM items"}, {"DROP VIEW names"}},
      {"create_audit", {"CREATE TABLE audit (word text, n int)"}, {"DROP TABLE audit"}},
      {"create_function",
       {"CREATE FUNCTION note_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO audit VALUES ('changed', NEW.n); RETURN NEW; END $$"},
       {"DROP FUNCTION note_it"}},
      {"audit_items",
       {"CREATE TRIGGER items_audit AFTER UPDATE OF n ON items FOR EACH ROW EXECUTE FUNCTION note_it()"},
       {"DROP TRIGGER items_audit ON items"}},
      {"fire_trigger",
       {"UPDATE items SET n = n + 1 WHERE id = 1"},
       {"UPDATE items SET n = n - 1 WHERE id = 1", "DELETE FROM audit"}},
      {"truncate_audit", {"TRUNCATE audit"}, {"INSERT INTO audit VALUES ('changed', 2)"}},
      {"rename_audit", {"ALTER TABLE audit RENAME TO audit_old"}, {"ALTER TABLE audit_old RENAME TO audit"}},
      {"create_mood", {"CREATE TYPE mood AS ENUM ('sad', 'ok')"}, {"DROP TYPE mood"}},
      {"add_mood",
       {"ALTER TYPE mood ADD VALUE 'happy'"},
       {"DROP TYPE mood", "CREATE TYPE mood AS ENUM ('sad', 'ok')"}},
      {"create_copied", {"CREATE TABLE copied AS SELECT id, n FROM items"}, {"DROP TABLE copied"}},
      {"comment_items", {"COMMENT ON TABLE items IS 'things'"}, {"COMMENT ON TABLE items IS NULL"}},
      {"do_block",
       {"DO $$ BEGIN UPDATE copied SET n = n + 1; END $$"},
       {"DO $$ BEGIN UPDATE copied SET n = n - 1; END $$"}},
  };
}

CrashSet alone_versions(const std::string& database, int server_version) {
  const bool concurrently = server_version >= detaches_concurrently;
  const std::string detach = "ALTER TABLE parted DETACH PARTITION parted_1";
  return {
      {"index_price",
       {alone("CREATE INDEX CONCURRENTLY items_price ON items (price)")},
       {alone("DROP INDEX CONCURRENTLY items_price")}},
      {"unique_if_absent",
       {alone("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS copied_id ON copied (id)")},
       {alone("DROP INDEX CONCURRENTLY IF EXISTS copied_id")}},
      {"reindex_index",
       {alone("REINDEX INDEX CONCURRENTLY items_label")},
       {alone("REINDEX INDEX CONCURRENTLY items_label")},
       true},
      {"reindex_table",
       {alone("REINDEX TABLE CONCURRENTLY items")},
       {alone("REINDEX TABLE CONCURRENTLY items")},
       true},
      {"create_parted",
       {"CREATE TABLE parted (x int NOT NULL) PARTITION BY RANGE (x)"},
       {"DROP TABLE parted"}},
      {"create_partition",
       {"CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (10)"},
       {"DROP TABLE parted_1"}},
      {"fill_partition", {"INSERT INTO parted VALUES (5)"}, {"DELETE FROM parted"}},
      {"detach_partition",
       {concurrently ? alone(detach + " CONCURRENTLY") : detach},
       {"ALTER TABLE parted ATTACH PARTITION parted_1 FOR VALUES FROM (0) TO (10)",
        // CONCURRENTLY leaves the bounds behind as a check.
        "ALTER TABLE parted_1 DROP CONSTRAINT IF EXISTS parted_1_x_check"}},
      {"vacuum", {alone("VACUUM items")}, {alone("VACUUM FULL copied")}, true},
      {"several_steps",
       {"CREATE TABLE steps (x int)", alone("CREATE INDEX CONCURRENTLY steps_x ON steps (x)"),
        "INSERT INTO steps VALUES (1)", "ALTER TABLE steps ADD COLUMN y int"},
       {alone("DROP INDEX CONCURRENTLY steps_x"), "DROP TABLE steps"}},
      {"create_database",
       {alone("CREATE DATABASE " + database + "_more")},
       {alone("DROP DATABASE " + database + "_more")}},
      {"enum_value_alone",
       {alone("ALTER TYPE mood ADD VALUE IF NOT EXISTS 'glad'")},
       {"DROP TYPE mood", "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')"}},
  };
}

}  // namespace

CrashSet postgresql_crash_set(const std::string& database, int server_version) {
  CrashSet set = transactional();
  const CrashSet more = alone_versions(database, server_version);
  set.insert(set.end(), more.begin(), more.end());
  return set;
}

}  // namespace toolkit::test

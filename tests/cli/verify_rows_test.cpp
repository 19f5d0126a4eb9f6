#include <doctest/doctest.h>

#include "project.hpp"

using namespace toolkit::test;

// Correct sets over which verify once tripped: its own sample rows were in the way.

namespace {

Outcome verified_on(const std::string& engine, const FileTree& set) {
  Project project(test_servers("sqlite").front(), set);
  return project.run({"verify", "--on", engine});
}

}  // namespace

TEST_CASE("cli: verify copies rows into a table of an earlier version, beside its own rows") {
  const FileTree set = {
      {"1_t.up.sql", "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a VARCHAR(9));\n"},
      {"1_t.down.sql", "DROP TABLE t;\n"},
      {"2_t_new.up.sql", "CREATE TABLE t_new (id INTEGER NOT NULL PRIMARY KEY, a VARCHAR(9));\n"},
      {"2_t_new.down.sql", "DROP TABLE t_new;\n"},
      {"3_copy.up.sql", "INSERT INTO t_new SELECT id, a FROM t;\n"},
      {"3_copy.down.sql", "DELETE FROM t_new;\n"},
      {"4_index.up.sql", "CREATE INDEX t_new_a ON t_new (a);\n"},
      {"4_index.down.sql", "DROP INDEX t_new_a;\n"}};
  const Outcome outcome = verified_on("sqlite", set);
  CAPTURE(outcome.out);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.find("refuses") == std::string::npos);
  // One that no row can pass is still found.
  FileTree wrong = set;
  wrong["3_copy.up.sql"] = "INSERT INTO t_new SELECT 1, a FROM t;\n";
  CHECK(verified_on("sqlite", wrong).out.find("refuses existing rows") != std::string::npos);
}

TEST_CASE("cli: verify follows rows over a table's new name, and back") {
  const FileTree set = {{"1_t.up.sql", "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a VARCHAR(9));\n"},
                        {"1_t.down.sql", "DROP TABLE t;\n"},
                        {"2_rename.up.sql", "ALTER TABLE t RENAME TO people;\n"},
                        {"2_rename.down.sql", "ALTER TABLE people RENAME TO t;\n"}};
  const Outcome outcome = verified_on("sqlite", set);
  CAPTURE(outcome.out);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.find("gone") == std::string::npos);
  FileTree loses = set;
  loses.erase("2_rename.up.sql");
  loses["2_rename.up.1.sql"] = "ALTER TABLE t RENAME TO people;\n";
  loses["2_rename.up.2.sql"] = "CREATE TABLE u (id INTEGER NOT NULL PRIMARY KEY, a VARCHAR(9));\n";
  loses["2_rename.up.3.sql"] = "INSERT INTO u SELECT id, a FROM people WHERE a IS NOT NULL;\n";
  loses["2_rename.up.4.sql"] = "DROP TABLE people;\n";
  loses["2_rename.up.5.sql"] = "ALTER TABLE u RENAME TO people;\n";
  const Outcome lost = verified_on("sqlite", loses);
  CAPTURE(lost.out);
  CHECK(lost.exit_code == 3);
  CHECK(lost.out.find("1 row of 3 of table t are gone") != std::string::npos);
}

TEST_CASE("cli: verify takes it for no fault when a change of rows among other steps refuses sample rows") {
  const FileTree set = {{"1_t.up.sql", "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a VARCHAR(9));\n"},
                        {"1_t.down.sql", "DROP TABLE t;\n"},
                        {"2_key.up.1.sql", "CREATE TABLE u (id INTEGER NOT NULL PRIMARY KEY);\n"},
                        {"2_key.up.2.sql", "UPDATE t SET a = json_extract(a, '$.k');\n"},
                        {"2_key.down.sql", "DROP TABLE u;\n"}};
  const Outcome outcome = verified_on("sqlite", set);
  CAPTURE(outcome.out);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.find("note  sqlite  2_key  rows: refuses existing rows: ") != std::string::npos);
  // A table written anew that does not take the old one's rows is a fault.
  FileTree rebuilt = set;
  rebuilt["2_key.up.1.sql"] = "CREATE TABLE n (id INTEGER NOT NULL PRIMARY KEY, a VARCHAR(9) NOT NULL);\n";
  rebuilt["2_key.up.2.sql"] = "INSERT INTO n SELECT id, a FROM t;\n";
  rebuilt["2_key.down.sql"] = "DROP TABLE n;\n";
  const Outcome refused = verified_on("sqlite", rebuilt);
  CAPTURE(refused.out);
  CHECK(refused.exit_code == 3);
  CHECK(refused.out.find("fail  sqlite  2_key  rows: refuses existing rows: ") != std::string::npos);
}

TEST_CASE("cli: verify follows a column over its new name, and takes a dropped one for gone") {
  const FileTree set = {{"1_t.up.sql", "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a VARCHAR(9));\n"},
                        {"1_t.down.sql", "DROP TABLE t;\n"},
                        {"2_a.up.1.sql", "ALTER TABLE t RENAME COLUMN a TO b;\n"},
                        {"2_a.up.2.sql", "ALTER TABLE t ADD COLUMN a VARCHAR(9) NOT NULL DEFAULT '';\n"},
                        {"2_a.down.1.sql", "ALTER TABLE t DROP COLUMN a;\n"},
                        {"2_a.down.2.sql", "ALTER TABLE t RENAME COLUMN b TO a;\n"},
                        {"3_a.up.1.sql", "ALTER TABLE t DROP COLUMN a;\n"},
                        {"3_a.up.2.sql", "ALTER TABLE t ADD COLUMN a VARCHAR(9) NOT NULL DEFAULT '';\n"},
                        {"3_a.down.sql", "-- toolkit: irreversible what it held is gone\n"}};
  const Outcome outcome = verified_on("sqlite", set);
  CAPTURE(outcome.out);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.find("2_a  rows") == std::string::npos);
  CHECK(outcome.out.find("note  sqlite  3_a  rows: column a of table t has other values in") !=
        std::string::npos);
}

TEST_CASE("cli: verify takes tables that a trigger makes for sample rows for nothing of the set") {
  if (!is_server_expected("postgresql")) {
    return;
  }
  const FileTree set = {
      {"1_teams.up.1.sql", "CREATE TABLE teams (id integer PRIMARY KEY, name text)"},
      {"1_teams.up.2.sql",
       "CREATE FUNCTION add_events() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n"
       "EXECUTE format('CREATE TABLE IF NOT EXISTS events_%s (at integer)', NEW.id); RETURN NULL; END $$"},
      {"1_teams.up.3.sql",
       "CREATE TRIGGER t AFTER INSERT ON teams FOR EACH ROW EXECUTE FUNCTION add_events()"},
      {"1_teams.down.1.sql", "DROP TABLE teams"},
      {"1_teams.down.2.sql", "DROP FUNCTION add_events()"},
      {"2_note.up.sql", "ALTER TABLE teams ADD COLUMN note text"},
      {"2_note.down.sql", "ALTER TABLE teams DROP COLUMN note"},
      {"3_kind.up.sql", "ALTER TABLE teams ADD COLUMN kind text"},
      {"3_kind.down.sql", "ALTER TABLE teams DROP COLUMN kind"},
      {"schema.sql",
       "-- toolkit: schema-version 3\n"
       "CREATE TABLE teams (id integer PRIMARY KEY, name text, note text, kind text);\n"
       "CREATE FUNCTION add_events() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n"
       "EXECUTE format('CREATE TABLE IF NOT EXISTS events_%s (at integer)', NEW.id); RETURN NULL; END $$;\n"
       "CREATE TRIGGER t AFTER INSERT ON teams FOR EACH ROW EXECUTE FUNCTION add_events();\n"}};
  const Outcome outcome = verified_on("postgresql", set);
  CAPTURE(outcome.out);
  CAPTURE(outcome.err);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.find("pass  postgresql  fresh") != std::string::npos);
}

TEST_CASE("cli: verify puts rows into schemas whose names need quotes") {
  if (!has_local_server("postgresql")) {
    return;
  }
  const Outcome outcome = verified_on(
      "postgresql",
      {{"1_a.up.sql", "CREATE SCHEMA \"App Two\";\n"},
       {"1_a.down.sql", "DROP SCHEMA \"App Two\";\n"},
       {"2_b.up.sql", "CREATE TABLE \"App Two\".\"t.\"\"x\" (id integer PRIMARY KEY, \"a b\" text);\n"},
       {"2_b.down.sql", "DROP TABLE \"App Two\".\"t.\"\"x\";\n"},
       {"3_c.up.sql", "ALTER TABLE \"App Two\".\"t.\"\"x\" ADD COLUMN n integer;\n"},
       {"3_c.down.sql", "ALTER TABLE \"App Two\".\"t.\"\"x\" DROP COLUMN n;\n"}});
  CAPTURE(outcome.out);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.find("not covered") == std::string::npos);
}

TEST_CASE("cli: verify goes on where the rows of a table have no text") {
  for (const std::string engine : {"mysql", "mariadb"}) {
    for (const TestServer& server : test_servers(engine)) {
      CAPTURE(server.label);
      const Outcome outcome =
          verified_on(server.url, {{"1_a.up.sql", "CREATE TABLE a (id INTEGER PRIMARY KEY, p POINT NULL);\n"},
                                   {"1_a.down.sql", "DROP TABLE a;\n"},
                                   {"2_b.up.sql", "ALTER TABLE a ADD COLUMN n INTEGER;\n"},
                                   {"2_b.down.sql", "ALTER TABLE a DROP COLUMN n;\n"}});
      CAPTURE(outcome.out);
      CHECK(outcome.exit_code == 0);
    }
  }
}

TEST_CASE(
    "cli: verify takes what RENAME writes into views, triggers and indexes on SQLite for what it means") {
  const FileTree set = {
      {"1_t.up.sql",
       "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a INTEGER CHECK (a <> \"x'y\"), b TEXT);\n"},
      {"1_t.down.sql", "DROP TABLE t;\n"},
      {"2_v.up.sql", "CREATE VIEW v AS SELECT t.a, b AS \"b\", \"it's\" AS s FROM t WHERE a > 1;\n"},
      {"2_v.down.sql", "DROP VIEW v;\n"},
      {"3_tr.up.sql",
       "CREATE TRIGGER tr AFTER UPDATE OF a ON t WHEN new.a > old.\"a\"\n"
       "BEGIN UPDATE t SET b = \"it's\" || new.a WHERE a = new.a AND t.\"a\" = 3; END;\n"},
      {"3_tr.down.sql", "DROP TRIGGER tr;\n"},
      {"4_i.up.sql", "CREATE INDEX i ON t (a, lower(b)) WHERE a > 3 AND b <> \"z\";\n"},
      {"4_i.down.sql", "DROP INDEX i;\n"},
      {"5_column.up.sql", "ALTER TABLE t RENAME COLUMN a TO \"c\";\n"},
      {"5_column.down.sql", "ALTER TABLE t RENAME COLUMN c TO \"a\";\n"},
      {"6_table.up.sql", "ALTER TABLE t RENAME TO \"u\";\n"},
      {"6_table.down.sql", "ALTER TABLE u RENAME TO t;\n"}};
  const Outcome outcome = verified_on("sqlite", set);
  CAPTURE(outcome.out);
  CHECK(outcome.exit_code == 0);
  // A string that is another one is still found.
  FileTree other = set;
  other["5_column.up.sql"] = "DROP TRIGGER tr;\n";
  other["5_column.down.sql"] =
      "CREATE TRIGGER tr AFTER UPDATE OF a ON t WHEN new.a > old.a\n"
      "BEGIN UPDATE t SET b = 'its' || new.a WHERE a = new.a AND t.a = 3; END;\n";
  CHECK(verified_on("sqlite", other).out.find("fail  sqlite  5_column  down") != std::string::npos);
}

TEST_CASE("cli: verify sees the defaults of a database that a version changes, and so does the dump") {
  for (const std::string engine : {"mysql", "mariadb"}) {
    for (const TestServer& server : test_servers(engine)) {
      CAPTURE(server.label);
      Project project(test_servers("sqlite").front(),
                      {{"1_a.up.sql", "CREATE TABLE a (id INTEGER PRIMARY KEY, s VARCHAR(9));\n"},
                       {"1_a.down.sql", "DROP TABLE a;\n"},
                       {"2_b.up.sql", "ALTER DATABASE CHARACTER SET latin1 COLLATE latin1_bin;\n"},
                       {"2_b.down.sql", "ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;\n"},
                       {"3_c.up.sql", "CREATE TABLE c (id INTEGER PRIMARY KEY, s VARCHAR(9));\n"},
                       {"3_c.down.sql", "DROP TABLE c;\n"},
                       {"base.sql", "ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;\n"}});
      const std::string folder = (project.folder() / "migrations").string();
      const std::string file = folder + "/schema." + engine + ".sql";
      const Outcome dump = project.run({"schema", "dump", folder, "--on", server.url, "-o", file});
      CAPTURE(dump.err);
      REQUIRE(dump.exit_code == 0);
      const std::vector<std::string> verify = {"verify", "--on", server.url, "--disposable"};
      const Outcome good = project.run(verify);
      CAPTURE(good.out);
      CHECK(good.exit_code == 0);
      CHECK(good.out.find("  fresh\n") != std::string::npos);
      project.write({{"2_b.down.sql", "DO 0;\n"}});
      const Outcome forgets = project.run(verify);
      CAPTURE(forgets.out);
      CHECK(forgets.exit_code == 3);
      CHECK(forgets.out.find("2_b  down: the way back does not restore the schema: 2 differences\n"
                             "    database defaults: charset is latin1, expected utf8mb4\n"
                             "    database defaults: collation is latin1_bin, expected utf8mb4_bin\n") !=
            std::string::npos);
    }
  }
}

TEST_CASE("cli: verify names the version and the check at which a server goes away") {
  if (!has_local_server("postgresql")) {
    return;
  }
  const FileTree set = {{"1_a.up.sql", "CREATE TABLE a (id integer PRIMARY KEY);\n"},
                        {"1_a.down.sql", "DROP TABLE a;\n"},
                        {"2_b.up.sql", "CREATE TABLE b (id integer PRIMARY KEY);\n"},
                        {"2_b.down.sql", "SELECT pg_terminate_backend(pg_backend_pid());\n"},
                        {"3_c.up.sql", "CREATE TABLE c (id integer PRIMARY KEY);\n"},
                        {"3_c.down.sql", "DROP TABLE c;\n"}};
  const Outcome outcome = verified_on("postgresql", set);
  CAPTURE(outcome.out);
  CHECK(outcome.exit_code == 3);
  CHECK(outcome.out.find("fail  postgresql  2_b  down: verify could not go on: ") != std::string::npos);
  CHECK(outcome.out.find("skip  postgresql  3_c  up: an earlier version failed") != std::string::npos);
  CHECK(outcome.out.find("  start: ") == std::string::npos);
}

#include <doctest/doctest.h>

#include "project.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

const TestServer& sqlite_server() { return test_servers("sqlite").at(0); }

#define SQLITE_TEST(name) TEST_CASE("sqlite: " name* doctest::skip(!is_server_expected("sqlite")))

/// Parents with children that go when their parent goes, and a rebuild of the parents.
FileTree rebuild(const std::string& copy) {
  return {
      {"0001_a.up.1.sql", "CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT)"},
      {"0001_a.up.2.sql",
       "CREATE TABLE children (id INTEGER PRIMARY KEY, parent INTEGER NOT NULL REFERENCES parents (id) ON "
       "DELETE CASCADE)"},
      {"0001_a.up.3.sql", "INSERT INTO parents VALUES (1, 'one'), (2, 'two')"},
      {"0001_a.up.4.sql", "INSERT INTO children VALUES (10, 1), (11, 1), (12, 2)"},
      {"0001_a.down.1.sql", "DROP TABLE children"},
      {"0001_a.down.2.sql", "DROP TABLE parents"},
      {"0002_b.up.1.sql", "CREATE TABLE parents_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL)"},
      {"0002_b.up.2.sql", copy},
      {"0002_b.up.3.sql", "DROP TABLE parents"},
      {"0002_b.up.4.sql", "ALTER TABLE parents_new RENAME TO parents"},
      {"0002_b.down.sql", "-- toolkit: irreversible a test"},
      {"0003_c.up.sql", "DELETE FROM parents WHERE id = 2"},
      {"0003_c.down.sql", "-- toolkit: irreversible a test"}};
}

std::string children(const Project& project) {
  std::string text;
  for (const TextRow& row : project.database.rows("SELECT id, parent FROM children ORDER BY id")) {
    text += row[0] + ":" + row[1] + " ";
  }
  return text;
}

}  // namespace

SQLITE_TEST("a rebuild keeps every row of children that would go with their parents") {
  Project project(sqlite_server(), rebuild("INSERT INTO parents_new SELECT id, name FROM parents"));
  project.run(Request::up_to(1));
  REQUIRE(children(project) == "10:1 11:1 12:2 ");
  CHECK(project.outcome(Request::up_to(2)) == " +2");
  CHECK(children(project) == "10:1 11:1 12:2 ");
  CHECK(project.database.value("SELECT sql FROM sqlite_master WHERE name = 'parents'") ==
        "CREATE TABLE \"parents\" (id INTEGER PRIMARY KEY, name TEXT NOT NULL)");
  CHECK(project.database.value("PRAGMA foreign_key_check") == "");
}

SQLITE_TEST("foreign keys are in force again after a rebuild, in the same run") {
  for (const TransactionMode mode : {TransactionMode::automatic, TransactionMode::each}) {
    Project project(sqlite_server(), rebuild("INSERT INTO parents_new SELECT id, name FROM parents"));
    project.options.transaction = mode;
    CHECK(project.outcome(Request::up()) == " +1 +2 +3");
    CHECK(children(project) == "10:1 11:1 ");  // version 3 deleted parent 2, and its child went along
  }
}

SQLITE_TEST("a rebuild that loses a parent is refused and rolled back whole") {
  Project project(sqlite_server(),
                  rebuild("INSERT INTO parents_new SELECT id, name FROM parents WHERE id = 1"));
  project.run(Request::up_to(1));
  const RunReport report = project.up();
  REQUIRE(report.failed);
  CHECK(
      text_thrown_by([&] { throw Error(*report.failed); }, project.folder.path().string(), "DIR") ==
      "DIR/0002_b.up.4.sql:1:1: the rebuild leaves 1 row(s) behind whose parent is gone, first: children row "
      "12 refers to a row of parents that is not there\n"
      "    ALTER TABLE parents_new RENAME TO parents\n"
      "  next: everything was rolled back; copy all rows of the parent, or delete the children first\n");
  CHECK(report.failed->version == 2);
  CHECK(report.untouched.size() == 1);
  CHECK(children(project) == "10:1 11:1 12:2 ");
  CHECK(project.database.value("SELECT count(*) FROM parents") == "2");
  CHECK_FALSE(project.has_table("parents_new"));
  CHECK(project.states() == "1 applied 4/4");
}

SQLITE_TEST("rows that were orphans before a rebuild are not its fault") {
  Project project(sqlite_server(), rebuild("INSERT INTO parents_new SELECT id, name FROM parents"));
  project.run(Request::up_to(1));
  project.database.run("PRAGMA foreign_keys = OFF; INSERT INTO children VALUES (99, 77)");
  CHECK(project.outcome(Request::up_to(2)) == " +2");
  CHECK(children(project) == "10:1 11:1 12:2 99:77 ");
}

SQLITE_TEST("a file that switches foreign keys off does so for itself only, and is told") {
  Project project(
      sqlite_server(),
      {{"0001_a.up.sql", "-- toolkit: no-transaction\nPRAGMA foreign_keys = OFF"},
       {"0001_a.down.sql", "-- toolkit: irreversible a test"},
       {"0002_b.up.sql", "CREATE TABLE b AS SELECT foreign_keys AS setting FROM pragma_foreign_keys"},
       {"0002_b.down.sql", "DROP TABLE b"}});
  CHECK(project.outcome(Request::up()) == " +1 +2");
  CHECK(project.database.value("SELECT setting FROM b") == "1");
  CHECK(
      project.listener.notes ==
      std::vector<std::string>{"1: the file leaves these settings of the session changed: foreign_keys; they "
                               "were set back"});
}

SQLITE_TEST("settings hold for all steps of a version: a rebuild that switches foreign keys off itself") {
  FileTree files = rebuild("INSERT INTO parents_new SELECT id, name FROM parents");
  files["0002_b.up.5.sql"] = "-- toolkit: no-transaction\nPRAGMA journal_mode = DELETE";
  Project project(sqlite_server(), files);
  CHECK(project.outcome(Request::up_to(2)) == " +1 +2");
  CHECK(children(project) == "10:1 11:1 12:2 ");
  files.erase("0002_b.up.5.sql");
  for (const char* step : {"4", "3", "2", "1"}) {
    const std::string next = std::to_string(std::stoi(step) + 1);
    files["0002_b.up." + next + ".sql"] = files["0002_b.up." + std::string(step) + ".sql"];
  }
  files["0002_b.up.1.sql"] = "-- toolkit: no-transaction\nPRAGMA foreign_keys = OFF";
  Project own(sqlite_server(), files);
  CHECK(own.outcome(Request::up()) == " +1 +2 +3");
  CHECK(children(own) == "10:1 11:1 ");
}

SQLITE_TEST("rows that lose their parent without a transaction are told one by one") {
  FileTree files = rebuild("INSERT INTO parents_new SELECT id, name FROM parents WHERE id = 1");
  files["0002_b.up.5.sql"] = "-- toolkit: no-transaction\nVACUUM";
  Project project(sqlite_server(), files);
  CHECK(project.outcome(Request::up_to(2)) == " +1 +2");
  CHECK(project.listener.notes ==
        std::vector<std::string>{
            "2: left behind without a transaction to roll back: children row 12 refers to a "
            "row of parents that is not there"});
}

SQLITE_TEST("no-transaction is for statements that refuse one") {
  Project project(sqlite_server(),
                  {{"0001_a.up.sql", "-- toolkit: no-transaction\nVACUUM"},
                   {"0001_a.down.sql", "-- toolkit: irreversible a test"},
                   {"0002_b.up.sql", "-- toolkit: no-transaction\nCREATE TABLE b (n INTEGER)"},
                   {"0002_b.down.sql", "DROP TABLE b"}});
  CHECK(project.refusal(Request::up()) ==
        "DIR/0002_b.up.sql:2:1: no-transaction is only for a statement that refuses a transaction, and this "
        "one "
        "does not\n"
        "    CREATE TABLE b (n INTEGER)\n"
        "    ^\n"
        "  next: remove the directive: without it the statement and its history row commit together\n");
  CHECK(project.outcome(Request::up_to(1)) == " +1");
}

SQLITE_TEST("a statement without a transaction that fails takes its claim back") {
  Project project(sqlite_server(), {{"0001_a.up.sql", "VACUUM INTO '/absent/folder/x.db'"},
                                    {"0001_a.down.sql", "-- toolkit: irreversible a test"}});
  CHECK(project.outcome(Request::up()) == " failed 1");
  CHECK(project.states() == "1 pending 0/1");
  project.write({{"0001_a.up.sql", "VACUUM"}});
  CHECK(project.outcome(Request::up()) == " +1");
  CHECK(project.states() == "1 applied 1/1");
}

SQLITE_TEST("text reaches the library byte for byte, and is stored as the file says") {
  const std::string body =
      "CREATE TRIGGER t AFTER INSERT ON a /* ? ?| $1 :x @y % */ BEGIN\r\n"
      "  -- note: keep, it's \"here\" `x:y` [1:2] a::jsonb :=\r\n"
      "  UPDATE a SET v = '12:30 :word ? $1 $$ :x $$ % @x' WHERE \"a:b\" = 1;\r\n"
      "  SELECT `a:b`, [a:b] FROM a;\r\n"
      "END";
  const std::string view =
      "CREATE VIEW w AS -- :why it's so\n SELECT '\xC3\xBC\xF0\x9F\x98\x80', ':a' AS \"c:d\"";
  Project project(sqlite_server(),
                  {{"0001_a.up.sql", "CREATE TABLE a (\"a:b\" INTEGER, v TEXT)"},
                   {"0001_a.down.sql", "DROP TABLE a"},
                   {"0002_b.up.sql", "\xEF\xBB\xBF-- leading :comment\r\n" + body + ";;\r\n-- after: it\r\n"},
                   {"0002_b.down.sql", "DROP TRIGGER t"},
                   {"0003_c.up.sql", view + "\n;\n"},
                   {"0003_c.down.sql", "DROP VIEW w"},
                   {"0004_d.up.sql", "INSERT INTO a VALUES (1, '::jsonb') -- note: keep"},
                   {"0004_d.down.sql", "-- keep: nothing :of this\nDELETE FROM a -- :x\n WHERE v = ':x'"}});
  CHECK(project.outcome(Request::up()) == " +1 +2 +3 +4");
  CHECK(project.database.value("SELECT sql FROM sqlite_master WHERE name = 't'") == body);
  CHECK(project.database.value("SELECT sql FROM sqlite_master WHERE name = 'w'") == view);
  CHECK(project.database.value("SELECT v FROM a") == "12:30 :word ? $1 $$ :x $$ % @x");
  CHECK(project.database.rows("SELECT * FROM w") == std::vector<TextRow>{{"\xC3\xBC\xF0\x9F\x98\x80", ":a"}});
  CHECK(project.outcome(down()) == " -4");
  CHECK(project.database.value("SELECT count(*) FROM a") == "1");  // its WHERE did not go
}

SQLITE_TEST("a parameter in a statement is refused: the library would take it as NULL") {
  for (const std::string parameter : {"?", "?1", ":name", "@name", "$name"}) {
    CAPTURE(parameter);
    Project project(sqlite_server(), {{"0001_a.up.sql", "CREATE TABLE a AS SELECT " + parameter + " AS v"},
                                      {"0001_a.down.sql", "DROP TABLE a"}});
    const RunReport report = project.up();
    REQUIRE(report.failed);
    CHECK(report.failed->message == "the statement holds a parameter (?, :name, @name or $name)");
    CHECK_FALSE(project.has_table("a"));
  }
}

SQLITE_TEST("a statement that ends the transaction is noticed, and nothing stays") {
  Project project(sqlite_server(), {{"0001_a.up.1.sql", "CREATE TABLE a (n INTEGER UNIQUE)"},
                                    {"0001_a.up.2.sql", "INSERT INTO a VALUES (1)"},
                                    {"0001_a.up.3.sql", "INSERT OR ROLLBACK INTO a VALUES (1)"},
                                    {"0001_a.up.4.sql", "CREATE TABLE b (n INTEGER)"},
                                    {"0001_a.down.sql", "DROP TABLE a"}});
  CHECK(project.outcome(Request::up()) == " failed 1");
  CHECK_FALSE(project.has_table("a"));
  CHECK_FALSE(project.has_table("b"));
  CHECK(project.states() == "");
}

SQLITE_TEST("a statement that runs too long is stopped") {
  Project project(
      sqlite_server(),
      {{"0001_a.up.sql",
        "-- toolkit: statement-timeout 50ms\nCREATE TABLE a AS WITH RECURSIVE c (n) AS (SELECT 1 UNION "
        "ALL SELECT n + 1 FROM c LIMIT 1000000000) SELECT count(*) FROM c"},
       {"0001_a.down.sql", "DROP TABLE a"}});
  const RunReport report = project.up();
  REQUIRE(report.failed);
  CHECK(report.failed->kind == ErrorKind::timeout);
  CHECK(report.failed->message == "the statement ran longer than its limit of 50 ms");
  CHECK(report.failed->advice == "give the file a longer statement-timeout");
  CHECK_FALSE(project.has_table("a"));
  CHECK(project.states() == "");
}

SQLITE_TEST("what a person reads of an error") {
  Project project(sqlite_server(), {{"0001_a.up.sql", "-- why\n\nCREATE TABLE a (n INTEGER,, m INTEGER);\n"},
                                    {"0001_a.down.sql", "DROP TABLE a"}});
  const RunReport report = project.up();
  REQUIRE(report.failed);
  CHECK(text_thrown_by([&] { throw Error(*report.failed); }, project.folder.path().string(), "DIR") ==
        "DIR/0001_a.up.sql:3:27: near \",\": syntax error\n"
        "    CREATE TABLE a (n INTEGER,, m INTEGER);\n"
        "                              ^\n"
        "  code SQLITE_ERROR\n");
}

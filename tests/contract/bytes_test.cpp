#include <doctest/doctest.h>

#include "project.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

/// Texts that a client in between could take for something of its own.
const std::vector<std::string> hostile = {
    "note: keep",  "it''s :word", "::jsonb",
    "[1:2]",       "a := 1",      "12:30",
    "\"a:b\"",     "`a:b`",       "? ?| ??",
    "$1 $$ :x $$", "100%s %d %%", "@x @@y",
    "{fn now()}",  "-- no",       "/* no */",
    "# no",        "a;b",         "\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80",
    "tab\there",   "line\nline"};

std::string unquoted(const std::string& text) { return text == "it''s :word" ? "it's :word" : text; }

}  // namespace

TEST_CASE("rows hold what the file says, whatever its texts and comments look like") {
  FOR_EACH_SERVER(server) {
    std::string insert =
        "-- note: keep, it's :here \"and\" `there` ? $1 %s @x [a:b] $$ :x $$\nINSERT INTO t VALUES";
    for (std::size_t i = 0; i < hostile.size(); ++i) {
      insert += std::string(i == 0 ? " " : ", /* :c ? $2 it's */\n  ") + "(" + std::to_string(i) + ", '" +
                hostile[i] + "')";
    }
    Project project(server,
                    {{"0001_a.up.sql", "CREATE TABLE t (n INTEGER NOT NULL, v VARCHAR(100) NOT NULL)"},
                     {"0001_a.down.sql", "DROP TABLE t"},
                     {"0002_b.up.sql", insert + "\n;;\n-- :after\n"},
                     {"0002_b.down.sql", "-- undo: all :of it\nDELETE FROM t -- :x it's\n WHERE n < 5"}});
    CHECK(project.outcome(Request::up()) == " +1 +2");
    std::vector<TextRow> expected;
    expected.reserve(hostile.size());
    for (const std::string& text : hostile) {
      expected.push_back({unquoted(text)});
    }
    CHECK(project.database.rows("SELECT v FROM t ORDER BY n") == expected);
    CHECK(project.outcome(down()) == " -2");
    CHECK(project.database.value("SELECT count(*) FROM t") == std::to_string(hostile.size() - 5));
  }
}

TEST_CASE("a body that the server stores is the file's") {
  FOR_EACH_SERVER(server) {
    const std::string view = "SELECT 'a:b :c ? $1 %s' AS v";
    const std::string routine = " -- note: keep, it's :here\n  SELECT ':x ? [1:2] := @y' /* :z */";
    Project project(
        server,
        {{"0001_a.up.sql", "-- :comment\r\nCREATE VIEW w AS " + view + " -- tail: gone\r\n"},
         {"0001_a.down.sql", "DROP VIEW w"},
         {"0002_b.postgresql.up.sql",
          "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $x$" + routine + "$x$;\n"},
         {"0002_b.postgresql.down.sql", "DROP FUNCTION f()"},
         {"0002_b.mysql.up.sql",
          "DELIMITER //\nCREATE PROCEDURE f() BEGIN" + routine + "; END //\nDELIMITER ;\n"},
         {"0002_b.mysql.down.sql", "DROP PROCEDURE f"},
         {"0002_b.sqlite.up.sql", "CREATE TRIGGER f INSTEAD OF INSERT ON w BEGIN" + routine + "; END;\n"},
         {"0002_b.sqlite.down.sql", "DROP TRIGGER f"}});
    CHECK(project.outcome(Request::up()) == " +1 +2");
    CHECK(project.database.value("SELECT v FROM w") == "a:b :c ? $1 %s");
    if (project.is("postgresql")) {
      CHECK(project.database.value("SELECT prosrc FROM pg_proc WHERE proname = 'f'") == routine);
    } else if (project.is_mysql()) {
      CHECK(project.database.value("SELECT routine_definition FROM information_schema.routines WHERE "
                                   "routine_schema = database() AND routine_name = 'f'") ==
            "BEGIN" + routine + "; END");
    } else {
      CHECK(project.database.value("SELECT sql FROM sqlite_master WHERE name = 'f'") ==
            "CREATE TRIGGER f INSTEAD OF INSERT ON w BEGIN" + routine + "; END");
      CHECK(project.database.value("SELECT sql FROM sqlite_master WHERE name = 'w'") ==
            "CREATE VIEW w AS " + view);
    }
    CHECK(project.outcome(Request::down_to(0)) == " -2 -1");
  }
}

TEST_CASE("two statements, transaction control and COPY FROM STDIN never reach a server") {
  FOR_EACH_SERVER(server) {
    for (const std::string text : {"CREATE TABLE x (n INTEGER); CREATE TABLE y (n INTEGER)", "COMMIT",
                                   "BEGIN", "ROLLBACK", "SAVEPOINT s"}) {
      CAPTURE(text);
      Project project(server, {{"0001_a.up.sql", "CREATE TABLE a (n INTEGER)"},
                               {"0001_a.down.sql", "DROP TABLE a"},
                               {"0002_b.up.sql", text},
                               {"0002_b.down.sql", "DROP TABLE x"}});
      const ErrorDetails details = thrown_by([&] { project.up(); });
      CHECK(details.kind == ErrorKind::files);
      CHECK(details.position.path == (project.folder / "0002_b.up.sql").string());
      // All files are read before the first statement runs.
      CHECK_FALSE(project.has_table("a"));
      CHECK_FALSE(project.has_table("toolkit_history"));
    }
  }
}

TEST_CASE("COPY FROM STDIN is refused" * doctest::skip(!is_server_expected("postgresql"))) {
  for (const TestServer& server : test_servers("postgresql")) {
    Project project(server, {{"0001_a.up.sql", "CREATE TABLE a (n INTEGER)"},
                             {"0001_a.down.sql", "DROP TABLE a"},
                             {"0002_b.up.sql", "COPY a FROM STDIN"},
                             {"0002_b.down.sql", "DELETE FROM a"}});
    CHECK(thrown_by([&] { project.up(); }).kind == ErrorKind::files);
    CHECK_FALSE(project.has_table("a"));
  }
}

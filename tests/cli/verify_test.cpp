#include <doctest/doctest.h>

#include <csignal>
#include <regex>
#include <thread>

#include "project.hpp"

using namespace toolkit::test;

// What `verify` finds, whole outputs, on SQLite; and that the reference set is proven on every engine.

namespace {

const TestServer& sqlite() { return test_servers("sqlite").front(); }

/// A set that holds: tables with rows to keep, an index, a rebuild.
FileTree good_set() {
  return {
      {"0001_create_apps.up.sql",
       "CREATE TABLE apps (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL UNIQUE);\n"},
      {"0001_create_apps.down.sql", "DROP TABLE apps;\n"},
      {"0002_create_calls.up.sql",
       "CREATE TABLE calls (id INTEGER NOT NULL PRIMARY KEY, app_id INTEGER NOT NULL REFERENCES apps (id) ON "
       "DELETE CASCADE, status VARCHAR(10) NOT NULL);\n"},
      {"0002_create_calls.down.sql", "DROP TABLE calls;\n"},
      {"0003_index_calls.up.sql", "CREATE INDEX calls_status ON calls (status);\n"},
      {"0003_index_calls.down.sql", "DROP INDEX calls_status;\n"},
  };
}

std::string verified(const FileTree& set, std::vector<std::string> more = {}) {
  Project project(sqlite(), set);
  std::vector<std::string> arguments = {"verify", "--on", "sqlite"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return project.shown(arguments);
}

/// JUnit's times differ from run to run.
std::string without_times(const std::string& text) {
  static const std::regex time("time=\"[0-9.]+\"");
  return std::regex_replace(text, time, "time=\"N\"");
}

std::string without_library(const std::string& text) {
  static const std::regex library("SQLite [0-9.]+");
  return std::regex_replace(text, library, "SQLite VERSION");
}

FileTree with(FileTree set, const FileTree& changes) {
  for (const auto& [name, text] : changes) {
    set[name] = text;
  }
  return set;
}

}  // namespace

TEST_CASE("cli: verify proves a set that holds") {
  CHECK(difference_from("verify.good", verified(good_set())) == "");
  CHECK(difference_from("verify.good.json", verified(good_set(), {"--format", "json"})) == "");
  CHECK(difference_from("verify.only", verified(good_set(), {"--only", "2", "--no-rows"})) == "");
}

TEST_CASE("cli: verify finds a down that forgets, restores something else, or fails") {
  CHECK(difference_from("verify.forgets", verified(with(good_set(), {{"0003_index_calls.down.sql",
                                                                      "-- toolkit: ignore x y\nDELETE FROM "
                                                                      "calls WHERE 1 = 0;\n"}}))) == "");
  CHECK(difference_from(
            "verify.restores_something_else",
            verified(with(good_set(), {{"0004_drop_index.up.sql", "DROP INDEX calls_status;\n"},
                                       {"0004_drop_index.down.sql",
                                        "CREATE INDEX calls_status ON calls (status DESC);\n"}}))) == "");
  CHECK(difference_from(
            "verify.down_fails",
            verified(with(good_set(), {{"0003_index_calls.down.sql", "DROP INDEX calls_state;\n"}}))) == "");
}

TEST_CASE("cli: verify finds rows that a rebuild loses or cuts, and an up that refuses rows") {
  const FileTree rebuild = {
      {"0004_rebuild_apps.up.1.sql",
       "CREATE TABLE apps_new (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40) NOT "
       "NULL UNIQUE, note TEXT);\n"},
      {"0004_rebuild_apps.up.2.sql",
       "INSERT INTO apps_new (id, name) SELECT id, name FROM apps WHERE id < 0;\n"},
      {"0004_rebuild_apps.up.3.sql", "DROP TABLE apps;\n"},
      {"0004_rebuild_apps.up.4.sql", "ALTER TABLE apps_new RENAME TO apps;\n"},
      {"0004_rebuild_apps.down.sql", "-- toolkit: irreversible the column note is new\n"},
  };
  CHECK(difference_from("verify.refuses_rows", verified(with(good_set(), rebuild))) == "");
  FileTree cuts = rebuild;
  cuts["0004_rebuild_apps.up.2.sql"] =
      "INSERT INTO apps_new (id, name) SELECT id, substr(name, 1, 5) || id FROM apps;\n";
  CHECK(difference_from("verify.cuts_values", verified(with(good_set(), cuts))) == "");
}

TEST_CASE("cli: verify holds the fresh schema against the migrated one") {
  FileTree set = good_set();
  set["schema.sql"] =
      "-- toolkit: schema-version 3\n"
      "CREATE TABLE apps (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL UNIQUE);\n"
      "CREATE TABLE calls (id INTEGER NOT NULL PRIMARY KEY, app_id INTEGER NOT NULL REFERENCES apps (id) ON "
      "DELETE "
      "CASCADE, status VARCHAR(10));\n";
  CHECK(difference_from("verify.fresh_lags", verified(set)) == "");
  set["schema.sql"] += "CREATE INDEX calls_status ON calls (state);\n";
  CHECK(difference_from("verify.fresh_fails", verified(set)) == "");
}

TEST_CASE("cli: verify fails when the fresh schema does not say that it holds the newest version") {
  FileTree set = good_set();
  set.erase("0002_create_calls.up.sql");
  set.erase("0002_create_calls.down.sql");
  set["0003_index_calls.up.sql"] = "CREATE INDEX apps_name ON apps (name);\n";
  set["0003_index_calls.down.sql"] = "DROP INDEX apps_name;\n";
  const std::string whole =
      "CREATE TABLE apps (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL UNIQUE);\n"
      "CREATE INDEX apps_name ON apps (name);\n";
  set["schema.sql"] = "-- toolkit: schema-version 1\n" + whole;
  CHECK(difference_from("verify.fresh_is_older", verified(set)) == "");
  set["schema.sql"] = whole;
  CHECK(difference_from("verify.fresh_without_version", verified(set)) == "");
}

TEST_CASE("cli: verify takes rows that people supply where none can be made") {
  FileTree set = {{"1_create_codes.up.sql",
                   "CREATE TABLE codes (code VARCHAR(9) NOT NULL PRIMARY KEY CHECK (code LIKE 'x_%z'));\n"},
                  {"1_create_codes.down.sql", "DROP TABLE codes;\n"},
                  {"2_create_uses.up.sql",
                   "CREATE TABLE uses (id INTEGER NOT NULL PRIMARY KEY, code VARCHAR(9) NOT NULL REFERENCES "
                   "codes (code));\n"},
                  {"2_create_uses.down.sql", "DROP TABLE uses;\n"},
                  {"3_empty_codes.up.1.sql", "DELETE FROM uses;\n"},
                  {"3_empty_codes.up.2.sql", "DELETE FROM codes;\n"},
                  {"3_empty_codes.down.sql", "-- toolkit: irreversible rows are gone\n"}};
  CHECK(difference_from("verify.not_covered", verified(set)) == "");
  Project project(sqlite(), set);
  write_file(project.folder() / "toolkit.toml", "[verify]\nrows = \"rows.sql\"\n");
  write_file(project.folder() / "rows.sql",
             "INSERT INTO codes VALUES ('x1z'), ('x2z');\nINSERT INTO \"codes\" (code, note) VALUES "
             "('x3z', 1);\n");
  CHECK(difference_from("verify.given_rows", project.shown({"verify", "--on", "sqlite"})) == "");
  write_file(project.folder() / "rows.sql", "DROP TABLE codes;\n");
  CHECK(difference_from("verify.given_rows_bad", project.shown({"verify", "--on", "sqlite"})) == "");
}

TEST_CASE("cli: verify prepares as the administrator, and the set runs as an ordinary role") {
  if (!has_local_server("postgresql")) {
    return;
  }
  Project project(sqlite(), {{"1_a.up.1.sql", "CREATE VIEW ids AS SELECT id FROM prepared;\n"},
                             {"1_a.up.2.sql", "GRANT SELECT ON ids TO reader;\n"},
                             {"1_a.down.sql", "DROP VIEW ids;\n"}});
  write_file(project.folder() / "toolkit.toml", "[verify]\nprepare = \"prepare.sql\"\n");
  CHECK(difference_from("verify.no_prepare", project.shown({"verify", "--on", "postgresql"})) == "");
  write_file(project.folder() / "prepare.mysql.sql", "SELECT 1;\n");
  write_file(project.folder() / "prepare.postgresql.sql",
             "CREATE ROLE reader;\nCREATE TABLE prepared (id int);\n"
             "GRANT SELECT ON prepared TO PUBLIC;\n");
  CHECK(difference_from("verify.prepared", project.shown({"verify", "--on", "postgresql"})) == "");
}

TEST_CASE("cli: verify changes a given server only where it may") {
  for (const std::string engine : {"postgresql", "mysql", "mariadb"}) {
    for (const TestServer& server : test_servers(engine)) {
      CAPTURE(server.label);
      const bool is_postgresql = engine == "postgresql";
      const std::string name = "toolkit_beyond_" + std::to_string(::getpid());
      Project project(server,
                      {{"1_a.up.sql", (is_postgresql ? "CREATE ROLE " : "CREATE USER ") + name + ";\n"},
                       {"1_a.down.sql", (is_postgresql ? "DROP ROLE " : "DROP USER ") + name + ";\n"}});
      const std::string refused = project.shown({"verify", "--on", server.url});
      CHECK(refused.find("beyond a database of verify's own") != std::string::npos);
      CHECK(refused.find("[exit 3]") != std::string::npos);
      const Outcome done = project.run({"verify", "--on", server.url, "--disposable"});
      CAPTURE(done.out);
      CHECK(done.exit_code == 0);
      project.database().run((is_postgresql ? "DROP ROLE " : "DROP USER ") + name);
    }
  }
}

TEST_CASE("cli: verify writes JUnit and TAP, and its usage errors") {
  Project project(sqlite(),
                  with(good_set(), {{"0003_index_calls.down.sql", "DROP INDEX \"calls_<&>_state\";\n"}}));
  CHECK(
      project
          .run({"verify", "--on", "sqlite", "--junit", "v.xml", "--tap", "v.tap", "--report", "v.html", "-q"})
          .exit_code == 3);
  CHECK(difference_from("verify.junit", without_times(read_file(project.folder() / "v.xml"))) == "");
  CHECK(difference_from("verify.tap", read_file(project.folder() / "v.tap")) == "");
  CHECK(difference_from("verify.html", without_library(read_file(project.folder() / "v.html"))) == "");
  CHECK(difference_from("verify.usage", project.shown_all({{"verify", "--on", "oracle"},
                                                           {"verify", "--on", "sqlite,sqlite"},
                                                           {"verify", "--on", "sqlite", "--only", "9"},
                                                           {"verify", "--on", "postgresql:/nowhere"}})) ==
        "");
}

TEST_CASE("cli: verify --keep leaves a server that works, and that ends with its holder") {
  for (const std::string engine : {"postgresql", "mariadb"}) {
    if (!has_local_server(engine)) {
      continue;
    }
    CAPTURE(engine);
    FileTree set = good_set();
    set.erase("0003_index_calls.up.sql");
    set.erase("0003_index_calls.down.sql");
    Project project(sqlite(), set);
    const Outcome outcome = project.run({"verify", "--on", engine, "--keep"});
    CAPTURE(outcome.out);
    CHECK(outcome.exit_code == 0);
    static const std::regex kept("kept  [a-z]+  ([^ ]+)  \\(kill ([0-9]+) ends it\\)");
    std::smatch found;
    REQUIRE(std::regex_search(outcome.out, found, kept));
    const std::string url = found[1];
    const int holder = std::stoi(found[2]);
    const std::vector<std::string> status = {"--database", url, "status", "--check"};
    CHECK(project.run(status).exit_code == 0);
    CHECK(::kill(holder, SIGTERM) == 0);
    int code = 0;
    for (int turn = 0; turn < 200 && code != 1; ++turn) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      code = project.run(status).exit_code;
    }
    CHECK(code == 1);
  }
}

TEST_CASE("cli: servers of several engines that are kept end with one holder") {
  if (!has_local_server("postgresql") || !has_local_server("mariadb")) {
    return;
  }
  FileTree set = good_set();
  set.erase("0003_index_calls.up.sql");
  set.erase("0003_index_calls.down.sql");
  Project project(sqlite(), set);
  const Outcome outcome = project.run({"verify", "--on", "postgresql,mariadb", "--keep", "--no-parity"});
  CAPTURE(outcome.out);
  REQUIRE(outcome.exit_code == 0);
  static const std::regex kept("kept  [a-z]+  ([^ ]+)  \\(kill ([0-9]+) ends it\\)");
  std::vector<std::string> urls;
  int holder = 0;
  for (std::sregex_iterator it(outcome.out.begin(), outcome.out.end(), kept), end; it != end; ++it) {
    urls.push_back((*it)[1]);
    CHECK((holder == 0 || holder == std::stoi((*it)[2])));
    holder = std::stoi((*it)[2]);
  }
  REQUIRE(urls.size() == 2);
  CHECK(::kill(holder, SIGTERM) == 0);
  for (const std::string& url : urls) {
    int code = 0;
    for (int turn = 0; turn < 200 && code != 1; ++turn) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      code = project.run({"--database", url, "status"}).exit_code;
    }
    CHECK(code == 1);
  }
}

TEST_CASE("cli: the reference set is proven on every engine") {
  for (const TestServer& server : test_servers()) {
    CAPTURE(server.label);
    Project project(server);
    const std::string on = server.engine == "mysql" ? server.url : server.engine;
    const Outcome outcome =
        project.run({"-m", std::string(TOOLKIT_SOURCE_DIR) + "/migrations", "verify", "--on", on});
    CAPTURE(outcome.out);
    CAPTURE(outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.out.find("proven: ") != std::string::npos);
  }
}

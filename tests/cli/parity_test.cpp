#include <doctest/doctest.h>

#include <filesystem>

#include "project.hpp"

using namespace toolkit::test;

// `parity`, whole outputs: PostgreSQL, MySQL and MariaDB held against SQLite, which every machine has.

namespace {

/// Everything that a parity of two dialects can hold, in the words of each of them.
FileTree agreeing_set() {
  return {
      {"0001_create_apps.up.sql",
       "CREATE TABLE apps (id VARCHAR(36) NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL DEFAULT 'it''s', "
       "enabled BOOLEAN NOT NULL DEFAULT TRUE, memory INTEGER NOT NULL DEFAULT 128, CONSTRAINT memory_ck "
       "CHECK (memory BETWEEN 1 AND 4096));\n"},
      {"0001_create_apps.down.sql", "DROP TABLE apps;\n"},
      {"0002_create_calls.up.sql",
       "CREATE TABLE calls (id BIGINT NOT NULL PRIMARY KEY, app_id VARCHAR(36) NOT NULL, state VARCHAR(9) "
       "NOT "
       "NULL CHECK (state IN ('new', 'done')), cost DECIMAL(9, 2) NOT NULL DEFAULT 0, CONSTRAINT app_fk "
       "FOREIGN KEY (app_id) REFERENCES apps (id) ON DELETE CASCADE);\n"},
      {"0002_create_calls.down.sql", "DROP TABLE calls;\n"},
      {"0003_index_calls.up.sql", "CREATE INDEX calls_state ON calls (state, cost);\n"},
      {"0003_index_calls.down.sql", "DROP INDEX calls_state;\n"},
      {"0003_index_calls.mysql.down.sql", "DROP INDEX calls_state ON calls;\n"},
      {"0004_name_apps.up.sql", "CREATE UNIQUE INDEX apps_name ON apps (name);\n"},
      {"0004_name_apps.down.sql", "DROP INDEX apps_name;\n"},
      {"0004_name_apps.mysql.down.sql", "DROP INDEX apps_name ON apps;\n"},
  };
}

FileTree with(FileTree set, const FileTree& changes) {
  for (const auto& [name, text] : changes) {
    set[name] = text;
  }
  return set;
}

/// SQLite's own words, each of them a defect.
FileTree drifted() {
  return {
      {"0001_create_apps.sqlite.up.sql",
       "CREATE TABLE apps (id VARCHAR(36) NOT NULL PRIMARY KEY, name VARCHAR(50) DEFAULT 'its', "
       "enabled TEXT NOT NULL DEFAULT TRUE, memory INTEGER NOT NULL DEFAULT 128, CONSTRAINT memory_ck "
       "CHECK (memory BETWEEN 0 AND 4096));\n"},
      {"0002_create_calls.sqlite.up.sql",
       "CREATE TABLE calls (id BIGINT NOT NULL PRIMARY KEY, app_id VARCHAR(36) NOT NULL, state VARCHAR(9) "
       "NOT "
       "NULL, cost DECIMAL(9, 4) NOT NULL DEFAULT 0, note TEXT, CONSTRAINT app_fk FOREIGN KEY (app_id) "
       "REFERENCES apps (id) ON DELETE SET NULL);\n"},
      {"0003_index_calls.sqlite.up.sql", "CREATE INDEX calls_state ON calls (state, cost DESC);\n"},
      {"0004_name_apps.sqlite.up.sql", "CREATE INDEX apps_name ON apps (name);\n"},
  };
}

/// The project's database, and an SQLite file beside it, both with the set applied.
class Pair {
 public:
  Pair(const TestServer& server, const FileTree& set) : project_(server, set) {
    REQUIRE(project_.run({"up", "-q"}).exit_code == 0);
    REQUIRE(project_.run({"-q", "-d", "sqlite:lite.db", "up"}).exit_code == 0);
    project_.hide(project_.database().url(), "URL");
  }

  Project& project() { return project_; }
  std::string shown(std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"-q", "parity", project_.database().url(), "sqlite:lite.db"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return project_.shown(arguments);
  }

 private:
  Project project_;
};

void write_config(const Project& project, const std::string& text) {
  write_file(project.folder() / "toolkit.toml", text);
}

}  // namespace

TEST_CASE("cli: parity of a set that agrees, on every engine") {
  FOR_EACH_SERVER(server) {
    Pair pair(server, agreeing_set());
    CHECK(difference_from("parity.agrees." + server.engine, pair.shown()) == "");
  }
}

TEST_CASE("cli: parity names what drifted, on every engine, as text and as JSON") {
  FOR_EACH_SERVER(server) {
    if (server.engine == "sqlite") {
      continue;
    }
    Pair pair(server, with(agreeing_set(), drifted()));
    CHECK(difference_from("parity.drifted." + server.engine, pair.shown()) == "");
    if (server.engine == "postgresql") {
      const std::string json = pair.project().shown(
          {"--format", "json", "parity", pair.project().database().url(), "sqlite:lite.db"});
      CHECK(json.find("\"rule\": \"foreign-key-action\"") != std::string::npos);
    }
  }
}

TEST_CASE("cli: parity takes snapshots, and compares names and numbers of applied versions") {
  Project project(test_servers("sqlite").front(), agreeing_set());
  write_file(project.folder() / "a.catalog",
             "catalog 1 postgresql\n\ntable t\n  column id\n    type: bigint\n    logical: integer 64\n    "
             "nullable: no\n");
  write_file(
      project.folder() / "b.catalog",
      "catalog 1 sqlite\n\ntable t\n  column id\n    type: INTEGER\n    logical: integer\n    nullable: "
      "yes\n");
  CHECK(difference_from("parity.snapshots",
                        project.shown_all({{"parity", "a.catalog", "b.catalog"},
                                           {"--format", "json", "parity", "a.catalog", "b.catalog"},
                                           {"parity", "a.catalog", "a.catalog"}})) == "");
  REQUIRE(project.run({"-q", "-d", "sqlite:one.db", "up", "3"}).exit_code == 0);
  project.remove("0001_create_apps.up.sql");
  project.remove("0001_create_apps.down.sql");
  FileTree renamed = agreeing_set();
  project.write({{"0001_begin.up.sql", renamed["0001_create_apps.up.sql"]},
                 {"0001_begin.down.sql", renamed["0001_create_apps.down.sql"]}});
  REQUIRE(project.run({"-q", "-d", "sqlite:two.db", "up", "2"}).exit_code == 0);
  CHECK(difference_from("parity.versions", project.shown({"parity", "sqlite:one.db", "sqlite:two.db"})) ==
        "");
}

TEST_CASE("cli: parity allows what toolkit.toml allows, and finds a stale allowance") {
  Project project(test_servers("sqlite").front(), agreeing_set());
  write_file(project.folder() / "a.catalog",
             "catalog 1 postgresql\n\ntable t\n  column id\n    type: bigint\n    logical: integer 64\n    "
             "nullable: no\n");
  write_file(project.folder() / "b.catalog",
             "catalog 1 mysql\n\ntable t\n  column id\n    type: int\n    logical: integer 32\n    nullable: "
             "no\n");
  const auto with_config = [&](const std::string& text) {
    write_config(project, text);
    return project.shown({"parity", "a.catalog", "b.catalog"});
  };
  const std::string allow = "[[parity.allow]]\n";
  CHECK(difference_from(
            "parity.allowed",
            with_config(allow + "item = \"table t, column id: type\"\nreason = \"ids are small there\"\n") +
                with_config(allow +
                            "item = \"*: type\"\ndialects = [\"pg\", \"mysql\"]\nreason = \"meant\"\n\n" +
                            allow + "item = \"table u*\"\nreason = \"gone\"\n\n" + allow +
                            "item = \"index\"\ndialects = [\"sqlite\"]\nreason = \"not of this pair\"\n") +
                with_config(allow + "item = \"type\"\n") +
                with_config(allow + "item = \"type\"\nreason = \" \"\n") +
                with_config(allow + "reason = \"x\"\n") +
                with_config(allow + "item = \"table t: tpye\"\nreason = \"x\"\n") +
                with_config(allow + "item = \"type\"\nreason = \"x\"\nreasons = \"y\"\n") +
                with_config(allow + "item = \"type\"\nreason = \"x\"\ndialects = [\"oracle\"]\n") +
                with_config("[parity]\nallow = \"type\"\n") + with_config("[parity]\nalow = []\n")) == "");
}

TEST_CASE("cli: parity only reads, and says what it cannot read") {
  Project project(test_servers("sqlite").front(), agreeing_set());
  REQUIRE(project.run({"-q", "-d", "sqlite:one.db", "up"}).exit_code == 0);
  const std::string before = read_file(project.folder() / "one.db");
  write_file(project.folder() / "no.catalog", "catalog 1 sqlite\n\ntable\n");
  CHECK(difference_from("parity.refused",
                        project.shown_all({{"parity", "sqlite:one.db"},
                                           {"parity", "sqlite:one.db", "sqlite:absent.db"},
                                           {"parity", "sqlite:one.db", "absent.catalog"},
                                           {"parity", "sqlite:one.db", "no.catalog"},
                                           {"parity", "sqlite:one.db", "oracle://host/db"}})) == "");
  CHECK(project.run({"parity", "sqlite:one.db", "sqlite:one.db"}).exit_code == 0);
  CHECK(read_file(project.folder() / "one.db") == before);
  CHECK_FALSE(std::filesystem::exists(project.folder() / "absent.db"));
}

TEST_CASE("cli: what is meant of a set travels in its folder, and a nearer toolkit.toml wins") {
  Project project(test_servers("sqlite").front(), agreeing_set());
  write_file(project.folder() / "migrations/toolkit.toml", "[verify]\nengines = [\"none\"]\n");
  CHECK(project.run({"verify"}).err.find("'none' is no engine") != std::string::npos);
  write_file(project.folder() / "toolkit.toml", "[verify]\nengines = [\"sqlite\"]\n");
  CHECK(project.run({"verify"}).exit_code == 0);
  write_files(project.folder() / "elsewhere", {{"1_a.up.sql", "SELECT 1;\n"},
                                               {"1_a.down.sql", "SELECT 1;\n"},
                                               {"toolkit.toml", "[verify]\nengines = [\"other\"]\n"}});
  std::filesystem::remove(project.folder() / "toolkit.toml");
  CHECK(project.run({"-m", "elsewhere", "verify"}).err.find("'other' is no engine") != std::string::npos);
}

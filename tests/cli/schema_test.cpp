#include <doctest/doctest.h>

#include <filesystem>

#include "project.hpp"

using namespace toolkit::test;

// `schema dump`, `schema load`, `schema diff` and `drift` as a person sees them.

namespace {

namespace fs = std::filesystem;

const TestServer& sqlite() { return test_servers("sqlite").front(); }

FileTree small_set() {
  return {
      {"0001_create_apps.up.sql",
       "CREATE TABLE apps (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL);\n"},
      {"0001_create_apps.down.sql", "DROP TABLE apps;\n"},
      {"0002_create_lookup.up.1.sql",
       "CREATE TABLE lookup (id INTEGER NOT NULL PRIMARY KEY, label VARCHAR(40));\n"},
      {"0002_create_lookup.up.2.sql", "INSERT INTO lookup (id, label) VALUES (10, 'it''s'), (9, NULL);\n"},
      {"0002_create_lookup.down.sql", "DROP TABLE lookup;\n"},
      {"0003_index_apps.up.sql", "CREATE INDEX apps_name ON apps (name);\n"},
      {"0003_index_apps.down.sql", "DROP INDEX apps_name;\n"},
      {"0003_index_apps.mysql.down.sql", "DROP INDEX apps_name ON apps;\n"},
  };
}

void change(const Project& project, const std::string& sql) { project.database().run(sql); }

}  // namespace

TEST_CASE("cli: a fresh schema is written, loaded into an empty database, and up runs the rest") {
  FOR_EACH_SERVER(server) {
    Project first(server, small_set());
    const std::string before = first.state();
    std::string text = first.shown({"schema", "dump"});
    CHECK(first.state() == before);
    REQUIRE(first.run({"up"}).exit_code == 0);
    const std::string migrated = first.state();
    text += first.shown({"schema", "dump"});
    CHECK(first.state() == migrated);
    text += first.shown_all({{"schema", "dump", "--rows", "lookup", "-o", "migrations/schema.sql"},
                             {"schema", "dump", "--snapshot", "-o", "catalog.txt"},
                             {"schema", "dump", "--schema-version", "2"},
                             {"schema", "load"},
                             {"drift", "--against", "catalog.txt"}});

    Project second(server, small_set());
    second.write({{"schema.sql", read_file(first.folder() / "migrations/schema.sql")},
                  {"0004_more.up.sql", "CREATE TABLE more (id INTEGER NOT NULL PRIMARY KEY);\n"},
                  {"0004_more.down.sql", "DROP TABLE more;\n"}});
    const std::string empty = second.state();
    text += second.shown({"schema", "load", "--dry-run"});
    CHECK(second.state() == empty);
    text += second.shown_all({{"schema", "load"},
                              {"up"},
                              {"schema", "load"},
                              {"schema", "dump", "-q", "--rows", "lookup", "-o", "again.sql"}});
    CHECK(second.database().value("SELECT count(*) FROM lookup") == "2");
    fs::copy_file(first.folder() / "catalog.txt", second.folder() / "catalog.txt");
    text += second.shown({"drift", "--against", "catalog.txt"});
    text += second.shown({"drift", "--against", "catalog.txt", "--format", "json"});
    CHECK(difference_from("schema." + server.engine, text) == "");
  }
}

TEST_CASE("cli: schema load as JSON, and a statement that fails") {
  FOR_EACH_SERVER(server) {
    Project project(server, small_set());
    project.write(
        {{"schema.sql",
          "-- toolkit: schema-version 3\nCREATE TABLE apps (id INTEGER);\nCREATE TABLE nonsense;\n"}});
    std::string text = project.shown({"schema", "load"});
    text += project.shown({"up", "-q", "1"});
    text += project.shown({"status", "-q"});
    Project good(server, small_set());
    good.write({{"schema.sql", "-- toolkit: schema-version 3\nCREATE TABLE apps (id INTEGER);\n"}});
    text += good.shown({"schema", "load", "--format", "json"});
    const std::string family = server.engine;
    CHECK(difference_from("schema_load." + family, text) == "");
  }
}

TEST_CASE("cli: drift and schema diff run the migrations in a sandbox and write nothing") {
  for (const std::string engine : {"postgresql", "mariadb", "sqlite"}) {
    if (test_servers(engine).empty() || !has_local_server(engine)) {
      continue;
    }
    CAPTURE(engine);
    Project project(test_servers(engine).front(), small_set());
    REQUIRE(project.run({"up"}).exit_code == 0);
    std::string text = project.shown({"drift"});
    change(project, "ALTER TABLE lookup ADD COLUMN sneaked INTEGER");
    const std::string before = project.state();
    text += project.shown_all({{"drift"},
                               {"schema", "dump", "-q", "-o", "now.sql"},
                               {"schema", "diff", "migrations", "now.sql", "--on", engine},
                               {"schema", "dump", "migrations", "--on", engine, "-o", "then.sql"},
                               {"schema", "diff", "migrations", "then.sql", "--on", engine}});
    fs::remove(project.folder() / "now.sql");
    fs::remove(project.folder() / "then.sql");
    CHECK(project.state() == before);
    CHECK(difference_from("drift." + engine, text) == "");
  }
}

TEST_CASE("cli: the rows that toolkit.toml names are written") {
  Project project(sqlite(), small_set());
  REQUIRE(project.run({"up"}).exit_code == 0);
  write_file(project.folder() / "toolkit.toml", "[schema]\nrows = [\"lookup\"]\n");
  CHECK(project.run({"schema", "dump"}).out == project.run({"schema", "dump", "--rows", "lookup"}).out);
  CHECK(project.run({"schema", "dump"}).out.find("INSERT INTO \"lookup\"") != std::string::npos);
}

TEST_CASE("cli: what schema and drift refuse, and that nothing is touched") {
  Project project(sqlite(), small_set());
  write_file(project.folder() / "empty.db", "");
  const auto schema = [](const std::string& rest) { return "-- toolkit: schema-version " + rest; };
  write_files(project.folder(), {{"no_version.sql", "CREATE TABLE a (i INTEGER);\n"},
                                 {"beyond.sql", schema("9\nCREATE TABLE a (i INTEGER);\n")},
                                 {"gap.sql", schema("3\nCREATE TABLE a (i INTEGER);\n")},
                                 {"schema.mysql.sql", schema("3\nCREATE TABLE a (i INTEGER);\n")},
                                 {"garbage.sql", std::string("\x7f"
                                                             "ELF\0\1\2",
                                                             7)},
                                 {"garbage.txt", "catalog 1 sqlite\n\nnonsense: x\n"},
                                 {"newer.txt", "catalog 99 sqlite\n"},
                                 {"pg.txt", "catalog 1 postgresql\n"},
                                 {"lite.txt", "catalog 1 sqlite\n"}});
  project.remove("0003_index_apps.up.sql");
  project.remove("0003_index_apps.down.sql");
  project.remove("0003_index_apps.mysql.down.sql");
  project.write({{"0004_later.up.sql", "CREATE TABLE later (id INTEGER);\n"},
                 {"0004_later.down.sql", "DROP TABLE later;\n"}});
  const std::string before = project.state();
  const std::string text =
      project.shown_all({{"schema"},
                         {"schema", "load"},
                         {"schema", "load", "absent.sql"},
                         {"schema", "load", "migrations"},
                         {"schema", "load", "no_version.sql"},
                         {"schema", "load", "beyond.sql"},
                         {"schema", "load", "gap.sql"},
                         {"schema", "load", "schema.mysql.sql"},
                         {"schema", "load", "garbage.sql"},
                         {"schema", "dump", "absent"},
                         {"schema", "dump", "migrations"},
                         {"schema", "dump", "gap.sql"},
                         {"schema", "dump", "--snapshot", "--rows", "a"},
                         {"schema", "dump", "--on", "sqlite"},
                         {"schema", "dump", "--schema-version", "x"},
                         {"schema", "dump", "--snapshot", "-o", "absent/x.sql"},
                         {"-d", "sqlite:empty.db", "schema", "dump", "--snapshot", "-o", "absent/x.sql"},
                         {"-d", "sqlite:absent.db", "drift"},
                         {"schema", "diff", "lite.txt"},
                         {"schema", "diff", "lite.txt", "garbage.txt"},
                         {"schema", "diff", "lite.txt", "newer.txt"},
                         {"schema", "diff", "lite.txt", "pg.txt"},
                         {"schema", "diff", "gap.sql", "migrations"},
                         {"schema", "diff", "oracle://u:p@h/d", "lite.txt"},
                         {"schema", "diff", "lite.txt", "oracle:/u:p@h/d"},
                         {"drift", "--against", "gap.sql"},
                         {"drift", "--against", "lite.txt", "--on", "sqlite"}});
  CHECK(project.state() == before);
  CHECK(difference_from("schema.refused", text) == "");
}

TEST_CASE("cli: a database between two versions has no fresh schema") {
  FOR_EACH_SERVER(server) {
    Project project(server, small_set());
    REQUIRE(project.run({"up"}).exit_code == 0);
    change(project, "UPDATE toolkit_history SET state = 'reverted' WHERE version = 2");
    std::string text = project.shown({"schema", "dump"});
    change(project, "UPDATE toolkit_history SET state = 'applying' WHERE version = 3");
    text += project.shown({"schema", "dump"});
    text += project.shown({"drift"});
    CHECK(difference_from("schema.between", text) == "");
  }
}

TEST_CASE("cli: a server that does not answer, and no password in what is said of it") {
  for (const std::string& server : {std::string("postgresql"), std::string("mysql")}) {
    if (!is_server_expected(server)) {
      continue;
    }
    Project project(sqlite(), small_set());
    const std::string url = server + "://somebody:hidden-word@127.0.0.1:1/db";
    write_files(project.folder(), {{"catalog.txt", "catalog 1 " + server + "\n"}});
    for (const std::vector<std::string>& arguments :
         std::vector<std::vector<std::string>>{{"schema", "dump", url},
                                               {"schema", "diff", url, "catalog.txt"},
                                               {"-d", url, "schema", "load", "catalog.txt"},
                                               {"-d", url, "drift", "--against", "catalog.txt"}}) {
      const Outcome outcome = project.run(arguments);
      CHECK(outcome.exit_code == 1);
      CHECK((outcome.out + outcome.err).find("hidden-word") == std::string::npos);
    }
  }
}

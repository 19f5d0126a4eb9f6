#include "toolkit/schema.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <map>

#include "../support/golden.hpp"
#include "project.hpp"

// The fresh schema on every engine: dump -> load -> dump gives the same bytes, and what load leaves when it
// fails is never taken for a loaded database.

using namespace toolkit;
using namespace toolkit::test;

namespace {

namespace fs = std::filesystem;

const fs::path source_folder = TOOLKIT_SOURCE_DIR;

SchemaSource database_of(const Project& project) { return schema_source(project.database.url(), 1U << 20U); }

DumpOptions dump_options(const Project& project) {
  DumpOptions options;
  options.schema.migrator = project.options;
  return options;
}

SchemaDump dump(const Project& project, const DumpOptions& options) {
  return dump_schema(Project::dialects(), database_of(project), options);
}

SchemaDump dump_with_rows(const Project& project, const std::vector<std::string>& rows) {
  DumpOptions options = dump_options(project);
  options.rows = rows;
  return dump(project, options);
}

SchemaLoad load(Project& project, const std::string& text) {
  const TempFolder folder;
  write_files(folder.path(), {{"schema.sql", text}});
  return load_schema(Project::dialects(), parse_url(project.database.url()), project.options,
                     (folder / "schema.sql").string(), false, project.listener);
}

std::string load_refusal(Project& project, const std::string& text) {
  return text_thrown_by([&] { load(project, text); }, project.folder.path().string(), "DIR");
}

FileTree reference_set() {
  FileTree files;
  for (const auto& entry : fs::directory_iterator(source_folder / "migrations")) {
    if (entry.path().extension() == ".sql") {
      files[entry.path().filename().string()] = read_file(entry.path());
    }
  }
  return files;
}

FileTree one_version() {
  return {{"0001_all.up.sql", "CREATE TABLE never (id INTEGER NOT NULL)\n"},
          {"0001_all.down.sql", "DROP TABLE never\n"}};
}

std::string fixture_family(const Project& project) {
  return project.is_mysql() ? "mysql" : project.database.server().engine;
}

std::vector<fs::path> fixtures_of(const Project& project) {
  std::vector<fs::path> paths;
  for (const auto& entry :
       fs::directory_iterator(source_folder / "tests/fixtures/schemas" / fixture_family(project))) {
    if (entry.path().extension() == ".sql") {
      paths.push_back(entry.path());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

/// False when this server does not know a statement of the file: fixtures are for some versions, some for
/// one flavour.
bool make(const Project& project, const fs::path& path) {
  const Dialect& dialect = Project::dialects().for_url(parse_url(project.database.url()));
  const auto connection = dialect.open(parse_url(project.database.url()), {});
  const std::string text = read_file(path);
  const ScriptSyntax syntax = dialect.script_syntax(connection->server().flavour, "");
  try {
    for (const StatementRange& range : scan_script(text, syntax, path.string()).statements) {
      connection->execute(std::string_view(text).substr(range.begin, range.end - range.begin));
    }
  } catch (const Error&) {
    return false;
  }
  return true;
}

/// A table with a column of every kind of type, and rows at the edges of them.
std::vector<std::string> typed_rows(const Project& project) {
  if (project.is("postgresql")) {
    return {
        "CREATE TYPE mood AS ENUM ('glad', 'it''s \\ so')",
        "CREATE TABLE kinds (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, b boolean, n numeric, r "
        "real, d double precision, t text, y bytea, j json, jb jsonb, u uuid, da date, ti time, ts "
        "timestamp, "
        "tz timestamptz, iv interval, m mood, a text[], c char(4), g bigint GENERATED ALWAYS AS (7) STORED, "
        "\"Odd \"\"name\" integer)",
        "INSERT INTO kinds (b, n, r, d, t, y, j, jb, u, da, ti, ts, tz, iv, m, a, c, \"Odd \"\"name\") "
        "VALUES "
        "(true, 123456789012345678901234567890.000100, 0.1, 0.1, E'it''s \\\\ a\\nb; -- no /* é', "
        "'\\x00ff275c', '{\"a\":  1}', '{\"b\": [1, 2]}', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', "
        "'0044-03-15 BC', '23:59:59.999999', '2024-02-29 12:00:00.000001', '2024-07-01 00:00:00.5+05:30', "
        "'1 year -2 mons 3 days 04:05:06.7', 'it''s \\ so', ARRAY['x,y', NULL, '\"q\"'], 'ab', -5)",
        "INSERT INTO kinds (b, n, r, d, t) VALUES (false, 'NaN', '-Infinity', 1e-300, '')",
        "INSERT INTO kinds DEFAULT VALUES",
        "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END'",
        "CREATE TRIGGER guard BEFORE INSERT ON kinds FOR EACH ROW EXECUTE FUNCTION no()",
    };
  }
  if (project.is("sqlite")) {
    return {
        "CREATE TABLE kinds (id INTEGER PRIMARY KEY, r REAL, t TEXT, y BLOB, v, g INTEGER GENERATED ALWAYS "
        "AS "
        "(id + 1) STORED, \"Odd name\" TEXT)",
        "INSERT INTO kinds (id, r, t, y, v) VALUES (10, 0.1, 'it''s' || char(10) || 'a; -- b', x'00ff27', "
        "'text')",
        "INSERT INTO kinds (id, r, t, y, v) VALUES (9, 1e308, 'a' || char(0) || 'b', zeroblob(3), 5)",
        "INSERT INTO kinds (id, r, t, v) VALUES (-1, 3.141592653589793, '', 9223372036854775807)",
        "INSERT INTO kinds (id, \"Odd name\") VALUES (100, 'é')",
        "CREATE TRIGGER guard BEFORE INSERT ON kinds BEGIN SELECT RAISE(ABORT, 'no'); END",
    };
  }
  return {
      "CREATE TABLE kinds (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, b BOOLEAN, u BIGINT UNSIGNED, n "
      "DECIMAL(30,10), r FLOAT, d DOUBLE, t TEXT, y VARBINARY(20), bl BLOB, j JSON, da DATE, ti TIME(3), dt "
      "DATETIME(6), ts TIMESTAMP(6) NULL, yr YEAR, e ENUM('a', 'it''s'), s SET('x', 'y'), bi BIT(10), p "
      "POINT, g BIGINT GENERATED ALWAYS AS (u + 1) STORED)",
      "SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO', time_zone = '+02:00'",
      "INSERT INTO kinds (id, b, u, n, r, d, t, y, bl, j, da, ti, dt, ts, yr, e, s, bi, p) VALUES (0, TRUE, "
      "18446744073709551614, 12345678901234567890.0123456789, 0.1, 0.1, 'it''s \\\\ a\\nb; -- no é', "
      "x'00ff275c', x'1a00', '{\"a\": [1, \"x\\\\\\\\y\"]}', '2024-02-29', '-838:59:59', '2024-01-01 "
      "00:00:00.000001', '2024-07-01 12:00:00.5', 2024, 'it''s', 'x,y', b'1010101010', "
      "ST_GeomFromText('POINT(1 "
      "2)'))",
      "INSERT INTO kinds (id, r, d, t, da) VALUES (7, 3.4e38, 1e-300, '', '0000-00-00')",
      "INSERT INTO kinds (id) VALUES (10)",
      "SET SESSION sql_mode = DEFAULT, time_zone = DEFAULT",
      "CREATE TRIGGER guard BEFORE INSERT ON kinds FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = "
      "'no'",
  };
}

void execute(const Project& project, const std::vector<std::string>& statements) {
  const auto session = Project::dialects()
                           .for_url(parse_url(project.database.url()))
                           .open(parse_url(project.database.url()), {});
  for (const std::string& statement : statements) {
    INFO(statement);
    CHECK_NOTHROW(session->execute(statement));
  }
}

/// All rows with all columns, as the server shows them.
std::string rows_of(const Project& project, const std::string& table) {
  std::string text;
  for (const TextRow& row : project.database.rows("SELECT * FROM " + table + " ORDER BY 1")) {
    for (const std::string& value : row) {
      text += value + "|";
    }
    text += "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("schema: the reference set is dumped, loaded, and dumped again the same") {
  FOR_EACH_SERVER(server) {
    Project first(server, reference_set());
    REQUIRE_FALSE(first.up().failed);
    const SchemaDump dumped = dump_with_rows(first, {"settings"});
    CHECK(dumped.version == 29);
    CHECK(dumped.text.starts_with("-- toolkit: schema-version 29\n"));

    Project second(server, reference_set());
    const SchemaLoad loaded = load(second, dumped.text);
    CHECK(loaded.report.done.size() == 29);
    CHECK(text_difference(dumped.text, dump_with_rows(second, {"settings"}).text) == "");
    CHECK(rows_of(second, "settings") == rows_of(first, "settings"));
    CHECK(second.database.value("SELECT count(*) FROM toolkit_history WHERE origin = 'loaded' AND state = "
                                "'applied' AND step = steps AND mark IS NULL") == "29");
    CHECK(second.log() == (second.is_mysql() ? "load-begun 0, load 29" : "load 29"));
    CHECK(second.up().done.empty());
    CHECK(diff_schemas(Project::dialects(), database_of(first), database_of(second), {}, true)
              .differences.empty());
  }
}

TEST_CASE("schema: a load records versions up to the file's, and up runs the rest") {
  FOR_EACH_SERVER(server) {
    Project whole(server, reference_set());
    REQUIRE_FALSE(whole.run(Request::up_to(20)).failed);
    const std::string at_20 = dump_with_rows(whole, {"settings"}).text;
    REQUIRE_FALSE(whole.up().failed);

    Project loaded(server, reference_set());
    CHECK(load(loaded, at_20).report.to == 20);
    CHECK(loaded.up().done.size() == 9);
    CHECK(text_difference(dump_with_rows(whole, {"settings"}).text,
                          dump_with_rows(loaded, {"settings"}).text) == "");
  }
}

TEST_CASE("schema: every fixture is dumped, loaded, and dumped again the same") {
  FOR_EACH_SERVER(server) {
    int proven = 0;
    Project names(server, one_version());
    for (const fs::path& path : fixtures_of(names)) {
      CAPTURE(path.filename().string());
      Project first(server, one_version());
      DumpOptions options = dump_options(first);
      options.version = 1;
      if (!make(first, path)) {
        continue;
      }
      const auto connection = Project::dialects()
                                  .for_url(parse_url(first.database.url()))
                                  .open(parse_url(first.database.url()), {});
      if (!connection->catalog_reader({})->read().unsupported.empty()) {
        CHECK_THROWS_AS(dump(first, options), Error);
        continue;
      }
      const std::string text = dump(first, options).text;
      Project second(server, one_version());
      CAPTURE(text);
      CHECK_NOTHROW(load(second, text));
      options.version.reset();
      CHECK(text_difference(text, dump(second, options).text) == "");
      ++proven;
    }
    CHECK(proven >= 20);
  }
}

TEST_CASE("schema: rows of every type come back as they were, past triggers and generated columns") {
  FOR_EACH_SERVER(server) {
    Project first(server, one_version());
    execute(first, typed_rows(first));
    DumpOptions options = dump_options(first);
    options.version = 1;
    options.rows = {"kinds"};
    const std::string text = dump(first, options).text;
    CAPTURE(text);
    Project second(server, one_version());
    CHECK_NOTHROW(load(second, text));
    CHECK(rows_of(second, "kinds") == rows_of(first, "kinds"));
    options.version.reset();
    CHECK(text_difference(text, dump(second, options).text) == "");
    if (first.is("postgresql")) {  // the identity goes on behind the rows
      execute(second, {"DROP TRIGGER guard ON kinds", "INSERT INTO kinds (b) VALUES (true)"});
      CHECK(second.database.value("SELECT max(id) FROM kinds") == "4");
    }
  }
}

TEST_CASE("schema: rows stand with their parents first, in tables and in one that refers to itself") {
  FOR_EACH_SERVER(server) {
    Project first(server, one_version());
    execute(first,
            {"CREATE TABLE b_parents (id INTEGER NOT NULL PRIMARY KEY, up INTEGER REFERENCES b_parents "
             "(id), CONSTRAINT up_fk FOREIGN KEY (up) REFERENCES b_parents (id))",
             "CREATE TABLE a_children (id INTEGER NOT NULL PRIMARY KEY, parent INTEGER, CONSTRAINT "
             "parent_fk FOREIGN KEY (parent) REFERENCES b_parents (id))",
             "INSERT INTO b_parents VALUES (9, NULL)", "INSERT INTO b_parents VALUES (2, 9)",
             "INSERT INTO b_parents VALUES (1, 2)", "INSERT INTO b_parents VALUES (10, 10)",
             "INSERT INTO a_children VALUES (1, 1)"});
    DumpOptions options = dump_options(first);
    options.version = 1;
    options.rows = {"a_children", "b_parents"};
    Project second(server, one_version());
    load(second, dump(first, options).text);
    CHECK(rows_of(second, "b_parents") == rows_of(first, "b_parents"));
    CHECK(rows_of(second, "a_children") == rows_of(first, "a_children"));
    options.rows = {"a_children"};
    CHECK(text_thrown_by([&] { dump(first, options); }) ==
          "error: the rows of a_children refer to rows of b_parents, which are not written\n"
          "  next: add --rows b_parents, or leave a_children out\n");
    options.rows = {"nothing"};
    CHECK(text_thrown_by([&] { dump(first, options); }) ==
          "error: there is no table 'nothing' whose rows could be written\n"
          "  next: --rows and [schema] rows name tables as the catalog does: lookup, or app.lookup\n");
    execute(first, {"UPDATE b_parents SET up = 1 WHERE id = 9"});
    options.rows = {"b_parents"};
    CHECK(text_thrown_by([&] { dump(first, options); }) ==
          "error: rows of b_parents refer to each other in a circle, so no order inserts them\n"
          "  next: leave the table out of --rows and write its rows by hand\n");
  }
}

TEST_CASE("schema: a load that fails leaves nothing, or is known as half loaded") {
  FOR_EACH_SERVER(server) {
    Project project(server, one_version());
    const std::string broken =
        "-- toolkit: schema-version 1\nCREATE TABLE here (id INTEGER);\nCREATE TABLE nonsense;\n";
    const ErrorDetails failure = thrown_by([&] { load(project, broken); });
    CHECK(failure.kind == ErrorKind::migration);
    CHECK(failure.position.line == 3);
    CHECK(project.database.value("SELECT count(*) FROM toolkit_history WHERE version > 0") == "0");
    if (!project.is_mysql()) {
      CHECK(failure.advice.ends_with("statement 2 of 2: nothing of the file was loaded"));
      CHECK_FALSE(project.has_table("here"));
      CHECK(project.outcome({}) == " +1");
      return;
    }
    CHECK(project.log() == "load-begun 0");
    const std::string half =
        "error: a fresh schema was being loaded into this database and the load did not come to its end: it "
        "has table here, and no version is recorded\n"
        "  next: empty the database and load again: 'toolkit drop' and 'toolkit create', then 'toolkit "
        "schema "
        "load'\n";
    CHECK(project.refusal({}) == half);
    CHECK(text_thrown_by([&] { project.migrator().plan({}); }) == half);
    CHECK(text_thrown_by([&] { project.migrator().baseline(1, false, project.listener); }) == half);
    const std::string good = "-- toolkit: schema-version 1\nCREATE TABLE here (id INTEGER);\n";
    CHECK(load_refusal(project, good) == half);
    execute(project, {"DROP TABLE here"});
    CHECK(load(project, good).report.to == 1);
    CHECK(project.up().done.empty());
  }
}

TEST_CASE("schema: a session that loads has the settings that migrations find") {
  FOR_EACH_SERVER(server) {
    Project project(server, one_version());
    project.options.sql_mode = "ANSI";
    const std::string text =
        project.is_mysql()
            ? "CREATE TABLE seen (v VARCHAR(200)); INSERT INTO seen VALUES (@@sql_mode), (@@time_zone);"
            : "CREATE TABLE seen (v VARCHAR(200)); INSERT INTO seen VALUES ('ANSI'), ('+00:00');";
    load(project, "-- toolkit: schema-version 1\n" + text);
    const std::string seen = rows_of(project, "seen");
    CHECK(seen.find("+00:00") != std::string::npos);
    CHECK(seen.find("ANSI") != std::string::npos);
  }
}

TEST_CASE("schema: drift is found, whatever way the versions came to be recorded, and nothing is written") {
  for (const char* engine : {"postgresql", "mariadb", "sqlite"}) {
    if (test_servers(engine).empty() || !has_local_server(engine)) {
      continue;
    }
    Project project(test_servers(engine).front(), reference_set());
    REQUIRE_FALSE(project.run(Request::up_to(20)).failed);
    const std::string before = rows_of(project, "toolkit_history");
    const auto drift = [&](bool strict = true) {
      SchemaOptions options;
      options.migrator = project.options;
      std::string text;
      const SchemaComparison found =
          find_drift(Project::dialects(), parse_url(project.database.url()), options, std::nullopt, strict);
      for (const Difference& difference : found.differences) {
        text += describe(difference) + "\n";
      }
      CHECK(found.expected.count == 20);
      return text;
    };
    CHECK(drift() == "");
    execute(project, {"ALTER TABLE logs ADD COLUMN sneaked INTEGER",
                      std::string("DROP INDEX routes_image_idx") + (project.is_mysql() ? " ON routes" : "")});
    const std::string found = drift(false);
    CHECK(found.find("table logs, column sneaked: ") != std::string::npos);
    CHECK(found.find("table routes, index routes_image_idx: missing") != std::string::npos);
    CHECK(rows_of(project, "toolkit_history") == before);
  }
}

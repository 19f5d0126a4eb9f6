#include <doctest/doctest.h>

#include "../support/native.hpp"
#include "../support/servers.hpp"
#include "toolkit/diff.hpp"
#include "toolkit/error.hpp"
#include "toolkit/registry.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

std::vector<std::string> local_engines() {
  std::vector<std::string> engines = all_engines();
  std::erase_if(engines, [](const std::string& engine) { return !has_local_server(engine); });
  return engines;
}

Catalog catalog_at(const std::string& engine, const std::string& url) {
  static const Registry dialects = builtin_dialects();
  const auto connection = dialects.for_flavour(engine).open(parse_url(url), {});
  return connection->catalog_reader({{connection->server().default_schema, "toolkit_history"}, {}})->read();
}

void run_all(const std::string& url, const std::vector<std::string>& statements) {
  const auto session = open_native(url);
  for (const std::string& sql : statements) {
    session->run(sql);
  }
}

#define FOR_EACH_LOCAL(engine)                                   \
  for (const std::string& engine : local_engines()) /* NOLINT */ \
  SUBCASE((engine).c_str())

/// One of everything that a copy could lose, in the family of MySQL.
const std::vector<std::string>& everything() {
  static const std::vector<std::string> statements = {
      "CREATE TABLE apps (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20) NOT NULL UNIQUE COMMENT "
      "'it''s', "
      "twice INT GENERATED ALWAYS AS (id_given * 2) STORED, id_given INT DEFAULT 7 CHECK (id_given > 0))",
      "CREATE TABLE calls (id INT PRIMARY KEY, app INT, FOREIGN KEY (app) REFERENCES apps (id) ON DELETE "
      "CASCADE)",
      "CREATE TABLE parts (id INT PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 3",
      "CREATE TABLE seen (n INT)",
      "CREATE FUNCTION twice_of(n INT) RETURNS INT DETERMINISTIC RETURN n * 2",
      "CREATE VIEW z_names AS SELECT name, twice_of(id) AS two FROM apps",
      "CREATE VIEW a_names AS SELECT name FROM z_names",
      "CREATE PROCEDURE clear_seen() DELETE FROM seen",
      "CREATE TRIGGER note_call AFTER INSERT ON calls FOR EACH ROW INSERT INTO seen VALUES (NEW.id)",
      "CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM seen",
      "INSERT INTO apps (id, name) VALUES (5, 'a'), (9, 'b')",
      "DELETE FROM apps WHERE id = 9",
      "INSERT INTO calls VALUES (0, 5)",
  };
  return statements;
}

}  // namespace

TEST_CASE("a copy of a sandbox's database holds its structure and rows, and lives on its own") {
  FOR_EACH_LOCAL(engine) {
    const auto sandbox = start_sandbox(engine, {});
    const std::string from = sandbox->create_database("from_1");
    run_all(from, {"CREATE TABLE apps (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL)",
                   "CREATE TABLE calls (id INTEGER PRIMARY KEY, app INTEGER REFERENCES apps (id))",
                   "CREATE VIEW names AS SELECT name FROM apps", "INSERT INTO apps VALUES (1, 'one')"});
    const std::string copy = sandbox->copy_database("from_1", "copy_1");
    CHECK(diff(catalog_at(engine, from), catalog_at(engine, copy)).empty());
    open_native(copy)->run("INSERT INTO apps VALUES (2, 'two')");
    CHECK(open_native(copy)->value("SELECT count(*) FROM names") == "2");
    CHECK(open_native(from)->value("SELECT count(*) FROM names") == "1");
  }
}

TEST_CASE("a database that nothing was written to is copied too") {
  FOR_EACH_LOCAL(engine) {
    const auto sandbox = start_sandbox(engine, {});
    sandbox->create_database("from_1");
    const std::string copy = sandbox->copy_database("from_1", "copy_1");
    CHECK(catalog_at(engine, copy).objects.empty());
  }
}

TEST_CASE("a copy on MySQL and MariaDB loses nothing, and sets no trigger off") {
  FOR_EACH_LOCAL(engine) {
    if (engine == "postgresql" || engine == "sqlite") {
      return;
    }
    const auto sandbox = start_sandbox(engine, {});
    const std::string from = sandbox->create_database("from_1");
    run_all(from, everything());
    const std::string copy = sandbox->copy_database("from_1", "copy_1");
    REQUIRE_FALSE(copy.empty());
    for (const Difference& difference : diff(catalog_at(engine, from), catalog_at(engine, copy))) {
      FAIL_CHECK(describe(difference));
    }
    const auto session = open_native(copy);
    CHECK(session->value("SELECT id FROM calls") == "0");
    CHECK(session->value("SELECT count(*) FROM seen") == "1");  // by the one INSERT of the original
    CHECK(session->value("SELECT name FROM a_names") == "a");
    session->run("INSERT INTO apps (name) VALUES ('next')");
    CHECK(session->value("SELECT id FROM apps WHERE name = 'next'") == "10");  // 9 was taken once
    session->run("INSERT INTO calls VALUES (1, 5)");
    CHECK(session->value("SELECT count(*) FROM seen") == "2");
    CHECK(open_native(from)->value("SELECT count(*) FROM seen") == "1");
  }
}

TEST_CASE("what a copy on MySQL and MariaDB would bend is not copied") {
  FOR_EACH_LOCAL(engine) {
    if (engine == "postgresql" || engine == "sqlite") {
      return;
    }
    const auto sandbox = start_sandbox(engine, {});
    const std::string from = sandbox->create_database("from_1");
    run_all(from, {"CREATE TABLE apps (id INT PRIMARY KEY)"});
    SUBCASE("grants") {
      run_all(sandbox->url(), {"CREATE USER reader", "GRANT SELECT ON from_1.apps TO reader"});
      CHECK(sandbox->copy_database("from_1", "copy_1").empty());
    }
    SUBCASE("system versioning") {
      if (engine == "mariadb") {
        run_all(from, {"CREATE TABLE past (id INT PRIMARY KEY) WITH SYSTEM VERSIONING"});
        CHECK(sandbox->copy_database("from_1", "copy_1").empty());
      }
    }
    SUBCASE("a default that names the database") {
      if (engine == "mariadb") {
        run_all(from, {"CREATE SEQUENCE numbers", "CREATE TABLE t (id INT DEFAULT nextval(numbers))"});
        CHECK(sandbox->copy_database("from_1", "copy_1").empty());
      }
    }
    // Nothing of an attempt stays.
    CHECK(open_native(sandbox->url())
              ->value("SELECT count(*) FROM information_schema.schemata WHERE "
                      "schema_name = 'copy_1'") == "0");
  }
}

TEST_CASE("a sequence of MariaDB goes on in a copy where it stood") {
  FOR_EACH_LOCAL(engine) {
    if (engine != "mariadb") {
      return;
    }
    const auto sandbox = start_sandbox(engine, {});
    const std::string from = sandbox->create_database("from_1");
    run_all(from,
            {"CREATE SEQUENCE numbers START WITH 100 INCREMENT BY 5 NOCACHE", "SELECT nextval(numbers)"});
    const std::string copy = sandbox->copy_database("from_1", "copy_1");
    CHECK(open_native(copy)->value("SELECT nextval(numbers)") == "105");
  }
}

TEST_CASE("a database is dropped though a session in it holds a transaction open") {
  FOR_EACH_LOCAL(engine) {
    const auto sandbox = start_sandbox(engine, {});
    const std::string url = sandbox->create_database("app_1");
    run_all(url, {"CREATE TABLE t (n INTEGER)"});
    const auto session = open_native(url);
    session->run("BEGIN");
    session->run("INSERT INTO t VALUES (1)");
    sandbox->drop_database("app_1");
    run_all(sandbox->create_database("app_1"), {"CREATE TABLE t (n INTEGER)"});
  }
}

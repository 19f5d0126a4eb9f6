#ifdef TOOLKIT_WITH_POSTGRESQL

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "../../dialects/postgresql/connect_error.hpp"
#include "../../dialects/postgresql/statement_traits.hpp"

using namespace toolkit;
using namespace toolkit::postgresql;

TEST_CASE("which PostgreSQL statements refuse a transaction") {
  for (const char* sql : {"CREATE INDEX CONCURRENTLY i ON t (a)",
                          "create unique index /* x */ concurrently if not exists i on t (a)",
                          "DROP INDEX CONCURRENTLY i",
                          "REINDEX (VERBOSE) TABLE CONCURRENTLY t",
                          "REINDEX INDEX CONCURRENTLY i",
                          "REINDEX DATABASE d",
                          "REINDEX SCHEMA s",
                          "VACUUM",
                          "VACUUM (FULL) t",
                          "CLUSTER",
                          "CLUSTER VERBOSE",
                          "CREATE DATABASE d",
                          "DROP DATABASE d",
                          "ALTER DATABASE d SET TABLESPACE t",
                          "CREATE TABLESPACE t LOCATION '/x'",
                          "DROP TABLESPACE t",
                          "ALTER SYSTEM SET work_mem = '1MB'",
                          "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p",
                          "DROP SUBSCRIPTION s",
                          "ALTER SUBSCRIPTION s REFRESH PUBLICATION",
                          "ALTER TABLE t DETACH PARTITION p CONCURRENTLY"}) {
    CAPTURE(sql);
    CHECK(statement_traits(sql).refuses_transaction);
  }
  for (const char* sql : {"CREATE INDEX i ON t (a)", "CREATE INDEX \"CONCURRENTLY\" ON t (a)",
                          "CREATE TABLE t (c text DEFAULT 'CONCURRENTLY')", "REINDEX TABLE t",
                          "CLUSTER t USING i", "ALTER DATABASE d SET work_mem = '1MB'",
                          "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (create_slot = false)",
                          "REFRESH MATERIALIZED VIEW CONCURRENTLY v", "ALTER TABLE t DETACH PARTITION p",
                          "ALTER TYPE e ADD VALUE 'x'", "COMMENT ON INDEX i IS 'VACUUM'"}) {
    CAPTURE(sql);
    CHECK_FALSE(statement_traits(sql).refuses_transaction);
  }
}

TEST_CASE("how long a PostgreSQL statement waits for a lock depends on who waits behind it") {
  using namespace std::chrono_literals;
  for (const char* sql :
       {"CREATE INDEX CONCURRENTLY i ON t (a)", "drop index concurrently i",
        "REINDEX (VERBOSE) TABLE CONCURRENTLY t", "ALTER TABLE t DETACH PARTITION p CONCURRENTLY"}) {
    CAPTURE(sql);
    CHECK(usual_lock_wait(sql, true) == 10min);
  }
  for (const char* sql : {"VACUUM t", "VACUUM (ANALYZE) t", "ANALYZE", "UPDATE t SET a = 1", "DELETE FROM t",
                          "ALTER TABLE ONLY s.t VALIDATE CONSTRAINT c",
                          "alter table if exists t /* x */ validate constraint \"C\""}) {
    CAPTURE(sql);
    CHECK(usual_lock_wait(sql, true) == 30s);
    CHECK(usual_lock_wait(sql, false) == 3s);
  }
  for (const char* sql :
       {"VACUUM (FULL) t", "VACUUM FULL t", "CREATE INDEX i ON t (a)", "ALTER TABLE t ADD COLUMN a int",
        "ALTER TABLE t VALIDATE CONSTRAINT c, ADD COLUMN a int", "ALTER TABLE t DETACH PARTITION p",
        "TRUNCATE t", "REINDEX TABLE t", "DROP INDEX \"CONCURRENTLY\"", "SELECT f()", ""}) {
    CAPTURE(sql);
    CHECK(usual_lock_wait(sql, true) == 3s);
  }
}

TEST_CASE("other traits of PostgreSQL statements") {
  CHECK(statement_traits("ALTER TYPE e ADD VALUE IF NOT EXISTS 'x'").ends_group);
  CHECK_FALSE(statement_traits("ALTER TYPE e RENAME VALUE 'x' TO 'y'").ends_group);
  CHECK(statement_traits("UPDATE t SET a = 1").is_row_change);
  CHECK(statement_traits("ALTER TABLE t DROP COLUMN a").is_destructive);
  CHECK(statement_traits("TRUNCATE t").is_destructive);
  CHECK_FALSE(statement_traits("DROP TABLE t").drops_table);
  CHECK(may_change_session("set search_path = x"));
  CHECK(may_change_session("CREATE TABLE t AS SELECT pg_catalog.set_config('a.b', '', false)"));
  CHECK_FALSE(may_change_session("ALTER TABLE t SET (fillfactor = 70)"));
  CHECK_FALSE(may_change_session(""));
  CHECK(copies_with_client("COPY t (a, b) FROM STDIN WITH (FORMAT csv)"));
  CHECK(copies_with_client("copy (select 1) to stdout"));
  CHECK_FALSE(copies_with_client("COPY t FROM '/data/stdin'"));
}

TEST_CASE("what libpq says at connect is told with its cause") {
  const DatabaseUrl url = parse_url("postgresql://joe:s3cret@db.example.org/shop");
  struct Case {
    const char* text;
    const char* sqlstate;
    const char* advice;
  };
  const std::string start = "connection to server at \"db\" (10.0.0.1), port 5432 failed: ";
  for (const Case& each : std::vector<Case>{
           {"FATAL:  password authentication failed for user \"joe\"\n", "28P01",
            "check user and password of the URL"},
           {"FATAL:  role \"joe\" does not exist\n", "28000", "check the user of the URL"},
           {"FATAL:  database \"shop\" does not exist\n", "3D000", "make it with 'toolkit create'"},
           {"FATAL:  sorry, too many clients already\n", "53300",
            "wait for other sessions to end, or raise max_connections"},
           {"FATAL:  the database system is starting up\n", "57P03",
            "wait until the server is ready: 'toolkit wait'"},
           {"server does not support SSL, but SSL was required\n", "",
            "sslmode asks for TLS and the server has none"},
           {"timeout expired\n", "", "the server does not answer; check host, port and firewalls"},
           {"eine unbekannte Sprache\n", "", ""}}) {
    CAPTURE(each.text);
    const ErrorDetails details = connect_error(start + each.text, url).details();
    CHECK(details.kind == ErrorKind::connection);
    CHECK(details.sqlstate == each.sqlstate);
    CHECK(details.advice == each.advice);
  }
  CHECK(connect_error("missing \"=\" after \"s3cret\"\n\tin it", url).details().message ==
        "cannot connect to postgresql://joe:***@db.example.org/shop: missing \"=\" after \"***\" in it");
}

#endif

#ifdef TOOLKIT_WITH_MYSQL

#include "../../dialects/mysql/statement_traits.hpp"

#include <doctest/doctest.h>

using namespace toolkit;

TEST_CASE("row changes are told from what commits by itself") {
  for (const char* sql :
       {"INSERT INTO t VALUES (1)", "/* x */ update t set a=1", "-- c\nDELETE FROM t", "REPLACE t VALUES (1)",
        "WITH a AS (SELECT 1) UPDATE t SET v=1", "WITH RECURSIVE a AS (SELECT 'delete') DELETE FROM t",
        "LOAD DATA INFILE 'x' INTO TABLE t"}) {
    CHECK_MESSAGE(mysql::statement_traits(sql).is_row_change, sql);
  }
  for (const char* sql :
       {"CREATE TABLE t (a int)", "SELECT 1", "CALL p()", "SET @a = 1", "TRUNCATE t",
        "WITH a AS (SELECT 1) SELECT * FROM a", "LOAD INDEX INTO CACHE t", "DROP TABLE t"}) {
    CHECK_FALSE_MESSAGE(mysql::statement_traits(sql).is_row_change, sql);
  }
}

TEST_CASE("what drops is known") {
  CHECK(mysql::statement_traits("DROP TABLE IF EXISTS t").drops_table);
  CHECK(mysql::statement_traits("drop temporary table t").drops_table);
  CHECK(mysql::statement_traits("DROP DATABASE d").is_destructive);
  CHECK(mysql::statement_traits("TRUNCATE TABLE t").is_destructive);
  CHECK_FALSE(mysql::statement_traits("DROP VIEW v").is_destructive);
}

TEST_CASE("what reaches beyond the database is known") {
  for (const char* sql :
       {"CREATE USER a", "CREATE OR REPLACE ROLE r", "DROP DATABASE d", "GRANT SELECT ON t TO a",
        "SET GLOBAL max_connections = 1", "SET @@global.sql_mode = ''", "SET PERSIST x = 1", "FLUSH TABLES",
        "INSTALL PLUGIN p SONAME 's'", "LOAD DATA INFILE '/f' INTO TABLE t", "SET PASSWORD = 'x'"}) {
    CHECK_MESSAGE(!mysql::statement_traits(sql).beyond_database.empty(), sql);
  }
  for (const char* sql : {"CREATE TABLE user (a int)", "SET @a = 'GLOBAL'", "ALTER TABLE global ADD a int",
                          "DROP TABLE role", "UPDATE t SET a = 1", "SET sql_mode = ''"}) {
    CHECK_MESSAGE(mysql::statement_traits(sql).beyond_database.empty(), sql);
  }
}

TEST_CASE("what an error may leave depends on the server") {
  using mysql::what_an_error_may_leave;
  CHECK_FALSE(what_an_error_may_leave("DROP TABLE a, b", true).empty());
  CHECK(what_an_error_may_leave("DROP TABLE a, b", false).empty());
  CHECK(what_an_error_may_leave("DROP TABLE a", true).empty());
  CHECK_FALSE(what_an_error_may_leave("CREATE OR REPLACE TABLE t AS SELECT 1", true).empty());
  CHECK_FALSE(what_an_error_may_leave("CALL p(1, 2)", false).empty());
  CHECK_FALSE(what_an_error_may_leave("DROP DATABASE d", false).empty());
  CHECK(what_an_error_may_leave("ALTER TABLE t ADD a int, ADD b int", true).empty());
}

#endif

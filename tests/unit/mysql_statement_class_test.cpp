#ifdef TOOLKIT_WITH_MYSQL

#include <doctest/doctest.h>

#include <algorithm>

#include "../../dialects/mysql/statement_class.hpp"

using namespace toolkit;
using namespace toolkit::mysql;

namespace {

/// "self-detecting table t", "rename-table table a, table b (a -> b) tag"
std::string class_of(std::string_view statement) {
  const StatementForm form = statement_form(statement);
  std::string text(to_string(form.statement_class));
  for (const ObjectName& object : form.objects) {
    text += std::string(&object == &form.objects.front() ? " " : ", ") + std::string(to_string(object.kind)) +
            " " + (object.schema.empty() ? "" : object.schema + ".") + object.name +
            (object.partition.empty() ? "" : "#" + object.partition);
  }
  for (const auto& [from, to] : form.renames) {
    text += " (" + form.objects.at(from).name + " -> " + form.objects.at(to).name + ")";
  }
  return text + (needs_tag(form) ? " tag" : "");
}

}  // namespace

TEST_CASE("mysql: what repeats itself") {
  for (const char* statement :
       {"ANALYZE TABLE t", "OPTIMIZE LOCAL TABLE t", "GRANT SELECT ON a.* TO b", "FLUSH TABLES",
        "SHOW TABLES", "SELECT a FROM t", "SET @x = 1", "SET PASSWORD FOR a = 'x'",
        "CREATE TEMPORARY TABLE t (i int)", "DROP TEMPORARY TABLE t", "ALTER VIEW v AS SELECT 1",
        "ALTER DATABASE d CHARACTER SET utf8mb4", "REVOKE IF EXISTS SELECT ON a.* FROM b", ""}) {
    CAPTURE(statement);
    CHECK(class_of(statement) == "repeatable");
  }
  for (const char* statement :
       {"ALTER TABLE t ENGINE=InnoDB", "ALTER TABLE t FORCE, ALGORITHM=INPLACE, LOCK=NONE",
        "alter table t modify a int, comment 'x'", "ALTER TABLE t CHANGE a A bigint",
        "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int", "ALTER TABLE t DROP COLUMN IF EXISTS a",
        "ALTER TABLE t ADD INDEX IF NOT EXISTS i (a)", "ALTER TABLE t DROP INDEX i, ADD INDEX i (a, b)",
        "ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (a)",
        "ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4", "ALTER TABLE t ALTER COLUMN a SET DEFAULT 1",
        "ALTER TABLE t PARTITION BY HASH (a) PARTITIONS 4",
        "ALTER TABLE t REORGANIZE PARTITION p INTO (PARTITION p VALUES LESS THAN (5))",
        "CREATE TABLE IF NOT EXISTS t (i int)", "CREATE INDEX IF NOT EXISTS i ON t (a)",
        "DROP INDEX IF EXISTS i ON t", "CREATE OR REPLACE INDEX i ON t (a)"}) {
    CAPTURE(statement);
    CHECK(class_of(statement) == "repeatable table t");
  }
  CHECK(class_of("CREATE OR REPLACE DEFINER='a'@'b' SQL SECURITY INVOKER VIEW v AS SELECT 1") ==
        "repeatable table v");
  CHECK(class_of("CREATE OR REPLACE PROCEDURE p() BEGIN END") == "repeatable procedure p");
  CHECK(class_of("CREATE USER IF NOT EXISTS 'u'@'%' IDENTIFIED BY 'x'") == "repeatable user 'u'@'%'");
}

TEST_CASE("mysql: what the server refuses to do twice") {
  for (const char* statement :
       {"CREATE TABLE t (i int)",
        "CREATE TABLE `t` LIKE s",
        "/* c */ create /* d */ table t as select 1",
        "/*!50000 CREATE TABLE t (i int) */",
        "CREATE VIEW t AS SELECT 1",
        "CREATE SEQUENCE t",
        "ALTER TABLE t ADD a int",
        "ALTER TABLE t ADD COLUMN (a int, b decimal(5,2))",
        "ALTER TABLE t ADD KEY i USING BTREE (a)",
        "ALTER TABLE t ADD UNIQUE i (a)",
        "ALTER TABLE t ADD CONSTRAINT c UNIQUE (a)",
        "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p (a)",
        "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)",
        "ALTER TABLE t ADD PRIMARY KEY (a)",
        "ALTER TABLE t DROP a",
        "ALTER TABLE t DROP FOREIGN KEY f",
        "ALTER TABLE t RENAME COLUMN a TO b",
        "ALTER TABLE t CHANGE a b int",
        "ALTER TABLE t RENAME KEY a TO b",
        "ALTER TABLE t ADD INDEX (a), DROP COLUMN c, COMMENT 'x,y'",
        "ALTER TABLE t ADD PARTITION (PARTITION p VALUES LESS THAN (9), PARTITION q VALUES LESS THAN (99))",
        "ALTER TABLE t DROP PARTITION p, q",
        "ALTER TABLE t REMOVE PARTITIONING",
        "ALTER TABLE t REORGANIZE PARTITION p, q INTO (PARTITION r VALUES LESS THAN (5))",
        "CREATE UNIQUE INDEX i ON t (a)",
        "DROP INDEX i ON t",
        "ALTER ONLINE TABLE t WAIT 5 DROP INDEX i"}) {
    CAPTURE(statement);
    CHECK(class_of(statement) == "self-detecting table t");
  }
  CHECK(class_of("ALTER TABLE `a``b`.`t` ADD c int, RENAME TO u") == "self-detecting table a`b.t, table u");
  CHECK(class_of("CREATE DEFINER = CURRENT_USER() TRIGGER d.g BEFORE INSERT ON t FOR EACH ROW SET @a = 1") ==
        "self-detecting trigger d.g");
  CHECK(class_of("CREATE AGGREGATE FUNCTION f RETURNS STRING SONAME 'x'") == "self-detecting function f");
  CHECK(class_of("CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1") == "self-detecting event e");
  CHECK(class_of("CREATE DATABASE d") == "self-detecting database d");
  CHECK(class_of("CREATE USER 'u'@'h', v") == "self-detecting user 'u'@'h', user v");
  CHECK(class_of("REVOKE SELECT ON a.* FROM b") == "self-detecting");
}

TEST_CASE("mysql: what is judged by what stands, by places, by the tag") {
  CHECK(class_of("DROP TABLE a, d.b CASCADE") == "drop-list table a, table d.b");
  CHECK(class_of("DROP VIEW IF EXISTS v") == "drop-list table v");
  CHECK(class_of("DROP PROCEDURE p") == "drop-list procedure p");
  CHECK(class_of("DROP DATABASE d") == "drop-list database d");
  CHECK(class_of("RENAME TABLE a TO b, c TO a") ==
        "rename-table table a, table b, table c (a -> b) (c -> a) tag");
  CHECK(class_of("ALTER TABLE a RENAME AS d.b") == "rename-table table a, table d.b (a -> b) tag");
  CHECK(class_of("ALTER TABLE t EXCHANGE PARTITION p WITH TABLE s WITHOUT VALIDATION") ==
        "exchange-partition table t#p, table s tag");
  CHECK(class_of("TRUNCATE d.t") == "truncate table d.t tag");
  CHECK(class_of("ALTER TABLE t TRUNCATE PARTITION p") == "truncate table t#p tag");
  for (const char* statement :
       {"ALTER TABLE t ADD INDEX (a)", "ALTER TABLE t ADD KEY USING HASH (a)", "ALTER TABLE t ADD UNIQUE (a)",
        "ALTER TABLE t ADD CHECK (a > 0)", "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p (a)",
        "ALTER TABLE t ADD FOREIGN KEY i (a) REFERENCES p (a)", "ALTER TABLE t ADD PARTITION PARTITIONS 2",
        "ALTER TABLE t COALESCE PARTITION 2", "ALTER TABLE t ADD COLUMN IF NOT EXISTS c int, ADD INDEX (c)",
        "ALTER TABLE t RENAME COLUMN a TO b, RENAME COLUMN b TO a"}) {
    CAPTURE(statement);
    CHECK(class_of(statement) == "unnamed table t tag");
  }
  CHECK(class_of("CREATE OR REPLACE TABLE t (i int)") == "replace-table table t tag");
  CHECK(class_of("CREATE OR REPLACE SEQUENCE t") == "replace-table table t tag");
}

TEST_CASE("mysql: what nobody can tell") {
  for (const char* statement :
       {"CALL p()", "SET GLOBAL max_connections = 5", "SET @@global.max_connections = 5",
        "SET STATEMENT max_statement_time=1 FOR ALTER TABLE t ADD a int", "SELECT f()",
        "SELECT 1 INTO OUTFILE '/x'", "ANALYZE UPDATE t SET a = 1", "DO f()", "EXECUTE s",
        "BEGIN NOT ATOMIC SELECT 1; END", "INSTALL PLUGIN p SONAME 'x'",
        "ALTER USER u IDENTIFIED BY 'x' RETAIN CURRENT PASSWORD", "ALTER SEQUENCE s RESTART", "KILL 5",
        "CREATE EVENT e ON SCHEDULE AT CURRENT_TIMESTAMP DO CALL p()", "IMPORT TABLE FROM 'x'",
        "frobnicate"}) {
    CAPTURE(statement);
    CHECK(class_of(statement) == "opaque");
  }
  CHECK(class_of("ALTER TABLE t IMPORT TABLESPACE") == "opaque table t tag");
  CHECK(class_of("ALTER TABLE t FROBNICATE") == "opaque table t tag");
  CHECK(class_of("ALTER TABLE t DROP COLUMN c, ADD COLUMN c text") == "opaque table t tag");
  CHECK(class_of("INSERT INTO t VALUES (1)") == "row-change");
}

TEST_CASE("mysql: only what a statement does can have been done already") {
  const auto has = [](std::string_view statement, unsigned code) {
    const std::vector<unsigned> codes = statement_form(statement).done_codes;
    return std::find(codes.begin(), codes.end(), code) != codes.end();
  };
  CHECK(has("ALTER TABLE t ADD c int", 1060));
  CHECK_FALSE(has("ALTER TABLE t ADD c int AFTER gone", 1054));
  CHECK_FALSE(has("ALTER TABLE t ADD c int", 1091));
  CHECK(has("ALTER TABLE t RENAME COLUMN a TO c", 1054));
  CHECK(has("ALTER TABLE t DROP c", 1091));
  CHECK_FALSE(has("ALTER TABLE t DROP c", 1060));
  CHECK_FALSE(has("ALTER TABLE t DROP c", 1146));
  CHECK(has("CREATE TABLE t (i int)", 1050));
  CHECK_FALSE(has("CREATE TABLE t (i int)", 1146));
}

#endif

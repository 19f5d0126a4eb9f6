#ifdef TOOLKIT_WITH_MYSQL

#include "../../dialects/mysql/locks.hpp"

#include <doctest/doctest.h>

#include "../../dialects/mysql/script_syntax.hpp"

using namespace toolkit;

namespace {

std::string first_attempt(std::string_view statement, bool is_mariadb = false) {
  const std::vector<mysql::LockAttempt> attempts =
      mysql::lock_attempts(statement, mysql::script_syntax(is_mariadb ? "mariadb" : "mysql", ""), is_mariadb);
  return attempts.empty() ? std::string() : attempts.front().sql;
}

}  // namespace

TEST_CASE("a server is asked for locks by clauses that stand where it reads them") {
  CHECK(first_attempt("ALTER TABLE t ADD a int") == "ALTER TABLE t ALGORITHM=INSTANT, ADD a int");
  CHECK(first_attempt("/* x */ alter table `a b`.`t` -- y\n drop index i") ==
        "/* x */ alter table `a b`.`t` ALGORITHM=INSTANT, -- y\n drop index i");
  CHECK(first_attempt("ALTER ONLINE TABLE IF EXISTS t FORCE", true) ==
        "ALTER ONLINE TABLE IF EXISTS t ALGORITHM=INSTANT, FORCE");
  CHECK(first_attempt("CREATE UNIQUE INDEX i ON t (a)") ==
        "CREATE UNIQUE INDEX i ON t (a) ALGORITHM=INSTANT");
  CHECK(mysql::lock_attempts("DROP INDEX i ON t", mysql::script_syntax("mariadb", ""), true)[1].sql ==
        "DROP INDEX i ON t ALGORITHM=NOCOPY LOCK=NONE");
  CHECK(mysql::lock_attempts("ALTER TABLE t FORCE", mysql::script_syntax("mysql", ""), false)[1].sql ==
        "ALTER TABLE t ALGORITHM=INPLACE, LOCK=NONE, FORCE");
  for (const char* own : {"ALTER TABLE t ADD a int, ALGORITHM=COPY", "CREATE INDEX i ON t (a) LOCK=NONE",
                          "DROP TABLE t", "UPDATE t SET a = 1", "ALTER VIEW v AS SELECT 1", "ALTER TABLE t",
                          "CREATE TABLE t (a int, INDEX i (a))", ""}) {
    CHECK_MESSAGE(first_attempt(own).empty(), own);
  }
}

TEST_CASE("the locked table is the one that the statement changes") {
  const auto name = [](std::string_view statement) {
    const mysql::ObjectName table = mysql::locked_table(statement);
    return table.schema + "." + table.name;
  };
  CHECK(name("ALTER TABLE `d`.`t` ADD a int") == "d.t");
  CHECK(name("CREATE INDEX i ON t (a)") == ".t");
  CHECK(name("CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET @a = 1") == ".t");
  CHECK(name("INSERT IGNORE INTO t VALUES (1)") == ".t");
  CHECK(name("DELETE FROM t WHERE a = 1") == ".t");
  CHECK(name("DROP TABLE IF EXISTS t") == ".t");
  CHECK(name("RENAME TABLE t TO u") == ".t");
  CHECK(name("CREATE TABLE t (a int)") == ".");
  CHECK(name("CREATE VIEW v AS SELECT 1") == ".");
  CHECK(mysql::lock_by_words("ALTER TABLE t ADD a int, ALGORITHM=INSTANT").lock == "NONE");
  CHECK(mysql::lock_by_words("ALTER TABLE t ADD a int, ALGORITHM COPY, LOCK = SHARED").lock == "SHARED");
}

#endif

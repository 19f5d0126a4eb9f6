#ifdef TOOLKIT_WITH_MYSQL

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "../../dialects/mysql/session_use.hpp"

using namespace toolkit::mysql;

namespace {

using Names = std::set<std::string>;
using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("session_use: which SET holds for the steps behind it, and may be sent again") {
  for (const char* sql :
       {"SET foreign_key_checks = 0", "set session sql_mode='', unique_checks=0", "SET NAMES latin1",
        "SET @@session.sql_mode = 'ANSI'", "SET @old = @@foreign_key_checks, foreign_key_checks = 0",
        "SET LOCAL max_join_size = @n", "SET CHARACTER SET utf8mb4"}) {
    CAPTURE(sql);
    CHECK(session_use(sql).is_setting);
    CHECK(session_use(sql).is_of_session);
  }
  for (const char* sql : {"SET @a = 1, @b := (2, 3)", "SET sql_mode = (SELECT m FROM t)", "SET GLOBAL a = 1",
                          "SET @@persist.a = 1", "SET PASSWORD = 'x'", "SET ROLE r",
                          "SET DEFAULT ROLE r TO u", "SET STATEMENT max_statement_time=1 FOR DELETE FROM t",
                          "INSERT INTO t SET a = 1", "UPDATE t SET a = 1", ""}) {
    CAPTURE(sql);
    CHECK_FALSE(session_use(sql).is_setting);
  }
}

TEST_CASE("session_use: what gets a value, and what is used") {
  const auto check = [](const char* sql, const Names& makes, const Names& needs, bool is_of_session) {
    CAPTURE(sql);
    const SessionUse use = session_use(sql);
    CHECK(use.makes == makes);
    CHECK(use.needs == needs);
    CHECK(use.is_of_session == is_of_session);
  };
  check("SET @a = @B + 1, @`c d` := @@sql_mode", {"@A", "@C D"}, {"@B"}, true);
  check("SELECT a, b INTO @a, @b FROM t WHERE c = @c", {"@A", "@B"}, {"@C"}, true);
  check("SELECT @a := 1, @b = 2", {"@A"}, {"@B"}, true);
  check("SELECT @a", {}, {"@A"}, false);
  check("PREPARE s FROM @sql", {"S"}, {"@SQL"}, true);
  check("EXECUTE s USING @a", {}, {"S", "@A"}, false);
  check("DEALLOCATE PREPARE s", {}, {"S"}, true);
  check("INSERT INTO t VALUES (@a, 'x@y')", {}, {"@A"}, false);
  check("UPDATE t SET a = @a", {}, {"@A"}, false);
}

TEST_CASE("carried_over: settings hold on, values only where nothing else has changed since") {
  const auto check = [](const Texts& finished, const Texts& remaining, const Texts& texts,
                        const std::string& lost) {
    const CarriedOver carried = carried_over(finished, remaining);
    CHECK(carried.texts == texts);
    CHECK(carried.lost == lost);
  };
  const std::string off = "SET foreign_key_checks = 0";
  const std::string n = "SET @n = (SELECT MAX(id) FROM t)";
  const std::string prepare = "PREPARE s FROM @n";
  const std::string drop = "DROP TABLE t";
  check({off, drop}, {drop}, {off}, "");
  check({off, n}, {"INSERT INTO t VALUES (@n)"}, {off, n}, "");
  check({n, prepare}, {"EXECUTE s"}, {n, prepare}, "");
  check({n, drop}, {"INSERT INTO t VALUES (@n)"}, {}, "@N");
  check({n, drop}, {drop}, {}, "");
  check({n, drop}, {"SET @n = 1", "INSERT INTO t VALUES (@n)"}, {}, "");
  check({n, prepare, "EXECUTE s"}, {"DEALLOCATE PREPARE s"}, {}, "S");
  check({n, drop, n}, {"INSERT INTO t VALUES (@n)"}, {n}, "");
  check({n, drop, prepare}, {"EXECUTE s"}, {prepare}, "@N");
  check({"INSERT INTO t VALUES (@a := 1)"}, {"DELETE FROM t WHERE id = @a"}, {}, "@A");
  CHECK(carried_over({off, n}, {drop}).settings == Texts{off});
}

#endif

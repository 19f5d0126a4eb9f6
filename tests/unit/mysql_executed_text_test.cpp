#ifdef TOOLKIT_WITH_MYSQL
#include <doctest/doctest.h>

#include <string>

#include "../../dialects/mysql/executed_text.hpp"
#include "../../dialects/mysql/statement_class.hpp"

using namespace toolkit::mysql;

namespace {

/// What is left, blanks as one.
std::string left_of(const std::string& statement, bool is_mariadb, int version) {
  const std::string text = executed_text(statement, is_mariadb, version);
  REQUIRE(text.size() == statement.size());
  std::string words;
  for (const char c : text) {
    if (c != ' ' || (!words.empty() && words.back() != ' ')) {
      words.push_back(c);
    }
  }
  return words.substr(0, words.find_last_not_of(' ') + 1);
}
std::string on_mysql(const std::string& statement) { return left_of(statement, false, 90704); }
std::string on_mariadb(const std::string& statement) { return left_of(statement, true, 101119); }

}  // namespace

TEST_CASE("mysql: what a server runs of a statement is what it takes for no comment") {
  struct Case {
    std::string statement, mysql, mariadb;
  };
  const Case cases[] = {
      {"CREATE /*M! OR REPLACE */ TRIGGER t", "CREATE TRIGGER t", "CREATE OR REPLACE TRIGGER t"},
      {"CREATE /*! OR REPLACE */ VIEW v", "CREATE OR REPLACE VIEW v", "CREATE OR REPLACE VIEW v"},
      {"CREATE /*!50003 TRIGGER t*/", "CREATE TRIGGER t", "CREATE TRIGGER t"},
      {"a /*!50700 b */", "a b", "a"},
      {"a /*!50699 b */", "a b", "a b"},
      {"a /*!80000 b */", "a b", "a"},
      {"a /*!99999 b */", "a", "a"},
      {"a /*!090704 b */", "a b", "a"},
      {"a /*!090705 b */", "a", "a"},
      {"a /*!100000 b */", "a", "a b"},
      {"a /*!100119 b */", "a", "a b"},
      {"a /*M!80000 b */", "a", "a b"},
      {"a /*M!101119 b */", "a", "a b"},
      {"a /*M!101120 b */", "a", "a"},
      {"a /* b */ c -- /*M! d", "a /* b */ c -- /*M! d", "a /* b */ c -- /*M! d"},
      {"a # b", "a # b", "a # b"},
      {"a '/*M! b */' c", "a '/*M! b */' c", "a '/*M! b */' c"},
      {"a `/*!99999 b */` c", "a `/*!99999 b */` c", "a `/*!99999 b */` c"},
      // In what does not run a quote opens nothing, and one comment may stand.
      {"a /*!999999 it's */ b", "a b", "a b"},
      {"a /*!999999 x /* y */ z */ b", "a b", "a b"},
      {"a /*! x /* y */ z */ b", "a x /* y */ z b", "a x /* y */ z b"},
      {"a /*!999999 never closed", "a", "a"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.statement);
    CHECK(on_mysql(each.statement) == each.mysql);
    CHECK(on_mariadb(each.statement) == each.mariadb);
  }
}

TEST_CASE("mysql: a statement's class is that of the words which the server runs") {
  const auto class_on = [](const std::string& statement, bool is_mariadb) {
    return statement_form(executed_text(statement, is_mariadb, is_mariadb ? 101119 : 90704)).statement_class;
  };
  const std::string trigger = "CREATE /*M! OR REPLACE */ TRIGGER t AFTER UPDATE ON a FOR EACH ROW SET @x = 1";
  CHECK(class_on(trigger, true) == StatementClass::repeatable);
  CHECK(class_on(trigger, false) == StatementClass::self_detecting);
  const std::string table = "CREATE TABLE /*M! IF NOT EXISTS */ t (a INT)";
  CHECK(class_on(table, true) == StatementClass::repeatable);
  CHECK(class_on(table, false) == StatementClass::self_detecting);
  const std::string newer = "/*!100000 INSERT INTO t */ /*!99999 x */ /*M! VALUES (1) */";
  CHECK(class_on(newer, true) == StatementClass::row_change);
  CHECK(class_on(newer, false) == StatementClass::repeatable);  // nothing is left of it
}

#endif

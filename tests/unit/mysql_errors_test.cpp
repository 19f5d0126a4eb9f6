#ifdef TOOLKIT_WITH_MYSQL

#include <doctest/doctest.h>

#include "../../dialects/mysql/errors.hpp"

using namespace toolkit;
using mysql::offset_of_error;

namespace {

std::string syntax_error(const std::string& rest, int line) {
  return "You have an error in your SQL syntax; check the manual that corresponds to your MySQL server "
         "version for "
         "the right syntax to use near '" +
         rest + "' at line " + std::to_string(line);
}

}  // namespace

TEST_CASE("the server's rest of a statement is found back in it") {
  const std::string statement = "CREATE TABLE t (\n  id int,\n  v intt,\n  w int\n)";
  CHECK(offset_of_error(syntax_error("intt,\n  w int\n)", 3), statement) == statement.find("intt"));
}

TEST_CASE("a rest that is cut to 80 characters is looked for from its line on") {
  const std::string tail(200, 'x');
  const std::string statement = "SELECT foo\nFROM wher " + tail + "\nand FROM wher " + tail;
  CHECK(offset_of_error(syntax_error(("wher " + tail).substr(0, 80), 3), statement) ==
        statement.rfind("wher"));
}

TEST_CASE("an empty rest means that the text ended too early") {
  CHECK(offset_of_error(syntax_error("", 2), "CREATE TABLE t\n(a int") == 21U);
  // MariaDB cuts a long rest and says so.
  CHECK(offset_of_error(syntax_error("--,FOREIGN KEY (a)\n  --,UN...", 2),
                        "CREATE TABLE t (a int\n--,FOREIGN KEY (a)\n  --,UNIQUE (a)\n)") == 22U);
  CHECK(offset_of_error(syntax_error("(a ...", 1), "CREATE TABL t (a ...") == 14U);
}

TEST_CASE("quotes in the rest do not end it") {
  const std::string statement = "SELECT a FRM t WHERE b = 'it''s' AND c = 1";
  CHECK(offset_of_error(syntax_error("t WHERE b = 'it''s' AND c = 1", 1), statement) == 13U);
}

TEST_CASE("what does not fit the statement names no place") {
  CHECK_FALSE(offset_of_error(syntax_error("something else", 1), "SELECT 1").has_value());
  CHECK_FALSE(offset_of_error(syntax_error("SELECT", 7), "SELECT 1").has_value());
  CHECK_FALSE(offset_of_error("Table 'x' doesn't exist", "SELECT 1").has_value());
  CHECK_FALSE(offset_of_error("near 'x' at line many", "SELECT x").has_value());
}

TEST_CASE("answers of the server have a kind and an advice") {
  CHECK(mysql::answered(1064, "42000", "m").kind == ErrorKind::server);
  CHECK(mysql::answered(1205, "HY000", "m").kind == ErrorKind::timeout);
  CHECK(mysql::answered(3024, "HY000", "m").kind == ErrorKind::timeout);
  CHECK(mysql::answered(1969, "70100", "m").kind == ErrorKind::timeout);
  CHECK(mysql::answered(1317, "70100", "m").kind == ErrorKind::interrupted);
  for (const unsigned lost : {2006U, 2013U, 1053U, 1927U}) {
    CHECK(mysql::answered(lost, "HY000", "m").kind == ErrorKind::connection);
    CHECK(mysql::answered(lost, "HY000", "m").connection_lost);
  }
}

TEST_CASE("each way not to get in has its own advice") {
  const DatabaseUrl url = parse_url("mysql://me:hunter2@db.example:3307/shop");
  const auto text = [&](unsigned code, const char* message) {
    return describe(mysql::connect_error(code, message, url).details());
  };
  CHECK(text(1045, "Access denied for user 'me'@'h' (using password: YES)") ==
        "error: cannot connect to db.example:3307: Access denied for user 'me'@'h' (using password: YES)\n"
        "  code 1045\n"
        "  next: check user and password; the account's host matters too ('user'@'%'), and one that requires "
        "TLS "
        "needs ssl-mode=required\n");
  CHECK(text(1049, "Unknown database 'shop'") ==
        "error: cannot connect to db.example:3307: Unknown database 'shop'\n"
        "  code 1049\n"
        "  next: create it with: toolkit create\n");
  CHECK(text(0, "hunter2 is in here") == "error: cannot connect to db.example:3307: *** is in here\n");
  for (const unsigned code : {1040U, 1044U, 2002U, 2005U, 2013U, 2026U, 2059U, 3159U, 5010U}) {
    CHECK_FALSE(mysql::connect_error(code, "m", url).details().advice.empty());
  }
}

#endif

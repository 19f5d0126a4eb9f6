#include "toolkit/script.hpp"

#include <doctest/doctest.h>

#include <string>

#include "script_syntaxes.hpp"
#include "toolkit/error.hpp"

using namespace toolkit;

namespace {

std::string kinds_of(const std::string& text, const std::string& flavour) {
  std::string result;
  std::size_t end = 0;
  for (const Token& token : tokenize(text, test::script_syntax_of(flavour))) {
    CHECK(token.begin == end);
    end = token.end;
    constexpr std::string_view letters = "wisn.c ;";
    result += letters[static_cast<std::size_t>(token.kind)];
  }
  CHECK(end == text.size());
  return result;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("tokens cover the text") {
  CHECK(kinds_of("SELECT a.\"b\", 'c' || $1; -- d", "postgresql") == "w w.i. s .. .n; c");
  CHECK(kinds_of("E'\\'' $a$;$a$ 'x", "postgresql") == "s s s");
  CHECK(kinds_of("/*!50003 a /* b */ */ `c` # d", "mysql") == "c w c c i c");
  CHECK(kinds_of("[a] `b` \"c\"", "sqlite") == "i i i");
  CHECK(kinds_of("", "sqlite").empty());
}

TEST_CASE("a quote means what the sql_mode says") {
  const std::string text = "SELECT \"a\\\"; SELECT 2; --\"";
  CHECK(scan_script(text, mysql::script_syntax("mysql", ""), "a").statements.size() == 1);
  const ScriptSyntax ansi = mysql::script_syntax("mysql", "STRICT_TRANS_TABLES,ansi_quotes");
  CHECK_FALSE(ansi.double_quoted_strings);
  CHECK_THROWS_AS(scan_script(text, ansi, "a"), Error);
  const ScriptSyntax plain = mysql::script_syntax("mariadb", "NO_BACKSLASH_ESCAPES");
  CHECK(scan_script("SELECT '\\'; SELECT 2", plain, "a").statements.size() == 2);
}

TEST_CASE("leading words skip comments and stop at what is no word") {
  const ScriptSyntax mysql = test::script_syntax_of("mysql");
  CHECK(leading_words("/* a */ create -- b\n Unique INDEX `c`", mysql, 9) ==
        Words{"CREATE", "UNIQUE", "INDEX"});
  CHECK(leading_words("/*!40000 DROP */ TABLE x", mysql, 2) == Words{"DROP", "TABLE"});
  CHECK(leading_words("(SELECT 1)", mysql, 3).empty());
  CHECK(leading_words("a b", mysql, 0).empty());
}

TEST_CASE("the advice for a second statement names files that fit the grammar") {
  const auto advice = [](const std::string& path) {
    try {
      scan_migration("SELECT 1; SELECT 2", test::script_syntax_of("sqlite"), path);
    } catch (const Error& error) {
      return error.details().advice;
    }
    return std::string("no error");
  };
  CHECK(advice("m/0003_x.pg.down.sql") ==
        "write one step for each statement, in their order: 0003_x.postgresql.down.1.sql and "
        "0003_x.postgresql.down.2.sql instead of 0003_x.pg.down.sql; or give each its own version");
  CHECK(advice("0003_x.up.2.sql") ==
        "write a step of its own for each statement, and number the later steps of 0003_x again");
  CHECK(advice("notes.txt") == "write one file for each statement");
}

TEST_CASE("hostile text of many nested openers is scanned without recursion") {
  constexpr std::size_t repeats = 60'000;  // deeper than a stack of 8 MiB holds frames of a recursive scanner
  const std::vector<std::string> openers = {"(",
                                            "/*",
                                            "'",
                                            "\"",
                                            "$",
                                            "$a$",
                                            "$a",
                                            "E''\n",
                                            "CASE ",
                                            "[",
                                            "`",
                                            ";",
                                            "--\n",
                                            "CREATE TRIGGER t BEGIN ",
                                            "BEGIN ",
                                            "IF ",
                                            "DELIMITER ;\n",
                                            "/*!",
                                            "END "};
  for (const auto& each : test::script_syntaxes()) {
    const auto& syntax = each.second;
    for (const std::string& opener : openers) {
      CAPTURE(each.first);
      CAPTURE(opener);
      std::string text = "CREATE PROCEDURE p() BEGIN ";
      for (std::size_t i = 0; i < repeats; ++i) {
        text += opener;
      }
      const std::vector<Token> tokens = tokenize(text, syntax);
      CHECK(tokens.back().end == text.size());
      try {
        scan_script(text, syntax, "a");
      } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::files);
      }
    }
  }
}

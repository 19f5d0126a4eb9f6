#include "script_syntax.hpp"

#include <algorithm>
#include <string>

namespace toolkit::mysql {

namespace {

std::vector<RefusedStatement> refused_statements() {
  const std::string starts = "would start a transaction beside those of the toolkit";
  const std::string ends = "would end the transaction that the toolkit holds";
  const std::string splits = "would split the transaction that the toolkit holds";
  const std::string changes = "would change the next transaction of the toolkit";
  const std::string locks = "would change the table locks of the toolkit's session";
  const std::string remove = "remove it";
  return {
      {"BEGIN", starts, remove},
      {"START TRANSACTION", starts, remove},
      {"COMMIT", ends, remove},
      {"ROLLBACK", ends, remove},
      {"SAVEPOINT", splits, remove},
      {"RELEASE SAVEPOINT", splits, remove},
      {"XA", "would start or end a transaction beside those of the toolkit", remove},
      {"LOCK TABLES", locks, remove},
      {"LOCK TABLE", locks, remove},
      {"UNLOCK TABLES", locks, remove},
      {"UNLOCK TABLE", locks, remove},
      {"SET TRANSACTION", changes, remove},
      {"SET SESSION TRANSACTION", changes, remove},
      {"SET LOCAL TRANSACTION", changes, remove},
      {"USE", "would change the database of the toolkit's session",
       "write the database before the name: CREATE TABLE other.users …"},
  };
}

std::vector<RefusedStatement> refused_settings() {
  return {
      {"AUTOCOMMIT", "would change how the toolkit's own transactions end", "remove it"},
      {"COMPLETION_TYPE", "would change how the toolkit's own transactions end", "remove it"},
  };
}

bool has_mode(std::string_view sql_mode, std::string_view mode) {
  while (!sql_mode.empty()) {
    const std::size_t comma = std::min(sql_mode.find(','), sql_mode.size());
    const std::string_view each = sql_mode.substr(0, comma);
    const bool same = std::equal(each.begin(), each.end(), mode.begin(), mode.end(), [](char a, char b) {
      return (a >= 'a' && a <= 'z' ? a - 'a' + 'A' : a) == b;
    });
    if (same) {
      return true;
    }
    sql_mode.remove_prefix(std::min(comma + 1, sql_mode.size()));
  }
  return false;
}

}  // namespace

ScriptSyntax script_syntax(std::string_view flavour, std::string_view sql_mode) {
  const bool mariadb = flavour == "mariadb";
  const bool ansi =
      has_mode(sql_mode, "ANSI_QUOTES") || has_mode(sql_mode, "ANSI") || has_mode(sql_mode, "ORACLE");
  ScriptSyntax syntax;
  syntax.dollar_quotes = !mariadb;  // MySQL 9: … LANGUAGE JAVASCRIPT AS $$ … $$
  syntax.backslash_escapes = !has_mode(sql_mode, "NO_BACKSLASH_ESCAPES");
  syntax.double_quoted_strings = !ansi;
  syntax.backquoted_identifiers = true;
  syntax.hash_comments = true;
  syntax.dash_comments_need_space = true;
  syntax.dollar_starts_words = true;
  syntax.executable_comments = true;
  syntax.delimiter_lines = true;
  syntax.routine_bodies = true;
  syntax.compound_statements = mariadb;
  syntax.client_command_prefix = '\\';
  syntax.client_words = {"SOURCE", "TEE", "NOTEE", "PAGER", "NOPAGER"};
  syntax.client_name = mariadb ? "mariadb" : "mysql";
  syntax.refused_statements = refused_statements();
  syntax.refused_settings = refused_settings();
  return syntax;
}

}  // namespace toolkit::mysql

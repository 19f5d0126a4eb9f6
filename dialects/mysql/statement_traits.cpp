#include "statement_traits.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "script_syntax.hpp"
#include "toolkit/script.hpp"

namespace toolkit::mysql {

namespace {

using Words = std::vector<std::string>;

// Executable comments and MariaDB's words are read here too: a superset does no harm to a prediction.
const ScriptSyntax& syntax() {
  static const ScriptSyntax value = script_syntax("mariadb", "");
  return value;
}

std::string upper(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return result;
}

bool is(const Words& words, std::size_t at, std::initializer_list<std::string_view> any) {
  return at < words.size() && std::find(any.begin(), any.end(), words[at]) != any.end();
}

// The statement's words and symbols outside strings and comments, upper case, parentheses kept.
Words code_tokens(std::string_view statement) {
  Words tokens;
  for (const Token& token : tokenize(statement, syntax())) {
    if (token.kind == TokenKind::word || token.kind == TokenKind::symbol) {
      tokens.push_back(upper(statement.substr(token.begin, token.end - token.begin)));
    }
  }
  return tokens;
}

// WITH … common table expressions stand in parentheses: the first verb outside of them counts.
std::string verb_after_with(const Words& tokens) {
  int depth = 0;
  for (const std::string& token : tokens) {
    depth += token == "(" ? 1 : token == ")" ? -1 : 0;
    if (depth == 0 && (token == "UPDATE" || token == "DELETE" || token == "INSERT" || token == "SELECT")) {
      return token;
    }
  }
  return {};
}

bool has_list(const Words& tokens) {
  int depth = 0;
  for (const std::string& token : tokens) {
    depth += token == "(" ? 1 : token == ")" ? -1 : 0;
    if (depth == 0 && token == ",") {
      return true;
    }
  }
  return false;
}

// What is not in one database: MySQL 9.4 manual, chapter 15 (15.7 account management, administrative
// statements), MariaDB's "SQL statements". Rights on a database stand in tables of the server, too.
std::string_view beyond_database(const Words& words, std::string_view statement) {
  if (is(words, 0, {"CREATE", "ALTER", "DROP", "RENAME"})) {
    const std::size_t object = is(words, 1, {"OR"}) ? 3 : 1;
    return is(words, object, {"USER", "ROLE", "RESOURCE"}) ? "accounts of the server"
           : is(words, object, {"DATABASE", "SCHEMA"})     ? "databases of the server"
           : is(words, object, {"SERVER", "TABLESPACE", "UNDO", "LOGFILE", "INSTANCE"}) ? "the server itself"
                                                                                        : std::string_view();
  }
  if (is(words, 0, {"GRANT", "REVOKE"}) || (is(words, 0, {"SET"}) && is(words, 1, {"PASSWORD", "ROLE"}))) {
    return "accounts of the server";
  }
  if (is(words, 0, {"SET"})) {
    const Words all = code_tokens(statement);
    const bool is_global = std::any_of(all.begin(), all.end(), [](const std::string& word) {
      return word == "GLOBAL" || word == "PERSIST" || word == "PERSIST_ONLY" || word == "@@GLOBAL" ||
             word == "@@PERSIST" || word == "@@PERSIST_ONLY";
    });
    return is_global ? "settings of the server" : std::string_view();
  }
  return is(words, 0,
            {"SHUTDOWN", "RESTART", "RESET", "FLUSH", "INSTALL", "UNINSTALL", "KILL", "CHANGE", "START",
             "STOP", "CLONE", "PURGE", "LOAD"})
             ? "the server itself"
             : std::string_view();
}

}  // namespace

StatementTraits statement_traits(std::string_view statement) {
  const Words words = leading_words(statement, syntax(), 4);
  StatementTraits traits;
  traits.is_row_change = is(words, 0, {"INSERT", "UPDATE", "DELETE", "REPLACE"}) ||
                         (is(words, 0, {"LOAD"}) && is(words, 1, {"DATA", "XML"}));
  if (is(words, 0, {"WITH"})) {
    const std::string verb = verb_after_with(code_tokens(statement));
    traits.is_row_change = verb == "UPDATE" || verb == "DELETE" || verb == "INSERT";
  }
  traits.beyond_database = beyond_database(words, statement);
  const std::size_t object = is(words, 1, {"TEMPORARY"}) ? 2 : 1;
  traits.drops_table = is(words, 0, {"DROP"}) && is(words, object, {"TABLE", "TABLES"});
  traits.is_destructive =
      (is(words, 0, {"DROP"}) && is(words, object, {"TABLE", "TABLES", "DATABASE", "SCHEMA"})) ||
      is(words, 0, {"TRUNCATE"});
  return traits;
}

std::string_view what_an_error_may_leave(std::string_view statement, bool is_mariadb) {
  const Words words = leading_words(statement, syntax(), 4);
  if (is(words, 0, {"CALL"}) || is(words, 0, {"EXECUTE"}) ||
      (is(words, 0, {"BEGIN"}) && is(words, 1, {"NOT"}))) {
    return "what the procedure did before the error may have been committed";
  }
  if (is(words, 0, {"DROP"}) && is(words, 1, {"DATABASE", "SCHEMA"})) {
    return "a part of the database's tables may be gone";
  }
  if (is_mariadb && is(words, 0, {"DROP"}) && is(words, 1, {"TABLE", "TABLES", "VIEW"}) &&
      has_list(code_tokens(statement))) {
    return "MariaDB drops a list one by one: those that exist are gone";
  }
  if (is_mariadb && is(words, 0, {"CREATE"}) && is(words, 1, {"OR"}) && is(words, 2, {"REPLACE"}) &&
      is(words, 3, {"TABLE"})) {
    return "MariaDB drops the old table first: it may be gone";
  }
  return {};
}

bool may_change_session(std::string_view statement) {
  // Whether the server runs it cannot be told here; one round trip more does no harm.
  if (statement.find("/*!") != std::string_view::npos || statement.find("/*M!") != std::string_view::npos) {
    return true;
  }
  const Words words = leading_words(statement, syntax(), 1);
  return is(words, 0, {"SET", "CALL", "EXECUTE", "PREPARE", "BEGIN"});
}

}  // namespace toolkit::mysql

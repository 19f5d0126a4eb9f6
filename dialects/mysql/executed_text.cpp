#include "executed_text.hpp"

#include <algorithm>
#include <optional>

#include "script_syntax.hpp"
#include "toolkit/script.hpp"

namespace toolkit::mysql {

namespace {

bool is_marker(std::string_view comment) {
  return comment.starts_with("/*!") || comment.starts_with("/*M!") || comment.starts_with("*/");
}

// The number behind the marker that begins at `at`; 0 for none. Fewer than five digits are code.
int version_in(std::string_view text, std::size_t at) {
  std::size_t digits = 0;
  int version = 0;
  while (digits < 6 && at + digits < text.size() && text[at + digits] >= '0' && text[at + digits] <= '9') {
    version = version * 10 + (text[at + digits] - '0');
    ++digits;
  }
  return digits < 5 ? 0 : version;
}

bool runs_here(std::string_view comment, bool is_mariadb, int version_number) {
  const bool is_mariadbs = comment.starts_with("/*M!");
  if (is_mariadbs && !is_mariadb) {
    return false;
  }
  const int version = version_in(comment, is_mariadbs ? 4 : 3);
  const bool is_mysqls = !is_mariadbs && version >= 50700 && version <= 99999;
  return version <= version_number && !(is_mariadb && is_mysqls);
}

// Behind the comment that begins at `begin`, of which one may stand in it.
std::size_t end_of_comment(std::string_view text, std::size_t begin) {
  std::size_t at = begin + 2;
  while (at < text.size()) {
    if (text.substr(at).starts_with("*/")) {
      return at + 2;
    }
    const std::size_t inner_end = text.substr(at).starts_with("/*") ? text.find("*/", at + 2) : text.npos;
    at = inner_end == text.npos ? at + 1 : inner_end + 2;
  }
  return text.size();
}

void blank(std::string& text, std::size_t begin, std::size_t end) {
  std::replace_if(
      text.begin() + static_cast<std::ptrdiff_t>(begin), text.begin() + static_cast<std::ptrdiff_t>(end),
      [](char c) { return c != '\n'; }, ' ');
}

std::optional<std::size_t> first_that_does_not_run(std::string_view text, const std::vector<Token>& tokens,
                                                   bool is_mariadb, int version_number) {
  for (const Token& token : tokens) {
    const std::string_view comment = text.substr(token.begin);
    const bool opens = is_marker(comment) && !comment.starts_with("*/");
    if (token.kind == TokenKind::comment && opens && !runs_here(comment, is_mariadb, version_number)) {
      return token.begin;
    }
  }
  return std::nullopt;
}

}  // namespace

std::string executed_text(std::string_view statement, bool is_mariadb, int version_number) {
  std::string text(statement);
  if (text.find("/*!") == std::string::npos && text.find("/*M!") == std::string::npos) {
    return text;
  }
  const ScriptSyntax syntax = script_syntax(is_mariadb ? "mariadb" : "mysql", "");
  std::vector<Token> tokens = tokenize(text, syntax);
  // Read again behind each: what stands in one that does not run is no code, and its quotes are none.
  while (const auto begin = first_that_does_not_run(text, tokens, is_mariadb, version_number)) {
    blank(text, *begin, end_of_comment(text, *begin));
    tokens = tokenize(text, syntax);
  }
  for (const Token& token : tokens) {
    if (token.kind == TokenKind::comment && is_marker(std::string_view(text).substr(token.begin))) {
      blank(text, token.begin, token.end);
    }
  }
  return text;
}

std::string executed_text(std::string_view statement, const ServerInfo& server) {
  return executed_text(statement, server.flavour == "mariadb", server.version_number);
}

}  // namespace toolkit::mysql

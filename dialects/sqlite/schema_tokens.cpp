#include "schema_tokens.hpp"

#include <algorithm>
#include <array>

#include "script_syntax.hpp"

namespace toolkit::sqlite {

namespace {

char lower_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char upper_letter(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_word(const CodeToken& token, std::string_view word) {
  return token.kind == TokenKind::word && token.text.size() == word.size() &&
         std::equal(word.begin(), word.end(), token.text.begin(),
                    [](char a, char b) { return a == upper_letter(b); });
}

// The scanner needs no numbers: 1.5e-3 are five tokens to it, x'00' two.
bool goes_on(const CodeToken& before, const CodeToken& token) {
  if (!token.is_glued) {
    return false;
  }
  if (before.kind == TokenKind::word) {
    return token.kind == TokenKind::string && (before.text == "x" || before.text == "X");
  }
  const bool is_dot = token.text == ".";
  const bool is_number = token.kind == TokenKind::number;
  if (before.kind == TokenKind::symbol) {
    return before.text == "." && is_number;
  }
  if (before.kind != TokenKind::number) {
    return false;
  }
  const bool is_hexadecimal = before.text.size() > 1 && upper_letter(before.text[1]) == 'X';
  const bool is_exponent = !is_hexadecimal && upper_letter(before.text.back()) == 'E';
  const bool is_sign = token.text == "+" || token.text == "-";
  return is_dot || is_number || token.kind == TokenKind::word || (is_exponent && is_sign);
}

// Sorted. What SQLite takes for no name without quotes (3.40), and what means something else in an
// expression.
constexpr std::array<std::string_view, 75> key_words = {"ADD",
                                                        "ALL",
                                                        "ALTER",
                                                        "AND",
                                                        "AS",
                                                        "ASC",
                                                        "AUTOINCREMENT",
                                                        "BETWEEN",
                                                        "BY",
                                                        "CASE",
                                                        "CAST",
                                                        "CHECK",
                                                        "COLLATE",
                                                        "COMMIT",
                                                        "CONSTRAINT",
                                                        "CREATE",
                                                        "CURRENT_DATE",
                                                        "CURRENT_TIME",
                                                        "CURRENT_TIMESTAMP",
                                                        "DEFAULT",
                                                        "DEFERRABLE",
                                                        "DELETE",
                                                        "DESC",
                                                        "DISTINCT",
                                                        "DROP",
                                                        "ELSE",
                                                        "END",
                                                        "ESCAPE",
                                                        "EXCEPT",
                                                        "EXISTS",
                                                        "FALSE",
                                                        "FILTER",
                                                        "FOREIGN",
                                                        "FROM",
                                                        "GLOB",
                                                        "GROUP",
                                                        "HAVING",
                                                        "IN",
                                                        "INDEX",
                                                        "INSERT",
                                                        "INTERSECT",
                                                        "INTO",
                                                        "IS",
                                                        "ISNULL",
                                                        "JOIN",
                                                        "LIKE",
                                                        "LIMIT",
                                                        "MATCH",
                                                        "NOT",
                                                        "NOTHING",
                                                        "NOTNULL",
                                                        "NULL",
                                                        "ON",
                                                        "OR",
                                                        "ORDER",
                                                        "OVER",
                                                        "PRIMARY",
                                                        "RAISE",
                                                        "REFERENCES",
                                                        "REGEXP",
                                                        "RETURNING",
                                                        "SELECT",
                                                        "SET",
                                                        "TABLE",
                                                        "THEN",
                                                        "TO",
                                                        "TRANSACTION",
                                                        "TRUE",
                                                        "UNION",
                                                        "UNIQUE",
                                                        "UPDATE",
                                                        "USING",
                                                        "VALUES",
                                                        "WHEN",
                                                        "WHERE"};

}  // namespace

std::string upper_case(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return result;
}

bool is_symbol(const CodeToken& token, char symbol) {
  return token.kind == TokenKind::symbol && token.text.front() == symbol;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower_letter);
  return result;
}

bool is_key_word(std::string_view word) {
  std::array<char, 20> upper_case{};  // as long as the longest of them
  if (word.size() > upper_case.size()) {
    return false;
  }
  std::transform(word.begin(), word.end(), upper_case.begin(), upper_letter);
  return std::binary_search(key_words.begin(), key_words.end(),
                            std::string_view(upper_case.data(), word.size()));
}

CodeTokens code_tokens(std::string_view statement) {
  static const ScriptSyntax syntax = script_syntax();
  CodeTokens tokens;
  std::size_t last_end = std::string_view::npos;
  for (const Token& token : tokenize(statement, syntax)) {
    if (token.kind == TokenKind::space || token.kind == TokenKind::comment) {
      continue;
    }
    const std::string_view text = statement.substr(token.begin, token.end - token.begin);
    const CodeToken code = {token.kind, text, token.begin, token.begin == last_end};
    last_end = token.end;
    if (!tokens.empty() && goes_on(tokens.back(), code)) {
      CodeToken& before = tokens.back();
      before.kind = before.kind == TokenKind::word ? TokenKind::string : TokenKind::number;
      before.text = statement.substr(before.begin, token.end - before.begin);
    } else {
      tokens.push_back(code);
    }
  }
  return tokens;
}

bool is_name(const CodeToken& token) {
  return token.kind == TokenKind::word || token.kind == TokenKind::quoted_identifier ||
         (token.kind == TokenKind::string && token.text.front() == '\'');
}

std::string name_of(const CodeToken& token) {
  if (token.kind == TokenKind::word || token.text.size() < 2) {
    return std::string(token.text);
  }
  const char quote = token.text.front();
  std::string name;
  for (std::size_t i = 1; i + 1 < token.text.size(); ++i) {
    name += token.text[i];
    i += token.text[i] == quote && quote != '[' ? 1U : 0U;  // a doubled quote
  }
  return name;
}

std::string written(std::string_view name) {
  bool is_simple = !name.empty() && !is_digit(name.front()) && !is_key_word(name);
  for (const char c : name) {
    const char l = lower_letter(c);
    is_simple = is_simple && ((l >= 'a' && l <= 'z') || is_digit(c) || c == '_');
  }
  if (is_simple) {
    return std::string(name);
  }
  std::string result = "\"";
  for (const char c : name) {
    result.append(c == '"' ? 2U : 1U, c);
  }
  return result + '"';
}

bool Cursor::is(char symbol) const {
  return !is_at_end() && here().kind == TokenKind::symbol && here().text.front() == symbol;
}

bool Cursor::is(std::string_view word, std::size_t ahead) const {
  return at_ + ahead < tokens_->size() && is_word((*tokens_)[at_ + ahead], word);
}

bool Cursor::take(char symbol) {
  const bool takes = is(symbol);
  at_ += takes ? 1U : 0U;
  return takes;
}

bool Cursor::take(std::string_view word) {
  const bool takes = is(word);
  at_ += takes ? 1U : 0U;
  return takes;
}

bool Cursor::take(std::string_view first, std::string_view second) {
  const bool takes = is(first) && is(second, 1);
  at_ += takes ? 2U : 0U;
  return takes;
}

bool Cursor::take_name(std::string& name) {
  if (is_at_end() || !sqlite::is_name(here())) {
    fail();
    return false;
  }
  name = name_of(here());
  advance();
  return true;
}

CodeTokens Cursor::take_parentheses() {
  CodeTokens inner;
  std::size_t depth = 0;
  do {
    if (is_at_end()) {
      fail();
      return {};
    }
    depth += is('(') ? 1U : 0U;
    depth -= is(')') && depth > 0 ? 1U : 0U;
    inner.push_back(here());
    advance();
  } while (depth > 0);
  if (inner.size() < 2) {
    fail();
    return {};
  }
  return {inner.begin() + 1, inner.end() - 1};
}

}  // namespace toolkit::sqlite

#include "statement_words.hpp"

#include <algorithm>

#include "script_syntax.hpp"

namespace toolkit::mysql {

namespace {

char upper_letter(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

std::string unquoted(std::string_view text) {
  std::string name;
  const char quote = text.front();
  const std::size_t end = text.size() > 1 && text.back() == quote ? text.size() - 1 : text.size();
  for (std::size_t i = 1; i < end; ++i) {
    name.push_back(text[i]);
    i += text[i] == quote ? 1 : 0;
  }
  return name;
}

// MariaDB's words are read here too: a superset does no harm, since what does not fit is opaque.
std::vector<StatementWord> words_of(std::string_view statement) {
  static const ScriptSyntax syntax = script_syntax("mariadb", "");
  std::vector<StatementWord> words;
  for (const Token& token : tokenize(statement, syntax)) {
    if (token.kind == TokenKind::comment || token.kind == TokenKind::space ||
        token.kind == TokenKind::semicolon) {
      continue;
    }
    const std::string text(statement.substr(token.begin, token.end - token.begin));
    const bool is_quoted = token.kind == TokenKind::quoted_identifier || token.kind == TokenKind::string;
    words.push_back({token.kind, is_quoted ? "" : upper_case(text), is_quoted ? unquoted(text) : text, text});
  }
  return words;
}

}  // namespace

std::string upper_case(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), upper_letter);
  return result;
}

bool same_name(std::string_view a, std::string_view b) { return upper_case(a) == upper_case(b); }

StatementReader::StatementReader(std::string_view statement) : words_(words_of(statement)) {}

std::string_view StatementReader::peek(std::size_t ahead) const {
  return at_ + ahead < words_.size() ? std::string_view(words_[at_ + ahead].upper) : std::string_view();
}

bool StatementReader::is_any(std::initializer_list<std::string_view> words) const {
  return !peek().empty() && std::find(words.begin(), words.end(), peek()) != words.end();
}

bool StatementReader::take(std::initializer_list<std::string_view> words) {
  std::size_t ahead = 0;
  for (const std::string_view word : words) {
    if (peek(ahead++) != word) {
      return false;
    }
  }
  at_ += words.size();
  return true;
}

bool StatementReader::take_any(std::initializer_list<std::string_view> words) {
  const bool found = is_any(words);
  at_ += found ? 1 : 0;
  return found;
}

bool StatementReader::is_name() const {
  if (at_end()) {
    return false;
  }
  const StatementWord& word = words_[at_];
  return word.kind == TokenKind::word || word.kind == TokenKind::quoted_identifier ||
         (word.kind == TokenKind::string && word.text.front() == '"');
}

std::optional<std::string> StatementReader::take_plain_name() {
  if (!is_name()) {
    return std::nullopt;
  }
  return words_[at_++].name;
}

std::optional<WrittenName> StatementReader::take_name() {
  std::optional<std::string> first = take_plain_name();
  if (!first) {
    return std::nullopt;
  }
  if (peek() == "." && at_ + 1 < words_.size()) {
    ++at_;
    if (std::optional<std::string> second = take_plain_name()) {
      return WrittenName{std::move(*first), std::move(*second)};
    }
    return std::nullopt;
  }
  return WrittenName{"", std::move(*first)};
}

std::optional<std::string> StatementReader::take_account() {
  if (at_end() || words_[at_].kind == TokenKind::symbol || words_[at_].kind == TokenKind::number) {
    return std::nullopt;
  }
  std::string account = words_[at_++].text;
  if (peek() == "@" && at_ + 1 < words_.size()) {
    account += "@" + words_[at_ + 1].text;
    at_ += 2;
  }
  return account;
}

bool StatementReader::skip_parentheses() {
  if (peek() != "(") {
    return false;
  }
  int depth = 0;
  do {
    depth += peek() == "(" ? 1 : peek() == ")" ? -1 : 0;
    ++at_;
  } while (depth > 0 && !at_end());
  return true;
}

bool StatementReader::skip_to(std::initializer_list<std::string_view> words) {
  while (!at_end() && !is_any(words)) {
    if (!skip_parentheses()) {
      ++at_;
    }
  }
  return !at_end();
}

std::vector<StatementReader> StatementReader::clauses() const {
  std::vector<StatementReader> all;
  std::vector<StatementWord> clause;
  int depth = 0;
  for (std::size_t i = at_; i < words_.size(); ++i) {
    const std::string& word = words_[i].upper;
    depth += word == "(" ? 1 : word == ")" ? -1 : 0;
    if (word != "," || depth > 0) {
      clause.push_back(words_[i]);
    }
    if (!clause.empty() && ((word == "," && depth == 0) || i + 1 == words_.size())) {
      all.emplace_back(std::exchange(clause, {}));
    }
  }
  return all;
}

std::vector<StatementWord> StatementReader::rest() const {
  return {words_.begin() + static_cast<std::ptrdiff_t>(std::min(at_, words_.size())), words_.end()};
}

}  // namespace toolkit::mysql

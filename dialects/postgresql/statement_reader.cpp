#include "statement_reader.hpp"

#include <algorithm>

#include "script_syntax.hpp"

namespace toolkit::postgresql {

namespace {

std::string folded(std::string_view word, char from, char to, int distance) {
  std::string text(word);
  std::transform(text.begin(), text.end(), text.begin(),
                 [&](char c) { return c >= from && c <= to ? static_cast<char>(c + distance) : c; });
  return text;
}

}  // namespace

std::string upper(std::string_view word) { return folded(word, 'a', 'z', 'A' - 'a'); }
std::string lower(std::string_view word) { return folded(word, 'A', 'Z', 'a' - 'A'); }

StatementReader::StatementReader(std::string_view statement) : text_(statement) {
  for (const Token& token : tokenize(statement, script_syntax())) {
    if (token.kind != TokenKind::space && token.kind != TokenKind::comment) {
      tokens_.push_back(token);
    }
  }
}

bool StatementReader::at_end() const {
  return next_ == tokens_.size() || tokens_[next_].kind == TokenKind::semicolon;
}

std::string_view StatementReader::peek() const {
  return next_ == tokens_.size()
             ? std::string_view()
             : text_.substr(tokens_[next_].begin, tokens_[next_].end - tokens_[next_].begin);
}

bool StatementReader::is(std::string_view word) const {
  return !at_end() && tokens_[next_].kind == TokenKind::word && upper(peek()) == word;
}

bool StatementReader::take(std::initializer_list<std::string_view> words) {
  const std::size_t begin = next_;
  for (const std::string_view word : words) {
    if (!is(word)) {
      next_ = begin;
      return false;
    }
    ++next_;
  }
  return true;
}

bool StatementReader::take_symbol(std::string_view symbol) {
  const bool there = !at_end() && tokens_[next_].kind == TokenKind::symbol && peek() == symbol;
  next_ += there ? 1U : 0U;
  return there;
}

std::optional<std::string> StatementReader::identifier() {
  if (at_end() ||
      (tokens_[next_].kind != TokenKind::word && tokens_[next_].kind != TokenKind::quoted_identifier)) {
    return std::nullopt;
  }
  std::string name(peek());
  ++next_;
  if (next_ < tokens_.size() && peek() == "&" && tokens_[next_].begin == tokens_[next_ - 1].end) {
    return std::nullopt;
  }
  return name;
}

std::optional<std::string> StatementReader::qualified_name() {
  std::optional<std::string> name = identifier();
  if (name && take_symbol(".")) {
    const std::optional<std::string> second = identifier();
    if (!second || (!at_end() && peek() == ".")) {
      return std::nullopt;
    }
    *name += "." + *second;
  }
  return name;
}

std::optional<std::string> StatementReader::string() {
  if (at_end() || tokens_[next_].kind != TokenKind::string || peek().front() != '\'' || peek().size() < 2) {
    return std::nullopt;
  }
  std::string value;
  const std::string_view inside = peek().substr(1, peek().size() - 2);
  for (std::size_t i = 0; i < inside.size(); ++i) {
    value += inside[i];
    i += inside[i] == '\'' ? 1U : 0U;
  }
  ++next_;
  return value;
}

std::vector<std::string> StatementReader::options() {
  std::vector<std::string> words;
  if (take_symbol("(")) {
    while (!at_end() && !take_symbol(")")) {
      words.push_back(upper(peek()));
      ++next_;
    }
  }
  return words;
}

std::string StatementReader::rest() {
  std::string text;
  for (; !at_end(); ++next_) {
    const bool is_word = tokens_[next_].kind == TokenKind::word;
    text += (text.empty() ? "" : " ") + (is_word ? lower(peek()) : std::string(peek()));
  }
  return text;
}

}  // namespace toolkit::postgresql

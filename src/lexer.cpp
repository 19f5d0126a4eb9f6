#include "lexer.hpp"

#include <algorithm>

#include "ascii.hpp"

namespace toolkit {

namespace {

bool is_word_start(char c) { return is_letter(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80; }
bool is_word_part(char c) { return is_word_start(c) || is_digit(c) || c == '$'; }
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

// PostgreSQL: 'a' <line end> 'b' is one string, and the second part keeps the escapes of the first.
// Blanks and `--` comments may stand between, the first of them on the first part's line.
std::size_t find_continuation(std::string_view text, std::size_t at) {
  bool line_ended = false;
  while (at < text.size()) {
    if (text[at] == '\'') {
      return line_ended ? at : std::string_view::npos;
    }
    if (text.substr(at).starts_with("--")) {
      at = std::min(text.find_first_of("\r\n", at), text.size());
    } else if (is_blank(text[at])) {
      line_ended = line_ended || text[at] == '\n' || text[at] == '\r';
      ++at;
    } else {
      break;
    }
  }
  return std::string_view::npos;
}

}  // namespace

bool is_executable_marker(std::string_view comment, const ScriptSyntax& syntax) {
  return syntax.executable_comments &&
         (comment.starts_with("/*!") || comment.starts_with("/*M!") || comment.starts_with("*/"));
}

bool Lexer::next(Token& token) {
  if (at_ >= text_.size()) {
    return false;
  }
  terminated_ = true;
  token.begin = at_;
  token.kind = read_kind();
  token.end = at_;
  return true;
}

bool Lexer::next_code(Token& token) {
  while (next(token)) {
    if (token.kind != TokenKind::space && token.kind != TokenKind::comment) {
      return true;
    }
  }
  return false;
}

std::string_view Lexer::line_from(std::size_t offset) const {
  return text_.substr(offset, std::min(text_.find_first_of("\r\n", offset), text_.size()) - offset);
}

TokenKind Lexer::read_kind() {
  const char c = text_[at_];
  if (starts_delimiter()) {
    at_ += delimiter_.size();
    return TokenKind::semicolon;
  }
  if (is_blank(c)) {
    at_ = std::min(text_.find_first_not_of(" \t\n\v\f\r", at_), text_.size());
    return TokenKind::space;
  }
  if (starts_line_comment()) {
    read_line_comment();
    return TokenKind::comment;
  }
  if (c == '/' && peek(1) == '*') {
    return read_block_comment();
  }
  if (in_executable_ && c == '*' && peek(1) == '/') {
    at_ += 2;
    in_executable_ = false;
    return TokenKind::comment;
  }
  if (const auto quoted = read_quoted_text(c)) {
    return *quoted;
  }
  if (is_word_start(c) || (c == '$' && syntax_->dollar_starts_words)) {
    read_word();
    return TokenKind::word;
  }
  if (is_digit(c)) {
    // Whether `1e5` or `0x1F` is one number does not matter here; what may follow a digit does: PostgreSQL
    // reads 1$$…$$ as a number and a string.
    at_ = std::min(text_.find_first_not_of("0123456789", at_), text_.size());
    return TokenKind::number;
  }
  ++at_;
  return c == ';' ? TokenKind::semicolon : TokenKind::symbol;
}

// Strings and quoted identifiers: what opens one depends on the dialect.
std::optional<TokenKind> Lexer::read_quoted_text(char c) {
  if (c == '\'') {
    read_quoted('\'', syntax_->backslash_escapes);
    return TokenKind::string;
  }
  if (c == '"') {
    read_quoted('"', syntax_->double_quoted_strings && syntax_->backslash_escapes);
    return syntax_->double_quoted_strings ? TokenKind::string : TokenKind::quoted_identifier;
  }
  if (c == '`' && syntax_->backquoted_identifiers) {
    read_quoted('`', false);
    return TokenKind::quoted_identifier;
  }
  if (c == '[' && syntax_->bracketed_identifiers) {
    const std::size_t close = text_.find(']', at_);
    terminated_ = close != std::string_view::npos;
    at_ = terminated_ ? close + 1 : text_.size();
    return TokenKind::quoted_identifier;
  }
  if (syntax_->escape_strings && upper(c) == 'E' && peek(1) == '\'') {
    ++at_;
    read_escape_string();
    return TokenKind::string;
  }
  if (c == '$' && syntax_->dollar_quotes && read_dollar_quote()) {
    return TokenKind::string;
  }
  return std::nullopt;
}

bool Lexer::starts_delimiter() const { return !delimiter_.empty() && starts_with(delimiter_); }

bool Lexer::starts_line_comment() const {
  if (text_[at_] == '#') {
    return syntax_->hash_comments;
  }
  if (text_[at_] != '-' || peek(1) != '-') {
    return false;
  }
  // The end of the text counts as a control character, as it does for the server.
  return !syntax_->dash_comments_need_space || peek(2) == ' ' || is_control(peek(2));
}

void Lexer::read_line_comment() {
  const std::string_view ends = syntax_->carriage_return_ends_comment ? "\r\n" : "\n";
  at_ = std::min(text_.find_first_of(ends, at_), text_.size());
}

TokenKind Lexer::read_block_comment() {
  if (syntax_->executable_comments && !in_executable_ && (starts_with("/*!") || starts_with("/*M!"))) {
    in_executable_ = true;
    executable_begin_ = at_;
    at_ = std::min(text_.find('!', at_) + 1, text_.size());
    // The version is five or six digits; a seventh belongs to the code.
    for (int digits = 0; digits < 6 && is_digit(peek(0)); ++digits) {
      ++at_;
    }
    return TokenKind::comment;
  }
  const std::string_view stops = syntax_->nested_comments ? "/*" : "*";
  std::size_t depth = 1;
  at_ += 2;
  while (depth > 0) {
    at_ = std::min(text_.find_first_of(stops, at_), text_.size());
    if (at_ == text_.size()) {
      break;
    }
    const bool closes = starts_with("*/");
    const bool opens = syntax_->nested_comments && starts_with("/*");
    depth = closes ? depth - 1 : opens ? depth + 1 : depth;
    at_ += closes || opens ? 2 : 1;
  }
  terminated_ = depth == 0;
  return TokenKind::comment;
}

void Lexer::read_quoted(char quote, bool backslash_escapes) {
  const char stops[] = {quote, '\\'};
  const std::string_view stop(stops, backslash_escapes ? 2 : 1);
  ++at_;
  while (true) {
    at_ = text_.find_first_of(stop, at_);
    if (at_ >= text_.size()) {
      break;
    }
    if (text_[at_] == '\\' || peek(1) == quote) {
      at_ += 2;
    } else {
      ++at_;
      return;
    }
  }
  at_ = text_.size();
  terminated_ = false;
}

void Lexer::read_escape_string() {
  read_quoted('\'', true);
  while (terminated_) {
    const std::size_t continuation = find_continuation(text_, at_);
    if (continuation == std::string_view::npos) {
      return;
    }
    at_ = continuation;
    read_quoted('\'', true);
  }
}

bool Lexer::read_dollar_quote() {
  std::size_t tag_end = at_ + 1;
  if (tag_end < text_.size() && is_word_start(text_[tag_end])) {
    while (tag_end < text_.size() && is_word_part(text_[tag_end]) && text_[tag_end] != '$') {
      ++tag_end;
    }
  }
  if (tag_end >= text_.size() || text_[tag_end] != '$') {
    return false;
  }
  const std::string_view tag = text_.substr(at_, tag_end + 1 - at_);
  const std::size_t close = text_.find(tag, tag_end + 1);
  terminated_ = close != std::string_view::npos;
  at_ = terminated_ ? close + tag.size() : text_.size();
  return true;
}

void Lexer::read_word() {
  ++at_;
  while (at_ < text_.size() && is_word_part(text_[at_]) && !starts_delimiter()) {
    ++at_;
  }
}

}  // namespace toolkit

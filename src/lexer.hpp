#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "toolkit/script.hpp"

namespace toolkit {

/// Reads tokens one by one, so that a large file needs no list of them. A cheap value: a copy looks ahead.
/// `text` and `syntax` outlive it. Every byte belongs to exactly one token; iterative, linear.
class Lexer {
 public:
  Lexer(std::string_view text, const ScriptSyntax& syntax) : text_(text), syntax_(&syntax) {}

  /// False at the end of the text.
  bool next(Token& token);

  /// As `next`, without blanks, comments and the markers of executable comments.
  bool next_code(Token& token);

  /// The last token was closed (or needs no closing).
  bool terminated() const { return terminated_; }

  /// The last token lies within /*! … */, whose opening marker begins at `executable_begin`.
  bool in_executable_comment() const { return in_executable_; }
  std::size_t executable_begin() const { return executable_begin_; }

  /// The next token begins here.
  std::size_t position() const { return at_; }
  void set_position(std::size_t at) { at_ = at; }

  /// A client's delimiter: where it stands outside of strings and comments it is one `semicolon` token, also
  /// in the middle of what would be a word. Empty: only `;` is. Outlives the lexer.
  void set_delimiter(std::string_view delimiter) { delimiter_ = delimiter; }

  /// The text from a byte to the end of its line.
  std::string_view line_from(std::size_t offset) const;

  std::string_view text_of(const Token& token) const {
    return text_.substr(token.begin, token.end - token.begin);
  }

 private:
  TokenKind read_kind();
  std::optional<TokenKind> read_quoted_text(char c);
  TokenKind read_block_comment();
  void read_line_comment();
  void read_quoted(char quote, bool backslash_escapes);
  void read_escape_string();
  bool read_dollar_quote();
  void read_word();
  bool starts_line_comment() const;
  bool starts_delimiter() const;
  bool starts_with(std::string_view prefix) const { return text_.substr(at_).starts_with(prefix); }
  char peek(std::size_t ahead) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  std::string_view text_;
  const ScriptSyntax* syntax_;
  std::string_view delimiter_;
  std::size_t at_ = 0;
  std::size_t executable_begin_ = 0;
  bool terminated_ = true;
  bool in_executable_ = false;
};

/// Pure. Whether a `comment` token is a marker of an executable comment (`/*!50003`, `/*M!`, `*/`).
bool is_executable_marker(std::string_view comment, const ScriptSyntax& syntax);

}  // namespace toolkit

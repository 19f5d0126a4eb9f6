#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "toolkit/script.hpp"

namespace toolkit::sqlite {

/// A token of code; blanks and comments are gone.
struct CodeToken {
  TokenKind kind;
  std::string_view text;
  std::size_t begin;  ///< in the statement
  bool is_glued;      ///< nothing stands between it and the one before

  std::size_t end() const { return begin + text.size(); }
};

using CodeTokens = std::vector<CodeToken>;

/// Pure. `statement` outlives the tokens. A number with its fraction and exponent, a blob and a parameter are
/// one token each.
CodeTokens code_tokens(std::string_view statement);

/// Pure. What a name stands for, without its quotes: all four ways of quoting.
std::string name_of(const CodeToken& token);

/// Pure. Whether a token may be a name, by SQLite's grammar: a word, or anything quoted.
bool is_name(const CodeToken& token);

/// Pure. A name as it is written in SQL: in double quotes where it needs some.
std::string written(std::string_view name);

/// Pure. ASCII only, as SQLite compares names.
std::string lower(std::string_view text);
std::string upper_case(std::string_view text);

/// Pure.
bool is_symbol(const CodeToken& token, char symbol);

bool is_key_word(std::string_view word);

/// Walks tokens; at the end every question is answered with no. A text that is not what a parser expects
/// makes it `fail`, and the caller gives up on the whole text.
class Cursor {
 public:
  explicit Cursor(const CodeTokens& tokens, std::size_t at = 0) : tokens_(&tokens), at_(at) {}

  bool is_at_end() const { return at_ >= tokens_->size(); }
  const CodeToken& here() const { return (*tokens_)[at_]; }
  std::size_t place() const { return at_; }
  void advance() { ++at_; }

  bool is(char symbol) const;
  bool is(std::string_view word, std::size_t ahead = 0) const;
  bool take(char symbol);
  bool take(std::string_view word);                            ///< upper case
  bool take(std::string_view first, std::string_view second);  ///< both or none
  bool take_name(std::string& name);

  /// At `(`: what stands between it and its `)`, which is passed as well.
  CodeTokens take_parentheses();

  void fail() { has_failed_ = true; }
  bool has_failed() const { return has_failed_; }

 private:
  const CodeTokens* tokens_;
  std::size_t at_;
  bool has_failed_ = false;
};

}  // namespace toolkit::sqlite

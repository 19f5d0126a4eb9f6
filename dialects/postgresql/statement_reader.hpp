#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "toolkit/script.hpp"

namespace toolkit::postgresql {

/// Pure. ASCII letters only, as the server folds names in UTF-8.
std::string upper(std::string_view word);
std::string lower(std::string_view word);

/// Reads a statement's tokens from left to right, blanks and comments left out. What does not follow is not
/// taken. The statement outlives the reader.
class StatementReader {
 public:
  explicit StatementReader(std::string_view statement);

  bool at_end() const;

  /// The next token as written.
  std::string_view peek() const;
  bool is(std::string_view word) const;

  /// Takes the words, upper case, when they follow: all or none.
  bool take(std::initializer_list<std::string_view> words);
  bool take_symbol(std::string_view symbol);

  /// One name as written. `U&"…"` is none: it is rare, and its escapes are the server's own.
  std::optional<std::string> identifier();

  /// `name` or `schema.name`, as written.
  std::optional<std::string> qualified_name();

  /// The value of a plain string.
  std::optional<std::string> string();

  /// The words of `( … )` when it follows, upper case.
  std::vector<std::string> options();

  /// The rest, words in lower case: what two texts of one thing have in common.
  std::string rest();

 private:
  std::string_view text_;
  std::vector<Token> tokens_;
  std::size_t next_ = 0;
};

}  // namespace toolkit::postgresql

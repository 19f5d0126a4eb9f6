#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "toolkit/script.hpp"

namespace toolkit::mysql {

/// A word, name, string, number or symbol of a statement.
struct StatementWord {
  TokenKind kind = TokenKind::word;
  std::string upper;  ///< words in upper case; symbols and numbers as they stand; empty for quoted ones
  std::string name;   ///< what it means as a name: without its quotes
  std::string text;   ///< as written
};

/// A name with its database, where one is written.
struct WrittenName {
  std::string schema;
  std::string name;
  bool operator==(const WrittenName&) const = default;
};

/// Reads a statement from left to right; comments and blanks are left out, executable comments are code.
class StatementReader {
 public:
  explicit StatementReader(std::vector<StatementWord> words) : words_(std::move(words)) {}
  explicit StatementReader(std::string_view statement);

  bool at_end() const { return at_ >= words_.size(); }
  /// The word `ahead` words further, upper case; empty behind the end and for quoted names.
  std::string_view peek(std::size_t ahead = 0) const;
  bool is_any(std::initializer_list<std::string_view> words) const;
  /// Goes on behind these words when they all stand here, in this order.
  bool take(std::initializer_list<std::string_view> words);
  bool take_any(std::initializer_list<std::string_view> words);
  void skip() { ++at_; }
  /// Whether a name could stand here: a word, a quoted name, "…" too (ANSI_QUOTES).
  bool is_name() const;
  std::optional<std::string> take_plain_name();
  /// `a` or `a.b`.
  std::optional<WrittenName> take_name();
  /// 'user'@'host' as written, or a role's name.
  std::optional<std::string> take_account();
  /// Goes on behind the parenthesis that closes the one that stands here; false when none stands here.
  bool skip_parentheses();
  /// Skips to the first of these words outside parentheses; false when there is none.
  bool skip_to(std::initializer_list<std::string_view> words);
  /// What is left, cut at the commas outside parentheses; no empty piece.
  std::vector<StatementReader> clauses() const;
  std::vector<StatementWord> rest() const;

 private:
  std::vector<StatementWord> words_;
  std::size_t at_ = 0;
};

/// Pure. ASCII only, as the names of SQL words are.
std::string upper_case(std::string_view text);
/// Pure. Names of columns and indexes have no case; so two names are compared everywhere here.
bool same_name(std::string_view a, std::string_view b);

}  // namespace toolkit::mysql

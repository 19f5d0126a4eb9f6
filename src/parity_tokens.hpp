#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace toolkit {

enum class SqlPart { name, quoted_name, number, text, symbol, end };

struct ExpressionToken {
  SqlPart kind = SqlPart::end;
  std::string text;  ///< names in lower case, texts without quotes, escapes undone
};

/// Pure. Nothing for what no dialect's expression holds. The last token is an `end`.
std::optional<std::vector<ExpressionToken>> expression_tokens(std::string_view sql);

/// Thrown by what reads tokens, and caught by the parser: more than what is understood.
struct NotUnderstood {};

/// Tokens one after the other; stands on the `end` when there are no more.
class TokenReader {
 public:
  explicit TokenReader(std::vector<ExpressionToken> tokens) : tokens_(std::move(tokens)) {}

 protected:
  const ExpressionToken& now() const { return tokens_[place_]; }
  const ExpressionToken& behind() const;
  bool is_word(std::string_view word) const;
  bool is_symbol(std::string_view text) const;
  const ExpressionToken& take();
  bool take_word(std::string_view word) { return is_word(word) && (take(), true); }
  bool take_symbol(std::string_view text) { return is_symbol(text) && (take(), true); }
  void need_word(std::string_view word);
  void need_symbol(std::string_view text);

  /// A type's name, its arguments dropped: `numeric(9, 2)[]` is `numeric[]`.
  std::string type_name();

 private:
  std::vector<ExpressionToken> tokens_;
  std::size_t place_ = 0;
};

}  // namespace toolkit

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace toolkit {

enum class SqlPart { name, quoted_name, number, text, symbol, end };

struct ExpressionToken {
  SqlPart kind = SqlPart::end;
  std::string text;  ///< names in lower case, texts without quotes, escapes undone
};

/// Pure. Nothing for what no dialect's expression holds. The last token is an `end`.
std::optional<std::vector<ExpressionToken>> expression_tokens(std::string_view sql);

}  // namespace toolkit

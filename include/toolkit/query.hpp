#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace toolkit {

/// A bound value: NULL, a whole number or text.
using Value = std::variant<std::monostate, std::int64_t, std::string>;

/// Values by the name that stands in the text after a colon.
using Parameters = std::map<std::string, Value>;

/// Rows of text columns; NULL is an empty optional. Our own queries cast what they read to text.
using Rows = std::vector<std::vector<std::optional<std::string>>>;

/// Pure. Rewrites `:name` in one of our own texts to the form of a server that numbers its parameters
/// (`$1`, or `?1`), and lists the names in that order, each once. Knows '…' and `::`; our own texts hold
/// nothing else that a colon could stand in. Never used for migration text.
struct NumberedText {
  std::string sql;
  std::vector<std::string> names;
};
NumberedText number_parameters(std::string_view sql, char mark = '$');

}  // namespace toolkit

#include "catalog_expression.hpp"

#include <algorithm>
#include <cctype>

#include "catalog_names.hpp"

namespace toolkit::postgresql {

namespace {

constexpr std::string_view opening = "ARRAY[";
constexpr std::string_view behind = ")::";

/// Behind the quoted text that begins at `from`, or one character further.
std::size_t next(std::string_view text, std::size_t from) {
  const char quote = text[from];
  if (quote != '\'' && quote != '"') {
    return from + 1;
  }
  std::size_t at = from + 1;
  while (at < text.size() && text[at] != quote) {
    ++at;
  }
  return at + 1;  // a doubled quote begins a text of its own
}

bool is_of_type_name(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || std::isalnum(byte) != 0 ||
         std::string_view("_ .,$()\"").find(c) != std::string::npos;
}

/// Whether the parenthesis at `at` holds what a function is called with.
bool is_call(std::string_view text, std::size_t at) {
  const char before = at == 0 ? ' ' : text[at - 1];
  return before != ' ' && is_of_type_name(before) && before != '(' && before != ',';
}

/// `text` of `text[]` at the beginning; empty where something else stands there.
std::string_view element_type(std::string_view text) {
  const std::string_view type = text.substr(0, text.find("[]"));
  return type.size() < text.size() && std::all_of(type.begin(), type.end(), is_of_type_name) &&
                 std::count(type.begin(), type.end(), '(') == std::count(type.begin(), type.end(), ')')
             ? type
             : std::string_view();
}

/// `ARRAY[…]` with a cast on each element; the arrays within one of several dimensions get it on theirs.
std::string cast_elements(std::string_view array, std::string_view type) {
  std::string text(opening);
  const std::string_view list = array.substr(opening.size(), array.size() - opening.size() - 1);
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = end_of_part(list, at, ',');
    const std::string_view element = list.substr(at, end - at);
    text += at == 0 ? "" : ", ";
    text += element.starts_with(opening) ? cast_elements(element, type)
                                         : "(" + with_cast_elements(element) + ")::" + std::string(type);
    at = std::min(list.size(), end + 2);
  }
  return text + "]";
}

}  // namespace

std::string with_cast_elements(std::string_view expression) {
  std::string text;
  for (std::size_t at = 0; at < expression.size();) {
    std::size_t end = next(expression, at);
    if (expression.substr(at).starts_with("(ARRAY[") && !is_call(expression, at)) {
      const std::size_t close = end_of_part(expression, at + 1, ')');
      const std::string_view array = expression.substr(at + 1, close - at - 1);
      const std::string_view rest = expression.substr(std::min(close, expression.size()));
      const std::string_view type = rest.starts_with(behind) ? element_type(rest.substr(behind.size())) : "";
      if (!type.empty() && array.ends_with(']') &&
          end_of_part(array, opening.size(), ']') + 1 == array.size()) {
        text += cast_elements(array, type);
        at = close + behind.size() + type.size() + 2;
        continue;
      }
    }
    end = std::min(end, expression.size());
    text += expression.substr(at, end - at);
    at = end;
  }
  return text;
}

}  // namespace toolkit::postgresql

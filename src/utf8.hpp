#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace toolkit {

/// One character of UTF-8 text. What is no UTF-8 (a stray byte, an overlong form, a surrogate, above
/// U+10FFFF, cut off) is not valid and one byte long.
struct Character {
  char32_t code_point = 0;
  std::size_t size = 1;
  bool valid = false;
};

/// Pure. The character that begins at byte `at`. Requires: at < text.size().
Character character_at(std::string_view text, std::size_t at);

/// Pure. The offset of the first byte that is NUL or does not belong to valid UTF-8.
std::optional<std::size_t> find_bad_byte(std::string_view text);

}  // namespace toolkit

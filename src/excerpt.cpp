#include "excerpt.hpp"

#include <algorithm>
#include <cstddef>

#include "utf8.hpp"

namespace toolkit {

namespace {

constexpr std::size_t widest = 160;
constexpr std::size_t before_caret = 100;
constexpr std::string_view indent = "    ";
constexpr std::string_view ellipsis = "…";
constexpr std::string_view replacement = "\xEF\xBF\xBD";

bool is_safe_to_show(char32_t character) {
  const bool control = character < 0x20 || (character >= 0x7F && character < 0xA0);
  const bool direction = (character >= 0x202A && character <= 0x202E) ||
                         (character >= 0x2066 && character <= 0x2069) || character == 0x200E ||
                         character == 0x200F || character == 0x061C;
  return character == '\t' || (!control && !direction);
}

// Where in `line` the n-th character (from 0) begins.
std::size_t byte_of(std::string_view line, std::size_t character) {
  std::size_t at = 0;
  for (; at < line.size() && character > 0; --character) {
    at += character_at(line, at).size;
  }
  return at;
}

std::size_t count_characters(std::string_view line) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < line.size(); at += character_at(line, at).size) {
    ++count;
  }
  return count;
}

}  // namespace

std::string excerpt(std::string_view line, int column, bool with_caret) {
  const std::size_t length = count_characters(line);
  const std::size_t caret = std::min(static_cast<std::size_t>(std::max(column, 1)) - 1, length);
  std::size_t first = 0;
  std::size_t last = length;
  if (length > widest) {
    first = caret > before_caret ? std::min(caret - before_caret, length - widest) : 0;
    last = first + widest;
  }
  std::string shown(indent);
  std::string below(indent);
  if (first > 0) {
    shown += ellipsis;
    below += ' ';
  }
  std::size_t at = byte_of(line, first);
  for (std::size_t i = first; i < last; ++i) {
    const Character character = character_at(line, at);
    const bool safe = character.valid && is_safe_to_show(character.code_point);
    shown += safe ? line.substr(at, character.size) : replacement;
    if (i < caret) {
      below += line[at] == '\t' ? '\t' : ' ';
    }
    at += character.size;
  }
  shown += last < length ? ellipsis : "";
  return with_caret ? shown + "\n" + below + "^\n" : shown + "\n";
}

}  // namespace toolkit

#include "catalog_words.hpp"

#include "ascii.hpp"
#include "utf8.hpp"

namespace toolkit {

namespace {

// Controls, line ends of Unicode, the byte order mark, and marks that change the direction of what follows: a
// reviewer could not see them.
bool is_visible(char32_t c) {
  const bool is_control = (c < 0x20 && c != '\t') || (c >= 0x7F && c < 0xA0);
  const bool is_mark = (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
                       (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF || c == 0xAD;
  return !is_control && !is_mark;
}

void append_escaped(std::string& text, std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (const char byte : bytes) {
    switch (byte) {
      case '\n':
        text += "\\n";
        break;
      case '\r':
        text += "\\r";
        break;
      case '\t':
        text += "\\t";
        break;
      default: {
        const auto value = static_cast<unsigned char>(byte);
        text += "\\x";
        text += digits[value / 16];
        text += digits[value % 16];
      }
    }
  }
}

bool is_small_letter(char c) { return c >= 'a' && c <= 'z'; }

}  // namespace

bool is_plain_line(std::string_view text) {
  if (!text.empty() && is_blank(text.back())) {
    return false;
  }
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    if (!character.valid || !is_visible(character.code_point)) {
      return false;
    }
    at += character.size;
  }
  return true;
}

std::string quoted_line(std::string_view text) {
  std::string result = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    const std::string_view bytes = text.substr(at, character.size);
    if (bytes == "\\" || bytes == "\"") {
      result += '\\';
      result += bytes;
    } else if (!character.valid || !is_visible(character.code_point) || bytes == "\t") {
      append_escaped(result, bytes);
    } else {
      result += bytes;
    }
    at += character.size;
  }
  return result + '"';
}

bool is_catalog_word(std::string_view word, bool blanks) {
  bool starts = true;
  for (const char c : word) {
    if (starts ? !is_small_letter(c)
               : !is_small_letter(c) && !is_digit(c) && c != '-' && (c != ' ' || !blanks)) {
      return false;
    }
    starts = c == ' ';
  }
  return !starts;
}

}  // namespace toolkit

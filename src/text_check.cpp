#include "text_check.hpp"

#include <array>
#include <cstdint>

#include "toolkit/error.hpp"
#include "utf8.hpp"

namespace toolkit {

namespace {

constexpr std::string_view hex_digits = "0123456789ABCDEF";

std::string hex(std::uint32_t value, int digits) {
  std::string result;
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
    result += hex_digits[(value >> static_cast<unsigned>(shift)) & 0x0FU];
  }
  return result;
}

struct Unseen {
  char32_t first;
  char32_t last;
  std::string_view name;
};

// The zero-width joiners (U+200C, U+200D) are missing on purpose: some scripts need them in names.
constexpr std::array unseen = {
    Unseen{0x00A0, 0x00A0, "no-break space"},
    Unseen{0x1680, 0x1680, "Ogham space mark"},
    Unseen{0x180E, 0x180E, "Mongolian vowel separator"},
    Unseen{0x2000, 0x200A, "a wide or thin space"},
    Unseen{0x200B, 0x200B, "zero-width space"},
    Unseen{0x200E, 0x200F, "text direction mark"},
    Unseen{0x2028, 0x2029, "line separator"},
    Unseen{0x202A, 0x202E, "text direction mark"},
    Unseen{0x202F, 0x202F, "narrow no-break space"},
    Unseen{0x205F, 0x205F, "mathematical space"},
    Unseen{0x2060, 0x2060, "word joiner"},
    Unseen{0x2066, 0x2069, "text direction mark"},
    Unseen{0x3000, 0x3000, "ideographic space"},
    Unseen{0xFEFF, 0xFEFF, "byte order mark"},
};

}  // namespace

void check_bytes(std::string_view text, const std::string& path) {
  const auto bad = find_bad_byte(text);
  if (!bad) {
    return;
  }
  if (text[*bad] == '\0') {
    throw error_at(ErrorKind::files, "a NUL byte (0x00) cannot stand in a migration file", path, text, *bad,
                   "remove it; text saved as UTF-16 shows such bytes too: save the file as UTF-8");
  }
  const std::string byte = hex(static_cast<unsigned char>(text[*bad]), 2);
  throw error_at(ErrorKind::files, "the byte 0x" + byte + " is not valid UTF-8 here", path, text, *bad,
                 "save the file as UTF-8");
}

void check_word(std::string_view text, const Token& word, const std::string& path) {
  for (std::size_t at = word.begin; at < word.end;) {
    const Character character = character_at(text, at);
    if (character.code_point >= 0x80) {
      for (const Unseen& each : unseen) {
        if (character.code_point >= each.first && character.code_point <= each.last) {
          throw error_at(ErrorKind::files,
                         "the character U+" + hex(character.code_point, 4) + " (" + std::string(each.name) +
                             ") cannot be seen, and the server takes it for a part of a name",
                         path, text, at, "remove it, or write a plain blank");
        }
      }
    }
    at += character.size;
  }
}

}  // namespace toolkit

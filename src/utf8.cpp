#include "utf8.hpp"

#include <cstdint>

namespace toolkit {

namespace {

std::size_t size_by_lead(unsigned char lead) {
  if (lead < 0x80) {
    return 1;
  }
  if (lead >= 0xC2 && lead <= 0xDF) {
    return 2;
  }
  if (lead >= 0xE0 && lead <= 0xEF) {
    return 3;
  }
  return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

bool is_scalar_value(char32_t code_point, std::size_t size) {
  if (size == 3) {
    return code_point >= 0x800 && (code_point < 0xD800 || code_point > 0xDFFF);
  }
  return size != 4 || (code_point >= 0x10000 && code_point <= 0x10FFFF);
}

}  // namespace

Character character_at(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t size = size_by_lead(lead);
  if (size == 1) {
    return {lead, 1, true};
  }
  if (size == 0 || size > text.size() - at) {
    return {lead, 1, false};
  }
  char32_t code_point = lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    const auto byte = static_cast<unsigned char>(text[at + i]);
    if ((byte & 0xC0U) != 0x80U) {
      return {lead, 1, false};
    }
    code_point = (code_point << 6U) | (byte & 0x3FU);
  }
  return is_scalar_value(code_point, size) ? Character{code_point, size, true} : Character{lead, 1, false};
}

std::optional<std::size_t> find_bad_byte(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte != 0 && byte < 0x80) {
      ++at;
      continue;
    }
    const Character character = character_at(text, at);
    if (!character.valid || character.code_point == 0) {
      return at;
    }
    at += character.size;
  }
  return std::nullopt;
}

}  // namespace toolkit

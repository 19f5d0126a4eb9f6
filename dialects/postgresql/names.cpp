#include "names.hpp"

#include <algorithm>
#include <cctype>

#include "toolkit/error.hpp"

namespace toolkit::postgresql {

namespace {

constexpr std::size_t longest_name = 63;  // bytes; NAMEDATALEN - 1

void check(std::string_view identifier) {
  if (identifier.empty() || identifier.find('\0') != std::string_view::npos) {
    throw Error(ErrorKind::configuration, "a PostgreSQL name must not be empty or hold a NUL");
  }
  if (identifier.size() > longest_name) {
    throw Error(ErrorKind::configuration,
                "the PostgreSQL name '" + std::string(identifier) + "' is longer than 63 bytes",
                "the server would cut it silently; choose a shorter one");
  }
}

std::string doubled(std::string_view text, char quote) {
  std::string result;
  for (const char c : text) {
    result.append(c == quote ? 2U : 1U, c);
  }
  return result;
}

bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || std::isalnum(byte) != 0 || c == '_' || c == '$' || c == '-' || c == ' ';
}

std::string escaped(char c) {
  static constexpr char digits[] = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  return {'\\', '0', '0', digits[byte >> 4U], digits[byte & 15U]};
}

}  // namespace

std::string quoted(std::string_view identifier) {
  check(identifier);
  return '"' + doubled(identifier, '"') + '"';
}

std::string quoted_plainly(std::string_view identifier) {
  check(identifier);
  if (std::all_of(identifier.begin(), identifier.end(), is_plain)) {
    return postgresql::quoted(identifier);
  }
  std::string text = "U&\"";
  for (const char c : identifier) {
    text += is_plain(c) ? std::string(1, c) : escaped(c);
  }
  return text + '"';
}

std::string literal(std::string_view text) {
  const std::string quotes = doubled(text, '\'');
  const bool has_backslash = text.find('\\') != std::string_view::npos;
  return has_backslash ? "E'" + doubled(quotes, '\\') + "'" : "'" + quotes + "'";
}

std::string qualified(std::string_view schema, std::string_view table) {
  return quoted_plainly(schema) + "." + quoted_plainly(table);
}

}  // namespace toolkit::postgresql

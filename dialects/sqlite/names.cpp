#include "names.hpp"

#include "toolkit/error.hpp"

namespace toolkit::sqlite {

namespace {

std::string doubled(std::string_view text, char quote) {
  std::string result(1, quote);
  for (const char c : text) {
    result.append(c == quote ? 2U : 1U, c);
  }
  return result + quote;
}

}  // namespace

std::string quoted(std::string_view identifier) {
  if (identifier.empty() || identifier.find('\0') != std::string_view::npos) {
    throw Error(ErrorKind::configuration, "an SQLite name must not be empty or hold a NUL");
  }
  return doubled(identifier, '"');
}

std::string literal(std::string_view text) { return doubled(text, '\''); }

std::string qualified(std::string_view schema, std::string_view table) {
  return sqlite::quoted(schema) + "." + sqlite::quoted(table);
}

}  // namespace toolkit::sqlite

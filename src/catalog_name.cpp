#include "catalog_name.hpp"

#include "ascii.hpp"

namespace toolkit {

namespace {

bool shows_schemas(const Traits& traits) { return !traits.is_file && !traits.default_schema.empty(); }

/// Behind the part that begins at `from`: a dot outside quotes ends it.
std::size_t end_of_part(std::string_view shown, std::size_t from) {
  bool in_quotes = false;
  for (std::size_t at = from; at < shown.size(); ++at) {
    in_quotes = shown[at] == '"' ? !in_quotes : in_quotes;
    if (shown[at] == '.' && !in_quotes) {
      return at;
    }
  }
  return shown.size();
}

std::string plain_part(std::string_view part) {
  if (part.size() < 2 || part.front() != '"' || part.back() != '"') {
    return std::string(part);
  }
  std::string name;
  for (std::size_t i = 1; i + 1 < part.size(); ++i) {
    name += part[i];
    i += part[i] == '"' ? 1 : 0;
  }
  return name;
}

}  // namespace

std::string quoted_table(const Dialect& dialect, std::string_view shown) {
  if (!shows_schemas(dialect.traits())) {
    return dialect.quote_identifier(shown);
  }
  const std::size_t dot = end_of_part(shown, 0);
  const std::string first = dialect.quote_identifier(plain_part(shown.substr(0, dot)));
  return dot == shown.size() ? first
                             : first + "." + dialect.quote_identifier(plain_part(shown.substr(dot + 1)));
}

std::string last_part(std::string_view shown) {
  std::size_t from = 0;
  for (std::size_t end = end_of_part(shown, 0); end < shown.size(); end = end_of_part(shown, from)) {
    from = end + 1;
  }
  return to_upper(plain_part(shown.substr(from)));
}

}  // namespace toolkit

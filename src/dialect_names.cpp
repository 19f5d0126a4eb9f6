#include "toolkit/dialect_names.hpp"

#include <algorithm>
#include <cctype>

namespace toolkit {

const std::vector<DialectName>& known_dialect_names() {
  static const std::vector<DialectName> names = {
      {"postgresql", {"postgres", "pg"}, ""},
      {"mysql", {}, ""},
      {"mariadb", {}, "mysql"},
      {"sqlite", {"sqlite3"}, ""},
  };
  return names;
}

std::optional<std::string> dialect_name_of(std::string_view word) {
  std::string lower(word);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const DialectName& known : known_dialect_names()) {
    if (lower == known.name ||
        std::find(known.aliases.begin(), known.aliases.end(), lower) != known.aliases.end()) {
      return known.name;
    }
  }
  return std::nullopt;
}

}  // namespace toolkit

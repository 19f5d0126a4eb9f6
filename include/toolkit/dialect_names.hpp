#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace toolkit {

/// A dialect as file names and settings spell it. The grammar knows all of them, also where a build
/// leaves one out: a folder's meaning must not depend on how the reader was compiled.
struct DialectName {
  std::string name;                  ///< the one written in output: postgresql, mysql, mariadb, sqlite
  std::vector<std::string> aliases;  ///< also read: postgres, pg, sqlite3
  std::string fallback;              ///< whose files serve where it has none of its own: mariadb -> mysql
};

/// Pure. All names the grammar knows, in the order of output.
const std::vector<DialectName>& known_dialect_names();

/// Pure. The name for a name or alias in any case, or nothing.
std::optional<std::string> dialect_name_of(std::string_view word);

}  // namespace toolkit

#include <algorithm>
#include <array>

#include "parity_types.hpp"
#include "toolkit/dialect_names.hpp"

namespace toolkit {

namespace {

/// SQLite: "Datatypes In SQLite" (3.31 on), "The ON CONFLICT clause"; MySQL and MariaDB: "FOREIGN KEY
/// Constraints" (an index is made, constraints are never deferred).
constexpr std::array<EngineFacts, 4> engines = {{{"postgresql", true, false, true, true, true, false},
                                                 {"mysql", true, true, true, false, true, false},
                                                 {"mariadb", true, true, true, false, true, false},
                                                 {"sqlite", false, false, false, true, false, true}}};

constexpr EngineFacts unknown_engine = {};

std::string family_of(std::string_view dialect) {
  for (const DialectName& known : known_dialect_names()) {
    if (known.name == dialect) {
      return known.fallback.empty() ? known.name : known.fallback;
    }
  }
  return std::string(dialect);
}

}  // namespace

const EngineFacts& facts_of(std::string_view dialect) {
  const auto* const found = std::find_if(
      engines.begin(), engines.end(), [dialect](const EngineFacts& each) { return each.dialect == dialect; });
  return found == engines.end() ? unknown_engine : *found;
}

bool is_one_family(std::string_view dialect, std::string_view other) {
  return family_of(dialect) == family_of(other);
}

}  // namespace toolkit

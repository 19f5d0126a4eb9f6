#pragma once

#include <map>
#include <set>
#include <string>

#include "toolkit/migration_set.hpp"
#include "toolkit/script.hpp"

namespace toolkit {

/// What the statements of a script say of rows. Names are in capitals, the last part of each.
struct RowStatements {
  std::set<std::string> emptied;               ///< rows are removed from them
  std::set<std::string> changed;               ///< rows get other values
  std::set<std::string> converted;             ///< columns whose values a USING computes
  bool is_opaque = false;                      ///< a routine or a block, which may do anything
  std::map<std::string, std::string> renamed;  ///< tables: the name at the beginning -> at the end
};

/// Pure. A name that ALTER TABLE gives to a table stands beside its old one.
RowStatements row_statements(const Script& script, const ScriptSyntax& syntax);

}  // namespace toolkit

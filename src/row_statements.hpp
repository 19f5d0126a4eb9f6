#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "toolkit/migration_set.hpp"
#include "toolkit/script.hpp"

namespace toolkit {

/// What the statements of a script do to the columns of one table. Names are in capitals.
struct ColumnMoves {
  std::set<std::string> dropped;  ///< what they held is gone, also where one of that name is made
  std::map<std::string, std::string> renamed;  ///< the name at the beginning -> at the end
};

/// What the statements of a script say of rows. Names are in capitals, the last part of each.
struct RowStatements {
  std::set<std::string> emptied;               ///< rows are removed from them
  std::set<std::string> dropped;               ///< with their rows: nothing was copied from them before
  std::set<std::string> changed;               ///< rows get other values
  std::set<std::string> converted;             ///< columns whose values a USING computes
  bool is_opaque = false;                      ///< a routine or a block, which may do anything
  std::map<std::string, std::string> renamed;  ///< tables: the name at the beginning -> at the end
  std::map<std::string, ColumnMoves> columns;  ///< by any name that the table has on the way
};

/// Pure. A name that ALTER TABLE gives to a table stands beside its old one.
RowStatements row_statements(const Script& script, const ScriptSyntax& syntax);

/// Pure. What is said of the columns of a table, by the name that a catalog shows.
ColumnMoves column_moves(const RowStatements& said, std::string_view table);

}  // namespace toolkit

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "expression.hpp"
#include "toolkit/catalog.hpp"

namespace toolkit::sqlite {

/// A table of its CREATE TABLE text, the way SQLite keeps it.
struct ParsedTable {
  CatalogObject object;  ///< its children are not sorted yet: columns, keys, foreign keys, checks
  std::vector<std::string> primary_key;  ///< its columns' names
  ColumnNames columns;
  /// Foreign keys that name no columns, so that they mean the primary key of their parent: index of the
  /// child, and the parent.
  std::vector<std::pair<std::size_t, std::string>> open_references;
};

/// Pure. Reads CREATE TABLE … ( … ), as `sqlite_schema` keeps it also for CREATE TABLE … AS, with every way
/// of quoting, comments, and what ALTER TABLE has written into it. Nothing for a text that it does not
/// understand. (SQLite manual, "CREATE TABLE", 3.31 to 3.50.)
std::optional<ParsedTable> parse_table(std::string_view sql);

/// Pure. Reads CREATE VIRTUAL TABLE: a table with the option `using MODULE(ARGUMENTS)`, no columns.
std::optional<CatalogObject> parse_virtual_table(std::string_view sql);

/// Pure. Whether it is CREATE VIRTUAL TABLE.
bool is_virtual_table(std::string_view sql);

/// Pure. Reads the columns of an index or a key between their parentheses: `a, b desc, (lower(c)) collate
/// NOCASE`. A collation that is the column's own is left out. Fails the cursor for what it does not
/// understand.
std::string indexed_columns(const CodeTokens& tokens, const CatalogObject& table, const ColumnNames& names,
                            Cursor& outer);

/// Pure. A collation by its name, in capitals for SQLite's own.
std::string normal_collation(std::string_view name);

}  // namespace toolkit::sqlite

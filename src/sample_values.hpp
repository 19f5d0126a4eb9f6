#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "column_bounds.hpp"
#include "toolkit/catalog.hpp"
#include "toolkit/dialect.hpp"

/// Sample rows as values: deterministic, fitting types, keys and the simple forms of checks.
namespace toolkit {

/// What a table's row may refer to: for each table the key values of its sample rows, as SQL literals by
/// column.
using SampleKeys = std::map<std::string, std::vector<std::map<std::string, std::string>>>;

/// Pure. Row number `row` (0, 1, 2, …) of a table: column name and SQL literal, for the columns that take a
/// value. Row 0 is an ordinary one, row 1 goes to the limits of the types, row 2 is NULL wherever that is
/// allowed. Nothing when a column that needs a value has a type that is not understood, or a parent has no
/// rows: `why` then says so.
struct SampleRow {
  std::vector<std::pair<std::string, std::string>> values;
  std::string why;
};
SampleRow sample_row(const CatalogObject& table, const SampleKeys& keys, const Traits& traits,
                     std::uint64_t seed, int row);

/// Pure. The names in `columns` of a key: `a, b desc` gives a and b; nothing where one is an expression.
std::vector<std::string> key_columns(std::string_view columns);

/// Pure. The parent of a foreign key and its columns: `apps (id)`.
struct Reference {
  std::string table;
  std::vector<std::string> columns;
};
Reference reference_of(const CatalogObject& foreign_key);

}  // namespace toolkit

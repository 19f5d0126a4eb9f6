#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "toolkit/catalog.hpp"
#include "toolkit/dialect.hpp"

/// Sample rows as values: deterministic, fitting types, keys and the simple forms of checks.
namespace toolkit {

/// What a table's row may refer to: for each table the key values of its sample rows, as SQL literals by
/// column.
using SampleKeys = std::map<std::string, std::vector<std::map<std::string, std::string>>>;

/// What a check says of one column, where it has a form that is understood: `c > 0`, `c >= 1`, `c < 10`,
/// `c BETWEEN 1 AND 5`, `c IN ('a', 'b')`, `c = ANY (ARRAY['a', 'b'])`, `length(c) >= 3`, `c <> ''`, joined
/// by AND.
struct ColumnBounds {
  std::vector<std::string> choices;  ///< literals
  std::optional<std::int64_t> least;
  std::optional<std::int64_t> most;
  std::optional<std::size_t> least_length;
  std::optional<std::size_t> most_length;
};

/// Pure. The bounds that a table's checks put on its columns; what is not understood is left out.
std::map<std::string, ColumnBounds> bounds_of(const CatalogObject& table);

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

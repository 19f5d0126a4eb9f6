#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "toolkit/catalog.hpp"

namespace toolkit {

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

/// Pure. The decimal number that is all of `text`, or the other one.
std::int64_t number_of(const std::string& text, std::int64_t otherwise);

/// Pure. The strings and numbers of a list, as they stand: `'a', 'b''c', -1.5`.
std::vector<std::string> literals_in(const std::string& list);

}  // namespace toolkit

#pragma once

#include <string>
#include <vector>

#include "toolkit/catalog.hpp"

namespace toolkit {

enum class DifferenceClass {
  logical,   ///< the databases behave differently
  physical,  ///< column order: behaves the same for those who name their columns
  cosmetic,  ///< a name that the server chose
};

enum class DifferenceKind { missing, unexpected, changed };

/// One item of a comparison: `expected` is the side that should be, `actual` the one that is.
struct Difference {
  DifferenceKind kind = DifferenceKind::changed;
  DifferenceClass difference_class = DifferenceClass::logical;
  std::string object;    ///< `table apps, column name`
  std::string property;  ///< empty when the whole object is missing or unexpected
  std::string expected;
  std::string actual;
  bool operator==(const Difference&) const = default;
};

/// Pure. From `expected` to `actual`, both of one dialect, in the order of the catalogs. Objects that share
/// their pointer cost nothing. A constraint or index whose name the server chose (`name-origin generated`) is
/// matched by its facts; then only its name differs, which is cosmetic.
std::vector<Difference> diff(const Catalog& expected, const Catalog& actual);

/// Pure. For a person: what, which property, before and after, a line each:
/// `table apps, column name: nullable is yes, expected no`.
std::string describe(const Difference& difference);

std::string_view to_string(DifferenceClass difference_class);

}  // namespace toolkit

#pragma once

#include <string>
#include <vector>

#include "toolkit/catalog.hpp"

namespace toolkit {

enum class DifferenceClass {
  logical,   ///< the databases behave differently
  physical,  ///< column order, and whose a column is that a table shares with its parents: behaves the same
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
/// their pointer cost nothing; the rest is merged in order.
///
/// A constraint or index whose name the server chose on both sides (`name-origin generated`) is matched by
/// its facts; then only its name differs, which is cosmetic. Where a person chose one of the names, or both,
/// the property `name` differs, logically: a later DROP names it. Primary keys are matched whatever their
/// names, foreign keys without a match by their columns. Columns that changed places give one physical
/// difference each, property `position`, for as few of them as explain the order. What is missing or
/// unexpected as a whole is one difference with its essential facts on the side that has it. What is
/// `unsupported` is held by its name.
std::vector<Difference> diff(const Catalog& expected, const Catalog& actual);

/// Pure. For a person: what, which property, before and after; without a line feed at the end:
/// `table apps, column name: nullable is yes, expected no`; `table apps, index i: missing, expected (a, b
/// desc)`; of long texts the lines that differ, a line each.
std::string describe(const Difference& difference);

/// `logical`, `physical`, `cosmetic`.
std::string_view to_string(DifferenceClass difference_class);

}  // namespace toolkit

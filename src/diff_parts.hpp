#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "toolkit/catalog.hpp"
#include "toolkit/diff.hpp"

namespace toolkit {

/// What stands for the same thing on both sides; one of them is null where it is missing or unexpected.
struct ObjectPair {
  const CatalogObject* expected = nullptr;
  const CatalogObject* actual = nullptr;

  const CatalogObject& either() const { return expected != nullptr ? *expected : *actual; }
};

/// Pure. Pairs two lists by kind and name, in their order; linear where both are in the catalog's order.
std::vector<ObjectPair> pair_by_name(const std::vector<const CatalogObject*>& expected,
                                     const std::vector<const CatalogObject*>& actual);

/// Pure. Pairs what is below two tables, without columns. In this order: generated names on both sides with
/// the same facts; the same name; the same facts under another name; the primary keys; foreign keys of the
/// same columns. What is left is missing or unexpected.
std::vector<ObjectPair> pair_children(const CatalogObject& expected, const CatalogObject& actual);

/// Pure. Of columns that both sides have, given by their place in the expected order and listed in the
/// actual one: which are to be called moved, so that they are as few as possible (those outside of a longest
/// common subsequence; of several the one that leaves what stands last).
std::vector<bool> moved_columns(const std::vector<std::size_t>& expected_places);

bool has_generated_name(const CatalogObject& object);

/// Pure. An object's facts that matter most, on one line: `VARCHAR(36), not null`, `(app_id) references apps
/// (id)`, `(id, name)`.
std::string essence(const CatalogObject& object);

/// Pure. How a person calls an object: `column name`; without a name by its facts: `check (memory > 0)`.
std::string title_of(const CatalogObject& object);

}  // namespace toolkit

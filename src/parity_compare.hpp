#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "parity_types.hpp"
#include "toolkit/parity.hpp"

/// The parts of a parity comparison. Pure.
namespace toolkit {

/// One side of it.
struct ParityPart {
  const Catalog& catalog;
  const EngineFacts& facts;
};

/// Both sides, and what was found so far.
struct ParityWork {
  ParityPart reference;
  ParityPart other;
  bool one_family = false;
  std::vector<ParityDifference> found;

  void add(std::string rule, std::string object, std::string_view in_reference, std::string_view in_other,
           bool is_note = false) {
    found.push_back(
        {std::move(rule), std::move(object), std::string(in_reference), std::string(in_other), is_note});
  }
};

/// A table that both sides have, or one thing below it.
struct ObjectCouple {
  const CatalogObject& reference;
  const CatalogObject& other;
};

void compare_columns(ParityWork& work, const ObjectCouple& table, const std::string& title);
void compare_keys(ParityWork& work, const ObjectCouple& table, const std::string& title);
void compare_foreign_keys(ParityWork& work, const ObjectCouple& table, const std::string& title);
void compare_checks(ParityWork& work, const ObjectCouple& table, const std::string& title);
void compare_triggers(ParityWork& work, const ObjectCouple& table, const std::string& title);

/// The type, nullability, default and the rest of one column that both have.
void compare_column(ParityWork& work, const ObjectCouple& table, const ObjectCouple& column,
                    const std::string& title);

/// The names of a view's columns; empty where they cannot be told (`SELECT *` on SQLite).
std::vector<std::string> view_columns(const CatalogObject& view);

/// `a, b desc` at its commas, but for those in parentheses and quotes.
std::vector<std::string> split_list(std::string_view list);

/// The children of a kind.
std::vector<const CatalogObject*> children_of(const CatalogObject& parent, std::string_view kind);

/// Names are folded: MySQL and SQLite know a column in any case, PostgreSQL writes them in small letters.
const CatalogObject* find_folded(const std::vector<const CatalogObject*>& objects, std::string_view name);

/// Takes each pair that `fits` out of both lists, left first, and tells `act` of it.
template <typename Items, typename Fits, typename Act>
void take_pairs(Items& left, Items& right, Fits fits, Act act) {
  for (auto a = left.begin(); a != left.end();) {
    const auto b = std::find_if(right.begin(), right.end(), [&](const auto& each) { return fits(*a, each); });
    if (b == right.end()) {
      ++a;
      continue;
    }
    act(*a, *b);
    right.erase(b);
    a = left.erase(a);
  }
}

}  // namespace toolkit

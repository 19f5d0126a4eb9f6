#include "match_rows.hpp"

#include <algorithm>
#include <optional>

#include "ascii.hpp"
#include "row_values.hpp"

namespace toolkit {

namespace {

std::string type_of(const TableRows& table, const std::string& column) {
  const auto found = table.types.find(column);
  return found == table.types.end() ? "" : found->second;
}

bool is_among(const std::vector<std::string>& names, const std::string& in_capitals) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return to_upper(name) == in_capitals; });
}

/// Where the values of a column are now: under the name that it was given, else under its own, unless that is
/// another column's now.
std::optional<std::size_t> place_after(const std::string& name, const TableRows& before,
                                       const TableRows& after, const ColumnMoves& moves) {
  const auto given = moves.renamed.find(to_upper(name));
  const bool is_renamed = given != moves.renamed.end() && is_among(after.columns, given->second);
  const bool is_taken = std::any_of(moves.renamed.begin(), moves.renamed.end(), [&](const auto& rename) {
    return rename.second == to_upper(name) && is_among(before.columns, rename.first);
  });
  if (!is_renamed && is_taken) {
    return std::nullopt;
  }
  const auto there = std::find_if(after.columns.begin(), after.columns.end(), [&](const std::string& each) {
    return is_renamed ? to_upper(each) == given->second : each == name;
  });
  return there == after.columns.end()
             ? std::nullopt
             : std::optional(static_cast<std::size_t>(there - after.columns.begin()));
}

std::vector<Shared> shared_columns(const TableRows& before, const TableRows& after,
                                   const ColumnMoves& moves) {
  std::vector<Shared> shared;
  for (std::size_t i = 0; i < before.columns.size(); ++i) {
    const std::string& name = before.columns[i];
    if (const std::optional<std::size_t> there = place_after(name, before, after, moves)) {
      const bool is_made_anew = moves.dropped.count(to_upper(name)) != 0;
      const bool is_of_key = std::find(before.key.begin(), before.key.end(), name) != before.key.end();
      shared.push_back({name, i, *there, type_of(before, name), type_of(after, after.columns[*there]),
                        is_of_key && !is_made_anew, is_made_anew});
    }
  }
  // A key that is not whole any more tells no rows apart.
  const auto of_key = std::count_if(shared.begin(), shared.end(), [](const Shared& s) { return s.in_key; });
  if (static_cast<std::size_t>(of_key) != before.key.size()) {
    for (Shared& each : shared) {
      each.in_key = false;
    }
  }
  return shared;
}

bool has_key(const std::vector<Shared>& shared) {
  return std::any_of(shared.begin(), shared.end(), [](const Shared& each) { return each.in_key; });
}

}  // namespace

bool is_same(const Shared& column, const Row& before, const Row& after) {
  return is_same_value(before[column.before], column.type_before, after[column.after], column.type_after);
}

Matches::Matches(const TableRows& before, const TableRows& after, const ColumnMoves& moves)
    : shared_(shared_columns(before, after, moves)), keyed_(has_key(shared_)), after_(after) {
  has_new_type_ = std::any_of(shared_.begin(), shared_.end(), [&](const Shared& each) {
    return tells_apart(each) && each.type_before != each.type_after;
  });
  for (std::size_t i = 0; i < after.rows.size(); ++i) {
    places_.emplace(key_text(after.rows[i], false), i);
  }
}

const Row* Matches::take(const Row& before) {
  const auto known = places_.find(key_text(before, true));
  if (known != places_.end()) {
    const Row* row = &after_.rows[known->second];
    places_.erase(known);
    return row;
  }
  // What tells rows apart may have another type, which writes it in another way.
  for (auto place = places_.begin(); has_new_type_ && place != places_.end(); ++place) {
    const Row& row = after_.rows[place->second];
    const bool same = std::all_of(shared_.begin(), shared_.end(), [&](const Shared& column) {
      return !tells_apart(column) || is_same(column, before, row);
    });
    if (same && !shared_.empty()) {
      places_.erase(place);
      return &row;
    }
  }
  return nullptr;
}

std::vector<const Row*> Matches::rest() const {
  std::vector<const Row*> rows;
  for (const auto& [key, place] : places_) {
    rows.push_back(&after_.rows[place]);
  }
  return rows;
}

std::string Matches::key_text(const Row& row, bool is_before) const {
  std::string text;
  for (const Shared& column : shared_) {
    if (tells_apart(column)) {
      const std::string& value = row[is_before ? column.before : column.after];
      text += std::to_string(value.size()) + ' ' + value;
    }
  }
  return text;
}

}  // namespace toolkit

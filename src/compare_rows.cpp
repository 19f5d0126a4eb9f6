#include "compare_rows.hpp"

#include <algorithm>
#include <optional>

#include "ascii.hpp"
#include "catalog_name.hpp"
#include "row_statements.hpp"
#include "row_values.hpp"

namespace toolkit {

namespace {

using Row = std::vector<std::string>;

/// A column that both sides have: its places and types.
struct Shared {
  std::string name;
  std::size_t before;
  std::size_t after;
  std::string type_before;
  std::string type_after;
  bool in_key;
};

std::string type_of(const TableRows& table, const std::string& column) {
  const auto found = table.types.find(column);
  return found == table.types.end() ? "" : found->second;
}

std::vector<Shared> shared_columns(const TableRows& before, const TableRows& after) {
  std::vector<Shared> shared;
  for (std::size_t i = 0; i < before.columns.size(); ++i) {
    const std::string& name = before.columns[i];
    const auto there = std::find(after.columns.begin(), after.columns.end(), name);
    if (there != after.columns.end()) {
      shared.push_back({name, i, static_cast<std::size_t>(there - after.columns.begin()),
                        type_of(before, name), type_of(after, name),
                        std::find(before.key.begin(), before.key.end(), name) != before.key.end()});
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

bool is_same(const Shared& column, const Row& before, const Row& after) {
  return is_same_value(before[column.before], column.type_before, after[column.after], column.type_after);
}

/// Pairs rows of two sides: by the key, or by all that both have where there is none; each row once.
class Matches {
 public:
  Matches(const TableRows& before, const TableRows& after)
      : shared_(shared_columns(before, after)), keyed_(has_key(shared_)), after_(after) {
    has_new_type_ = std::any_of(shared_.begin(), shared_.end(), [&](const Shared& each) {
      return (!keyed_ || each.in_key) && each.type_before != each.type_after;
    });
    for (std::size_t i = 0; i < after.rows.size(); ++i) {
      places_.emplace(key_text(after.rows[i], false), i);
    }
  }

  const std::vector<Shared>& shared() const { return shared_; }

  /// The row of the other side; nothing when it is gone.
  const Row* take(const Row& before) {
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
        return (keyed_ && !column.in_key) || is_same(column, before, row);
      });
      if (same && !shared_.empty()) {
        places_.erase(place);
        return &row;
      }
    }
    return nullptr;
  }

  /// Rows that were never taken.
  std::vector<const Row*> rest() const {
    std::vector<const Row*> rows;
    for (const auto& [key, place] : places_) {
      rows.push_back(&after_.rows[place]);
    }
    return rows;
  }

 private:
  std::string key_text(const Row& row, bool is_before) const {
    std::string text;
    for (const Shared& column : shared_) {
      if (!keyed_ || column.in_key) {
        const std::string& value = row[is_before ? column.before : column.after];
        text += std::to_string(value.size()) + ' ' + value;
      }
    }
    return text;
  }

  std::vector<Shared> shared_;
  bool keyed_;
  bool has_new_type_ = false;
  const TableRows& after_;
  std::multimap<std::string, std::size_t> places_;
};

std::string shown(const TableRows& rows, const Row& values) {
  std::string text;
  for (std::size_t i = 0; i < rows.columns.size() && i < 6; ++i) {
    const std::string value = values[i].size() > 40 ? values[i].substr(0, 37) + "..." : values[i];
    text += (text.empty() ? "" : ", ") + rows.columns[i] + " = " + value;
  }
  return text;
}

std::string plural(std::size_t count) { return std::to_string(count) + (count == 1 ? " row" : " rows"); }

struct Stated {
  bool loss;
  bool change;
  /// Of a version that says it cannot be undone: columns that get another type, and those that a USING
  /// computes.
  bool conversion;
  const std::set<std::string>& converted;
};

/// Whether other values of the column are what was asked for.
bool is_stated_change(const std::string& column, const TableRows& before, const TableRows& after,
                      const Stated& stated) {
  const bool is_converted =
      type_of(before, column) != type_of(after, column) || stated.converted.count(to_upper(column)) != 0;
  return stated.change || stated.loss || (stated.conversion && is_converted);
}

void compare_table(const std::string& name, const TableRows& before, const TableRows& after,
                   const Stated& stated, std::vector<RowFinding>& findings) {
  Matches matches(before, after);
  std::size_t lost = 0;
  std::string lost_example;
  std::map<std::string, std::pair<std::size_t, std::string>> changed;  // column: rows, example
  for (const Row& row : before.rows) {
    const Row* now = matches.take(row);
    if (now == nullptr) {
      lost_example = ++lost == 1 ? shown(before, row) : lost_example;
      continue;
    }
    for (const Shared& column : matches.shared()) {
      // A NULL has to become something where the column takes none any more.
      const bool must_change = row[column.before] == "NULL" && before.required.count(column.name) == 0 &&
                               after.required.count(column.name) != 0;
      if (!must_change && !is_same(column, row, *now)) {
        auto& [count, example] = changed[column.name];
        example =
            ++count == 1 ? "'" + row[column.before] + "' became '" + (*now)[column.after] + "'" : example;
      }
    }
  }
  // An UPDATE of a key, or of what has none, makes another row of it.
  const bool moves = stated.change && after.rows.size() >= before.rows.size();
  if (lost > 0) {
    const std::string text =
        plural(lost) + " of " + std::to_string(before.rows.size()) + " of table " + name + " are gone";
    findings.push_back({name, text + ", for example " + lost_example, stated.loss || moves});
  }
  for (const auto& [column, what] : changed) {
    findings.push_back({name,
                        "column " + column + " of table " + name + " has other values in " +
                            plural(what.first) + ": " + what.second,
                        is_stated_change(column, before, after, stated)});
  }
}

/// Whether DML works on something that is none of these tables: a view, a partition.
bool names_others(const std::set<std::string>& targets, const std::map<std::string, TableRows>& tables) {
  return !targets.empty() && std::none_of(tables.begin(), tables.end(), [&](const auto& table) {
    return targets.count(last_part(table.first)) != 0;
  });
}

}  // namespace

std::map<std::string, TableRows>::const_iterator find_table(
    const std::map<std::string, TableRows>& tables, const std::string& name,
    const std::map<std::string, std::string>& renamed) {
  const auto same = tables.find(name);
  const auto other = renamed.find(last_part(name));
  if (same != tables.end() || other == renamed.end()) {
    return same;
  }
  return std::find_if(tables.begin(), tables.end(),
                      [&](const auto& each) { return last_part(each.first) == other->second; });
}

TableRows common_rows(const TableRows& before, const TableRows& after) {
  Matches matches(before, after);
  TableRows common;
  common.types = before.types;
  for (const Shared& column : matches.shared()) {
    common.columns.push_back(column.name);
    if (column.in_key) {
      common.key.push_back(column.name);
    }
  }
  for (const Row& row : before.rows) {
    const Row* now = matches.take(row);
    const auto is_kept = [&](const Shared& column) { return is_same(column, row, *now); };
    if (now != nullptr && std::all_of(matches.shared().begin(), matches.shared().end(), is_kept)) {
      Row kept;
      for (const Shared& column : matches.shared()) {
        kept.push_back(row[column.before]);
      }
      common.rows.push_back(std::move(kept));
    }
  }
  return common;
}

std::vector<RowFinding> compare_rows(const std::map<std::string, TableRows>& before,
                                     const std::map<std::string, TableRows>& after, const Script& script,
                                     const ScriptSyntax& syntax, bool is_irreversible) {
  const RowStatements said = row_statements(script, syntax);
  const bool any_loss = said.is_opaque || names_others(said.emptied, before);
  const bool any_change = said.is_opaque || names_others(said.changed, before);
  std::vector<RowFinding> findings;
  for (const auto& [name, rows] : before) {
    const auto there = find_table(after, name, said.renamed);
    if (there == after.end()) {
      if (!rows.rows.empty()) {
        findings.push_back({name, "table " + name + " is gone with " + plural(rows.rows.size()), true});
      }
      continue;
    }
    const Stated stated{any_loss || said.emptied.count(last_part(name)) != 0,
                        any_change || said.changed.count(last_part(name)) != 0, is_irreversible,
                        said.converted};
    compare_table(name, rows, there->second, stated, findings);
  }
  return findings;
}

std::vector<RowFinding> rows_left_behind(const std::map<std::string, TableRows>& before_up,
                                         const std::map<std::string, TableRows>& after_down) {
  std::vector<RowFinding> findings;
  for (const auto& [name, before] : before_up) {
    const auto there = after_down.find(name);
    if (there == after_down.end() || there->second.rows.size() <= before.rows.size()) {
      continue;
    }
    Matches matches(before, there->second);
    for (const Row& row : before.rows) {
      matches.take(row);
    }
    const std::vector<const Row*> rest = matches.rest();
    if (!rest.empty()) {
      findings.push_back({name,
                          plural(rest.size()) + " of table " + name + " that the up has put in " +
                              (rest.size() == 1 ? "is" : "are") + " left behind, for example " +
                              shown(there->second, *rest.front()),
                          true});
    }
  }
  return findings;
}

}  // namespace toolkit

#include "compare_rows.hpp"

#include <algorithm>

#include "ascii.hpp"
#include "catalog_name.hpp"
#include "match_rows.hpp"
#include "row_statements.hpp"

namespace toolkit {

namespace {

std::string shown(const TableRows& rows, const Row& values) {
  std::string text;
  for (std::size_t i = 0; i < rows.columns.size() && i < 6; ++i) {
    const std::string_view value = values[i];
    const bool is_long = value.size() > 40;
    text.append(text.empty() ? "" : ", ").append(rows.columns[i]).append(" = ");
    text.append(is_long ? value.substr(0, 37) : value).append(is_long ? "..." : "");
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
bool is_stated_change(const Shared& column, const Stated& stated) {
  const std::string name = to_upper(column.name);
  const bool is_converted = column.type_before != column.type_after || stated.converted.count(name) != 0;
  return stated.change || stated.loss || column.is_made_anew || (stated.conversion && is_converted);
}

/// What happened to the values of a column.
struct Changed {
  std::size_t rows = 0;
  std::string example;
  bool is_stated = false;
};

void compare_table(const std::string& name, const TableRows& before, const TableRows& after,
                   const Stated& stated, const ColumnMoves& moves, std::vector<RowFinding>& findings) {
  Matches matches(before, after, moves);
  std::size_t lost = 0;
  std::string lost_example;
  std::map<std::string, Changed> changed;  // by column
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
        Changed& what = changed[column.name];
        what.is_stated = is_stated_change(column, stated);
        what.example = ++what.rows == 1 ? "'" + row[column.before] + "' became '" + (*now)[column.after] + "'"
                                        : what.example;
      }
    }
  }
  // An UPDATE of a key, or of what has none, makes another row of it.
  const bool moves_keys = stated.change && after.rows.size() >= before.rows.size();
  if (lost > 0) {
    const std::string text =
        plural(lost) + " of " + std::to_string(before.rows.size()) + " of table " + name + " are gone";
    findings.push_back({name, text + ", for example " + lost_example, stated.loss || moves_keys});
  }
  for (const auto& [column, what] : changed) {
    findings.push_back({name,
                        "column " + column + " of table " + name + " has other values in " +
                            plural(what.rows) + ": " + what.example,
                        what.is_stated});
  }
}

/// Whether all rows stand in the table that was given another name, and what has the old one is another.
bool are_under_other_name(const std::string& name, const TableRows& rows,
                          const std::map<std::string, TableRows>& after, const RowStatements& said) {
  const auto other = said.renamed.find(last_part(name));
  if (other == said.renamed.end()) {
    return false;
  }
  std::vector<RowFinding> findings;
  for (const auto& [known, now] : after) {
    if (last_part(known) == other->second && known != name) {
      compare_table(name, rows, now, {false, false, false, said.converted}, column_moves(said, name),
                    findings);
      return findings.empty();
    }
  }
  return false;
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

TableRows common_rows(const TableRows& before, const TableRows& after, const ColumnMoves& moves) {
  Matches matches(before, after, moves);
  std::vector<Shared> columns = matches.shared();
  std::erase_if(columns, [](const Shared& column) { return column.is_made_anew; });
  TableRows common;
  for (const Shared& column : columns) {
    const std::string& name = after.columns[column.after];
    common.columns.push_back(name);
    common.types[name] = column.type_before;
    if (column.in_key) {
      common.key.push_back(name);
    }
  }
  for (const Row& row : before.rows) {
    const Row* now = matches.take(row);
    const auto is_kept = [&](const Shared& column) { return is_same(column, row, *now); };
    if (now != nullptr && std::all_of(columns.begin(), columns.end(), is_kept)) {
      Row kept;
      kept.reserve(columns.size());
      for (const Shared& column : columns) {
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
    const Stated stated{
        any_loss || said.emptied.count(last_part(name)) != 0 || said.dropped.count(last_part(name)) != 0,
        any_change || said.changed.count(last_part(name)) != 0, is_irreversible, said.converted};
    const std::size_t known = findings.size();
    compare_table(name, rows, there->second, stated, column_moves(said, name), findings);
    if (findings.size() > known && are_under_other_name(name, rows, after, said)) {
      findings.resize(known);
    }
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
    Matches matches(before, there->second, {});
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

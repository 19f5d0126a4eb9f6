#include "catalog_tables.hpp"

#include <algorithm>
#include <utility>

#include "catalog_fetch.hpp"
#include "history_sql.hpp"
#include "toolkit/error.hpp"

namespace toolkit::mysql {

namespace {

// InnoDB writes other characters in a code of its own (`@002d`).
bool is_plain(const std::string& name) {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
}

std::set<std::string> parents_of(const TableRows& rows) {
  std::set<std::string> parents;
  for (const Row& row : rows.references) {
    parents.insert(field(row, 4));
  }
  return parents;
}

bool has_geometry(const TableRows& rows) {
  return std::any_of(rows.columns.begin(), rows.columns.end(), [](const Row& column) {
    const std::string type = field(column, 4);
    return type.find("point") != std::string::npos || type.find("polygon") != std::string::npos ||
           type.find("linestring") != std::string::npos || type.find("geom") != std::string::npos;
  });
}

}  // namespace

KnownTables::KnownTables(Session& session, CatalogSource source, std::set<std::string> left_out)
    : session_(session), source_(std::move(source)), left_out_(std::move(left_out)) {}

Rows KnownTables::ask(const CatalogQuery& query) {
  return session_.query(query.sql, {{"db", source_.database}}, query.columns);
}

void KnownTables::refresh() {
  const std::map<std::string, Stamp> now = stamps();
  const std::size_t before = tables_.size();
  const std::vector<std::string> names = to_read(now);
  std::erase_if(tables_, [&now](const auto& each) { return !now.contains(each.first); });
  has_changed_ = tables_.size() != before;
  if (!names.empty()) {
    read(names, now);
  }
}

std::map<std::string, KnownTables::Stamp> KnownTables::stamps() {
  const std::map<std::string, std::string> numbers = ids();
  std::map<std::string, Stamp> stamps;
  views_.clear();
  sequences_.clear();
  for (const Row& row : ask(stamps_query())) {
    const std::string name = field(row, 0);
    const std::string type = field(row, 1);
    if (left_out_.contains(name) || type.starts_with("TEMPORARY") || type == "SYSTEM VIEW") {
      continue;
    }
    if (type == "VIEW") {
      views_.push_back(name);
      continue;
    }
    if (type == "SEQUENCE") {
      sequences_.push_back(name);
    }
    const auto number = numbers.find(name);
    const bool has_number = number != numbers.end() && is_plain(name);
    stamps[name] = {type + " " + field(row, 2) + " " + (has_number ? number->second : ""),
                    has_number && field(row, 3) == "0"};
  }
  return stamps;
}

// Empty where the account may not see them.
std::map<std::string, std::string> KnownTables::ids() {
  std::map<std::string, std::string> ids;
  if (!shows_ids_ || !is_plain(source_.database)) {
    return ids;
  }
  try {
    for (const Row& row : ask(table_ids_query(source_.is_mariadb, source_.database))) {
      const std::string name = field(row, 0);
      ids[name.substr(0, name.find('#'))] += (ids.empty() ? "" : " ") + field(row, 1);  // partitions
    }
  } catch (const Error& error) {
    if (error.details().connection_lost) {
      throw;
    }
    shows_ids_ = false;
  }
  return ids;
}

std::vector<std::string> KnownTables::to_read(const std::map<std::string, Stamp>& stamps) const {
  std::set<std::string> changed;
  for (const auto& [name, stamp] : stamps) {
    const auto known = tables_.find(name);
    if (known == tables_.end() || known->second.stamp != stamp.text || !known->second.is_certain) {
      changed.insert(name);
    }
  }
  // A foreign key shows the names of its parent as they are now, and the child's stamp stays.
  std::set<std::string> all = changed;
  for (const auto& [name, table] : tables_) {
    const bool is_touched = std::any_of(
        table.parents.begin(), table.parents.end(),
        [&](const std::string& parent) { return changed.contains(parent) || !stamps.contains(parent); });
    if (is_touched && stamps.contains(name)) {
      all.insert(name);
    }
  }
  return {all.begin(), all.end()};
}

std::map<std::string, TableRows> KnownTables::read_rows(const std::vector<std::string>& names) {
  const bool lists = names.size() <= longest_list;
  const TableQueries queries = table_queries(source_.is_mariadb, lists ? names : std::vector<std::string>());
  std::map<std::string, TableRows> rows;
  for (Row& row : ask(queries.tables)) {
    rows[field(row, 0)].table = std::move(row);
  }
  const std::vector<std::pair<CatalogQuery, Rows TableRows::*>> parts = {
      {queries.columns, &TableRows::columns},       {queries.indexes, &TableRows::indexes},
      {queries.references, &TableRows::references}, {queries.rules, &TableRows::rules},
      {queries.checks, &TableRows::checks},         {queries.partitions, &TableRows::partitions}};
  for (const auto& [query, part] : parts) {
    for (Row& row : ask(query)) {
      if (const auto found = rows.find(field(row, 0)); found != rows.end()) {
        (found->second.*part).push_back(std::move(row));
      }
    }
  }
  if (!source_.is_mariadb) {
    add_clauses(rows);
  }
  return rows;
}

void KnownTables::add_clauses(std::map<std::string, TableRows>& rows) {
  std::vector<std::string> names;
  for (const auto& [table, its] : rows) {
    for (const Row& check : its.checks) {
      names.push_back(field(check, 1));
    }
  }
  if (names.empty()) {
    return;
  }
  std::map<std::string, std::string> clauses;
  for (const Row& row :
       ask(clauses_query(names.size() <= longest_list ? names : std::vector<std::string>()))) {
    clauses[field(row, 0)] = field(row, 1);
  }
  for (auto& [table, its] : rows) {
    for (Row& check : its.checks) {
      check[2] = clauses[field(check, 1)];
    }
  }
}

void KnownTables::read(const std::vector<std::string>& names, const std::map<std::string, Stamp>& stamps) {
  std::map<std::string, TableRows> all = read_rows(names);
  const bool asks_srids = source_.is_mariadb && std::any_of(all.begin(), all.end(), [](const auto& each) {
                            return has_geometry(each.second);
                          });
  for (const Row& row : asks_srids ? ask(srids_query()) : Rows()) {
    all[field(row, 0)].srids[field(row, 1)] = field(row, 2);
  }
  for (const std::string& name : names) {
    const auto found = all.find(name);
    if (found == all.end() || found->second.table.empty()) {
      tables_.erase(name);  // dropped in between, by somebody else
      continue;
    }
    TableRows& rows = found->second;
    if (needs_created(rows, source_)) {
      const Rows created = fetch(session_, "SHOW CREATE TABLE " + mysql::quoted(name));
      rows.created = created.empty() ? "" : field(created.front(), 1);
    }
    Table& table = tables_[name];
    table.stamp = stamps.at(name).text;
    table.is_certain = stamps.at(name).is_certain;
    table.parents = parents_of(rows);
    table.type_of_values = rows.columns.size() > 1 ? field(rows.columns[1], 4) : "";
    table.unsupported.clear();
    CatalogObject object = table_object(rows, source_, table.unsupported);
    if (!table.object || *table.object != object) {
      table.object = std::make_shared<const CatalogObject>(std::move(object));
      has_changed_ = true;
    }
  }
}

}  // namespace toolkit::mysql

#include "schema_reader.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "parse_object.hpp"
#include "parse_table.hpp"

namespace toolkit::sqlite {

namespace {

struct ShadowRule {
  std::string_view module;
  std::array<std::string_view, 5> suffixes;
};

// The tables that the modules of SQLite itself make for a virtual one (their xShadowName).
constexpr std::array<ShadowRule, 6> shadow_rules = {{
    {"fts3", {"content", "docsize", "segdir", "segments", "stat"}},
    {"fts4", {"content", "docsize", "segdir", "segments", "stat"}},
    {"fts5", {"config", "content", "data", "docsize", "idx"}},
    {"rtree", {"node", "parent", "rowid", "", ""}},
    {"rtree_i32", {"node", "parent", "rowid", "", ""}},
    {"geopoly", {"node", "parent", "rowid", "", ""}},
}};

/// The name behind CREATE INDEX or CREATE TRIGGER; SQLite has put it right there.
std::string name_in(std::string_view sql) {
  const CodeTokens tokens = code_tokens(sql);
  Cursor cursor(tokens);
  cursor.take("CREATE");
  cursor.take("UNIQUE");
  cursor.advance();
  std::string name;
  cursor.take_name(name);
  return name;
}

std::string module_of(std::string_view sql) {
  const CodeTokens tokens = code_tokens(sql);
  Cursor cursor(tokens);
  while (!cursor.is_at_end() && !cursor.take("USING")) {
    cursor.advance();
  }
  return cursor.is_at_end() ? std::string() : lower(name_of(cursor.here()));
}

void add_shadows(const std::string& name, std::string_view sql, std::vector<std::string>& shadows) {
  const std::string module = module_of(sql);
  for (const ShadowRule& rule : shadow_rules) {
    for (const std::string_view suffix : rule.suffixes) {
      if (rule.module == module && !suffix.empty()) {
        shadows.push_back(name + "_" + std::string(suffix));
      }
    }
  }
}

}  // namespace

bool SchemaReader::is_our_own(std::string_view table) const {
  return lower(table.substr(0, 7)) == "sqlite_" || lower(table) == lower(scope_.place.table) ||
         lower(table) == lower(scope_.place.log_table);
}

SchemaReader::Groups SchemaReader::groups_of(const std::vector<Row>& rows, Catalog& catalog) const {
  Groups groups;
  std::vector<std::string> shadows;
  for (const Row& row : rows) {
    if (row.type != "table" && row.type != "view") {
      continue;
    }
    if (!is_our_own(row.name)) {
      groups[lower(row.name)].head = row;
    }
    if (row.type == "table" && is_virtual_table(row.sql)) {
      add_shadows(lower(row.name), row.sql, shadows);
    }
  }
  for (const std::string& shadow : shadows) {
    groups.erase(shadow);
  }
  for (const Row& row : rows) {
    if (row.type != "index" && row.type != "trigger") {
      continue;
    }
    const std::string table = lower(row.table);
    const auto group = groups.find(table);
    if (group != groups.end()) {
      group->second.parts.push_back(row);
    } else if (!is_our_own(table) && std::find(shadows.begin(), shadows.end(), table) == shadows.end()) {
      catalog.unsupported.push_back(std::string(row.type) + " " + name_in(row.sql));
    }
  }
  return groups;
}

std::string SchemaReader::parent_keys(const std::vector<std::string>& parents) const {
  std::string text;
  for (const std::string& parent : parents) {
    const auto key = keys_.find(parent);
    text += '\n' + parent;
    if (key != keys_.end()) {
      for (const std::string& column : key->second) {
        text += ' ' + written(column);
      }
    }
  }
  return text;
}

NameScope SchemaReader::scope_of(std::string_view sql) const {
  NameScope scope;
  scope.is_whole = true;
  for (const std::string& source : sources_of(sql)) {
    const auto found = columns_.find(source);
    if (found != columns_.end()) {
      scope.columns.insert(found->second.begin(), found->second.end());
    }
    scope.is_whole = scope.is_whole && found != columns_.end() && !found->second.empty();
  }
  return scope;
}

/// What the texts in double quotes of the group mean depends on other objects: read anew where that changes.
std::string SchemaReader::scopes_of(const Group& group) const {
  std::string text;
  const auto add = [&](const Row& row) {
    if ((row.type == "view" || row.type == "trigger") && row.sql.find('"') != std::string_view::npos) {
      const NameScope scope = scope_of(row.sql);
      text += scope.is_whole ? "\n+" : "\n-";
      for (const std::string& column : scope.columns) {
        text += ' ' + column;
      }
    }
  };
  add(group.head);
  std::for_each(group.parts.begin(), group.parts.end(), add);
  return text;
}

void SchemaReader::add_triggers(const Group& group, CatalogObject& object, Known& known) const {
  for (const Row& row : group.parts) {
    if (row.type == "trigger") {
      std::optional<CatalogObject> trigger = parse_trigger(row.sql, scope_of(row.sql));
      if (trigger) {
        object.children.push_back(std::move(*trigger));
      } else {
        known.unsupported.push_back("trigger " + name_in(row.sql));
      }
    }
  }
}

void SchemaReader::read_table(Group& group, Known& known) {
  std::optional<ParsedTable> table = std::move(group.parsed);
  if (!table) {
    table = parse_table(group.head.sql);
  }
  if (!table) {
    std::optional<CatalogObject> virtual_table =
        is_virtual_table(group.head.sql) ? parse_virtual_table(group.head.sql) : std::nullopt;
    if (virtual_table) {
      known.object = std::make_shared<const CatalogObject>(std::move(*virtual_table));
    } else {
      known.unsupported.push_back("table " + std::string(group.head.name));
    }
    return;
  }
  known.primary_key = table->primary_key;
  for (const auto& [child, parent] : table->open_references) {
    known.parents.push_back(lower(parent));
    const auto key = keys_.find(lower(parent));
    std::string columns;
    for (const std::string& column : key == keys_.end() ? std::vector<std::string>() : key->second) {
      columns += (columns.empty() ? " (" : ", ") + written(column);
    }
    for (Property& fact : table->object.children[child].properties) {
      fact.value += fact.name == "references" && !columns.empty() ? columns + ")" : "";
    }
  }
  for (const Row& row : group.parts) {
    if (row.type == "index") {
      std::optional<CatalogObject> index = parse_index(row.sql, *table);
      if (index) {
        table->object.children.push_back(std::move(*index));
      } else {
        known.unsupported.push_back("index " + name_in(row.sql));
      }
    }
  }
  add_triggers(group, table->object, known);
  sort_children(table->object);
  known.object = std::make_shared<const CatalogObject>(std::move(table->object));
}

void SchemaReader::read_view(const Group& group, Known& known) {
  std::optional<CatalogObject> view = parse_view(group.head.sql, scope_of(group.head.sql));
  if (!view) {
    known.unsupported.push_back("view " + std::string(group.head.name));
    return;
  }
  add_triggers(group, *view, known);
  sort_children(*view);
  known.object = std::make_shared<const CatalogObject>(std::move(*view));
}

void SchemaReader::read_group(Group& group, const std::string& stamp, Known& known) {
  const std::string scopes = scopes_of(group);
  if (known.stamp == stamp + parent_keys(known.parents) + scopes) {
    return;
  }
  const std::vector<std::string> columns = std::move(known.columns);
  known = {};
  known.columns = columns;
  if (group.head.type == "table") {
    read_table(group, known);
  } else {
    read_view(group, known);
  }
  known.stamp = stamp + parent_keys(known.parents) + scopes;
}

std::string SchemaReader::stamp_of(const Group& group) {
  std::string stamp;
  stamp.append(group.head.type).append("\n").append(group.head.sql);
  for (const Row& part : group.parts) {
    stamp.append("\n").append(part.sql);
  }
  return stamp;
}

/// What was known of it, or as much as others need to be read: its primary key.
SchemaReader::Known SchemaReader::start(const std::string& name, const std::string& stamp, Group& group) {
  const auto before = known_.find(name);
  // Behind the texts stand the keys of its parents, which `read_group` looks at once all are there.
  if (before != known_.end() && std::string_view(before->second.stamp).starts_with(stamp)) {
    return std::move(before->second);
  }
  Known known;
  if (group.head.type == "table") {
    group.parsed = parse_table(group.head.sql);
    known.primary_key = group.parsed ? group.parsed->primary_key : std::vector<std::string>();
    for (const auto& [column, spelling] : group.parsed ? group.parsed->columns : ColumnNames()) {
      known.columns.push_back(column);
    }
  }
  return known;
}

Catalog SchemaReader::catalog_of(const std::vector<Row>& rows) {
  Catalog catalog;
  catalog.dialect = "sqlite";
  Groups groups = groups_of(rows, catalog);
  KnownObjects known;
  keys_.clear();
  columns_.clear();
  for (auto& [name, group] : groups) {
    group.stamp = stamp_of(group);
    Known& now = known[name] = start(name, group.stamp, group);
    keys_[name] = now.primary_key;
    columns_[name] = now.columns;
  }
  for (auto& [name, group] : groups) {
    Known& now = known[name];
    read_group(group, group.stamp, now);
    if (now.object) {
      catalog.objects.push_back(now.object);
    }
    catalog.unsupported.insert(catalog.unsupported.end(), now.unsupported.begin(), now.unsupported.end());
  }
  sort_catalog(catalog);
  known_ = std::move(known);
  return catalog;
}

}  // namespace toolkit::sqlite

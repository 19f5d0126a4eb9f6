#include <algorithm>

#include "catalog_names.hpp"
#include "names.hpp"
#include "render_parts.hpp"

// Tables and their columns.

namespace toolkit::postgresql {

namespace {

std::string text_of(const CatalogObject& object, std::string_view property) {
  return std::string(object.property(property));
}

/// `stored (expression)` -> `GENERATED ALWAYS AS (expression) STORED`
std::string generated_text(const std::string& value) {
  const std::size_t at = value.find(' ');
  return value.empty() ? ""
                       : " GENERATED ALWAYS AS " + value.substr(at + 1) + " " + upper(value.substr(0, at));
}

std::vector<std::string> column_names(const CatalogObject& table) {
  std::vector<std::string> names;
  for (const CatalogObject& child : table.children) {
    if (child.kind == "column") {
      names.push_back(child.name);
    }
  }
  return names;
}

/// A partition made by PARTITION OF has its parent's columns; only what differs is said.
std::string partition_columns(const CatalogObject& table, const CatalogObject& parent) {
  std::string columns;
  for (const CatalogObject& column : table.children) {
    const CatalogObject* above = column.kind == "column" ? column_named(parent, column.name) : nullptr;
    if (above == nullptr) {
      continue;
    }
    std::string facts;
    const bool has_default = has(column, "default") && !has(above != nullptr ? *above : column, "generated");
    facts += has_default && column.property("default") != above->property("default")
                 ? clause(column, "default", " DEFAULT ")
                 : "";
    facts += column.property("nullable") == "no" && above->property("nullable") == "yes" ? " NOT NULL" : "";
    columns += facts.empty() ? "" : (columns.empty() ? "\n  " : ",\n  ") + sql_name(column.name) + facts;
  }
  return columns;
}

/// What PARTITION OF and a common default cannot say of a column: that it has none.
void drop_defaults(const CatalogObject& table, const CatalogObject& parent, Statements& statements) {
  for (const CatalogObject& column : table.children) {
    const CatalogObject* above = column.kind == "column" ? column_named(parent, column.name) : nullptr;
    if (above != nullptr && has(*above, "default") && !has(column, "default")) {
      statements.push_back("ALTER TABLE " + sql_top_name(table.name) + " ALTER COLUMN " +
                           sql_name(column.name) + " DROP DEFAULT");
    }
  }
}

bool stands_in_create(const CatalogObject& child) {
  return (child.kind == "check" && !has(child, "not-valid")) || child.kind == "primary key" ||
         child.kind == "unique" || child.kind == "exclusion";
}

/// A second key that is as an earlier one but for its name: CREATE TABLE would leave it out without a word
/// (transformIndexConstraints in the server's sources, 12 to 18).
bool repeats_key(const CatalogObject& table, const CatalogObject& key) {
  const auto is_same = [&](const CatalogObject& other) {
    return (other.kind == "primary key" || other.kind == "unique") &&
           other.property("columns") == key.property("columns") &&
           other.property("include") == key.property("include") &&
           other.property("nulls") == key.property("nulls") &&
           other.property("deferrable") == key.property("deferrable");
  };
  const auto self = std::find_if(table.children.begin(), table.children.end(),
                                 [&](const CatalogObject& each) { return &each == &key; });
  return key.kind == "unique" && std::any_of(table.children.begin(), self, is_same);
}

std::string constraints_of(const CatalogObject& table, bool is_first) {
  std::string text;
  for (const CatalogObject& child : table.children) {
    if (stands_in_create(child) && !repeats_key(table, child)) {
      text += (is_first ? "\n  " : ",\n  ") + constraint_text(child);
      is_first = false;
    }
  }
  return text;
}

Tables parents_of(const CatalogObject& table, const Catalog& catalog) {
  Tables parents;
  for (const char* property : {"partition-of", "inherits"}) {
    std::string_view list = table.property(property);
    while (!list.empty()) {
      const std::size_t end = list.find(", ");
      if (const CatalogObject* parent = catalog.find("table", list.substr(0, end))) {
        parents.push_back(parent);
      }
      list.remove_prefix(end == std::string_view::npos ? list.size() : end + 2);
    }
  }
  return parents;
}

/// Whether the columns begin as the parents' do; else the table is made alone and then attached.
bool begins_as(const CatalogObject& table, const Tables& parents) {
  std::vector<std::string> inherited;
  for (const CatalogObject* parent : parents) {
    for (const std::string& name : column_names(*parent)) {
      if (std::find(inherited.begin(), inherited.end(), name) == inherited.end()) {
        inherited.push_back(name);
      }
    }
  }
  const std::vector<std::string> own = column_names(table);
  return own.size() >= inherited.size() && std::equal(inherited.begin(), inherited.end(), own.begin());
}

std::string tail_of(const CatalogObject& table) {
  return clause(table, "partitioned-by", "\nPARTITION BY ") + clause(table, "access-method", "\nUSING ") +
         clause(table, "options", "\nWITH (", ")");
}

/// `text COLLATE "C" DEFAULT 'x' NOT NULL`
std::string column_text(const CatalogObject& column) {
  const std::string_view not_null = column.property("not-null");
  std::string text = text_of(column, "type") + clause(column, "compression", " COMPRESSION ") +
                     clause(column, "collation", " COLLATE ") + clause(column, "default", " DEFAULT ") +
                     generated_text(text_of(column, "generated")) +
                     identity_text(text_of(column, "identity"));
  text += column.property("nullable") == "no" && !not_null.starts_with("not valid") ? " NOT NULL" : "";
  return text + (not_null == "no inherit" ? " NO INHERIT" : "");
}

std::string columns_of(const CatalogObject& table, const Tables& parents = {}) {
  std::string columns;
  for (const CatalogObject& column : table.children) {
    if (column.kind == "column" && !comes_from_parents(column, parents)) {
      columns += (columns.empty() ? "\n  " : ",\n  ") + sql_name(column.name) + " " + column_text(column);
    }
  }
  return columns;
}

std::string create_words(const CatalogObject& table) {
  return std::string("CREATE ") + (has(table, "unlogged") ? "UNLOGGED " : "") + "TABLE " +
         sql_top_name(table.name);
}

void make_partition(const CatalogObject& table, const CatalogObject& parent, Statements& statements) {
  std::string inside = partition_columns(table, parent);
  inside += constraints_of(table, inside.empty());
  statements.push_back(create_words(table) + " PARTITION OF " + sql_top_name(parent.name) +
                       (inside.empty() ? "" : " (" + inside + "\n)") + " " +
                       text_of(table, "partition-bound") + tail_of(table));
  drop_defaults(table, parent, statements);
}

/// Made alone, with the checks that it has from its parents, then attached.
void make_and_attach(const CatalogObject& table, const Tables& parents, Statements& statements) {
  std::string inside = columns_of(table) + constraints_of(table, column_names(table).empty());
  for (const CatalogObject* parent : parents) {
    for (const CatalogObject& child : parent->children) {
      inside += child.kind == "check" && !has(child, "no-inherit") ? ",\n  " + constraint_text(child) : "";
    }
  }
  statements.push_back(create_words(table) + " (" + inside + "\n)" + tail_of(table));
  for (const CatalogObject* parent : parents) {
    statements.push_back(has(table, "partition-of")
                             ? "ALTER TABLE " + sql_top_name(parent->name) + " ATTACH PARTITION " +
                                   sql_top_name(table.name) + " " + text_of(table, "partition-bound")
                             : "ALTER TABLE " + sql_top_name(table.name) + " INHERIT " +
                                   sql_top_name(parent->name));
  }
}

void make_plain(const CatalogObject& table, const Tables& parents, Statements& statements) {
  const std::string columns = columns_of(table, parents);
  const std::string inside = columns + constraints_of(table, columns.empty());
  std::string inherits;
  for (const CatalogObject* parent : parents) {
    inherits += (inherits.empty() ? "" : ", ") + sql_top_name(parent->name);
  }
  statements.push_back(create_words(table) + " (" + inside + (inside.empty() ? ")" : "\n)") +
                       (inherits.empty() ? "" : "\nINHERITS (" + inherits + ")") + tail_of(table));
}

/// What CREATE TABLE cannot say.
void finish_table(const CatalogObject& table, Statements& statements) {
  const std::string alter = "ALTER TABLE " + sql_top_name(table.name);
  for (const CatalogObject& child : table.children) {
    const std::string column = alter + " ALTER COLUMN " + sql_name(child.name) + " SET ";
    if ((child.kind == "check" && has(child, "not-valid")) || repeats_key(table, child)) {
      statements.push_back(alter + " ADD " + constraint_text(child));
    }
    if (child.kind != "column") {
      continue;
    }
    if (child.property("not-null").starts_with("not valid")) {
      statements.push_back(alter + " ADD NOT NULL " + sql_name(child.name) +
                           (child.property("not-null") == "not valid" ? "" : " NO INHERIT") + " NOT VALID");
    }
    if (has(child, "storage")) {
      statements.push_back(column + "STORAGE " + upper(text_of(child, "storage")));
    }
    if (has(child, "statistics")) {
      statements.push_back(column + "STATISTICS " + text_of(child, "statistics"));
    }
    if (has(child, "options")) {
      statements.push_back(column + "(" + text_of(child, "options") + ")");
    }
  }
}

}  // namespace

std::string identity_text(const std::string& value) {
  if (value.empty()) {
    return "";
  }
  const std::size_t at = value.find(" (");
  std::string options;
  std::string rest = at == std::string::npos ? "" : value.substr(at + 2, value.size() - at - 3);
  while (!rest.empty()) {
    const std::size_t end = rest.find(", ");
    const std::string option = rest.substr(0, end);
    const std::string word = option.substr(0, option.find(' '));
    options += options.empty() ? "" : " ";
    options += word == "cycle" ? "CYCLE"
                               : (word == "start"       ? "START WITH"
                                  : word == "increment" ? "INCREMENT BY"
                                  : word == "minimum"   ? "MINVALUE"
                                  : word == "maximum"   ? "MAXVALUE"
                                                        : "CACHE") +
                                     option.substr(word.size());
    rest.erase(0, end == std::string::npos ? end : end + 2);
  }
  return " GENERATED " + upper(value.substr(0, at)) + " AS IDENTITY" +
         (options.empty() ? "" : " (" + options + ")");
}

const CatalogObject* column_named(const CatalogObject& table, std::string_view name) {
  const auto found =
      std::find_if(table.children.begin(), table.children.end(),
                   [&](const CatalogObject& each) { return each.kind == "column" && each.name == name; });
  return found == table.children.end() ? nullptr : &*found;
}

void make_table(const CatalogObject& table, const Catalog& catalog, Statements& statements) {
  const Tables parents = parents_of(table, catalog);
  const bool has_inherited =
      std::any_of(table.children.begin(), table.children.end(),
                  [&](const CatalogObject& child) { return comes_from_parents(child, parents); });
  if (!parents.empty() && !has_inherited && !begins_as(table, parents)) {
    make_and_attach(table, parents, statements);
  } else if (!parents.empty() && has(table, "partition-of")) {
    make_partition(table, *parents.front(), statements);
  } else {
    // Whose a column is matters when a parent drops it; their order, which attaching would keep, does not.
    make_plain(table, parents, statements);
    finish_inherited(table, parents, statements);
  }
  finish_table(table, statements);
  add_comment(table, "TABLE " + sql_top_name(table.name), statements);
}

}  // namespace toolkit::postgresql

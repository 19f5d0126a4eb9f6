#include <set>

#include "render_parts.hpp"

// Columns that a table has because its parents have them (INHERITS).

namespace toolkit::postgresql {

namespace {

std::vector<const CatalogObject*> columns_above(const CatalogObject& column, const Tables& parents) {
  std::vector<const CatalogObject*> found;
  for (const CatalogObject* parent : parents) {
    if (const CatalogObject* above = column_named(*parent, column.name)) {
      found.push_back(above);
    }
  }
  return found;
}

/// What the parents' columns say of a property, without those that say nothing.
std::set<std::string_view> said_above(const CatalogObject& column, const Tables& parents,
                                      std::string_view property) {
  std::set<std::string_view> values;
  for (const CatalogObject* above : columns_above(column, parents)) {
    if (has(*above, property)) {
      values.insert(above->property(property));
    }
  }
  return values;
}

bool is_required_above(const CatalogObject& column, const Tables& parents) {
  for (const CatalogObject* above : columns_above(column, parents)) {
    if (above->property("nullable") == "no" && above->property("not-null") != "no inherit") {
      return true;
    }
  }
  return false;
}

void finish_column(const CatalogObject& column, const Tables& parents, const std::string& alter,
                   Statements& statements) {
  const auto given = [&](std::string_view property) {
    const std::set<std::string_view> values = said_above(column, parents, property);
    return values.empty() ? std::string_view() : *values.begin();
  };
  const std::string name = sql_name(column.name);
  const std::string change = alter + " ALTER COLUMN " + name;
  if (column.property("default") != given("default")) {
    statements.push_back(change + (has(column, "default") ? clause(column, "default", " SET DEFAULT ")
                                                          : std::string(" DROP DEFAULT")));
  }
  const std::string_view not_null = column.property("not-null");
  const bool is_required = column.property("nullable") == "no" && !not_null.starts_with("not valid");
  if (is_required && !is_required_above(column, parents)) {
    statements.push_back(not_null == "no inherit" ? alter + " ADD NOT NULL " + name + " NO INHERIT"
                                                  : change + " SET NOT NULL");
  } else if (column.property("nullable") == "yes" && is_required_above(column, parents)) {
    statements.push_back(change + " DROP NOT NULL");  // until 17
  }
  if (column.property("compression") != given("compression")) {
    statements.push_back(
        change + " SET COMPRESSION " +
        (has(column, "compression") ? std::string(column.property("compression")) : "default"));
  }
  if (has(column, "identity")) {
    statements.push_back(change + " ADD" + identity_text(std::string(column.property("identity"))));
  }
}

}  // namespace

bool comes_from_parents(const CatalogObject& column, const Tables& parents) {
  return has(column, "inherited") && !columns_above(column, parents).empty() &&
         said_above(column, parents, "default").size() < 2 &&
         said_above(column, parents, "generated").size() < 2;
}

void finish_inherited(const CatalogObject& table, const Tables& parents, Statements& statements) {
  for (const CatalogObject& child : table.children) {
    if (child.kind == "column" && comes_from_parents(child, parents)) {
      finish_column(child, parents, "ALTER TABLE " + sql_top_name(table.name), statements);
    }
  }
}

}  // namespace toolkit::postgresql

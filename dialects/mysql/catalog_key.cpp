#include <algorithm>
#include <string>
#include <string_view>

#include "catalog_column.hpp"
#include "catalog_table.hpp"

namespace toolkit::mysql {

namespace {

// NAME<middle>DIGITS
bool is_numbered(std::string_view name, const std::string& start) {
  return name.starts_with(start) && name.size() > start.size() &&
         name.find_first_not_of("0123456789", start.size()) == std::string_view::npos;
}

std::string index_column(const Row& row, const CatalogSource& source) {
  const std::string expression = field(row, 9);
  std::string text = expression.empty()
                         ? plain_name(field(row, 3))
                         : "(" + normal_expression(stored_expression(expression, source), source) + ")";
  if (row[5] && field(row, 6) != "SPATIAL") {
    text += "(" + *row[5] + ")";
  }
  return text + (field(row, 4) == "D" ? " desc" : "");
}

std::string method(const Row& row, std::string_view engine) {
  const std::string own = engine == "MEMORY" ? "HASH" : "BTREE";
  return field(row, 6) == own ? std::string() : lower_case(field(row, 6));
}

// " /*!50100 WITH PARSER `ngram` */ ," to "parser ngram"; what VECTOR indexes have stays as it is.
std::string index_options(const Row& row, const TableRows& rows) {
  if (rows.created.empty() || (field(row, 6) != "FULLTEXT" && field(row, 6) != "VECTOR")) {
    return {};
  }
  std::string tail = created_index_tail(rows.created, field(row, 1));
  const std::size_t parser = tail.find("WITH PARSER `");
  if (field(row, 6) == "FULLTEXT") {
    const std::size_t start = parser + 13;
    return parser == std::string::npos ? std::string()
                                       : "parser " + tail.substr(start, tail.find('`', start) - start);
  }
  tail.erase(std::remove(tail.begin(), tail.end(), '`'), tail.end());
  tail = tail.substr(0, tail.find("COMMENT '"));
  const std::size_t first = tail.find_first_not_of(" ,");
  const std::size_t last = tail.find_last_not_of(" ,");
  return first == std::string::npos ? std::string() : lower_case(tail.substr(first, last - first + 1));
}

CatalogObject index_object(const Row& row, const std::string& columns, const TableRows& rows,
                           std::string_view engine) {
  const std::string name = field(row, 1);
  const bool is_primary = name == "PRIMARY";
  const bool is_unique = field(row, 2) == "0";
  CatalogObject object{is_primary ? "primary key" : is_unique ? "unique" : "index", name, {}, {}};
  add_fact(object, "columns", columns);
  add_fact(object, "method", method(row, engine));
  if (field(row, 8) == "1") {
    add_fact(object, "invisible", "yes");
  }
  add_fact(object, "options", index_options(row, rows));
  if (is_primary || name == "functional_index" || is_numbered(name, "functional_index_")) {
    add_fact(object, "name-origin", "generated");
  }
  add_fact(object, "comment", field(row, 7));
  return object;
}

std::string action(const std::string& rule) {
  return rule == "NO ACTION" || rule == "RESTRICT" ? std::string() : lower_case(rule);
}

CatalogObject reference_object(const Row& row, const std::string& columns, const std::string& referenced,
                               const Rows& rules, const CatalogSource& source) {
  CatalogObject object{"foreign key", field(row, 1), {}, {}};
  const std::string schema =
      field(row, 3) == source.database ? std::string() : plain_name(field(row, 3)) + ".";
  add_fact(object, "columns", columns);
  add_fact(object, "references", schema + plain_name(field(row, 4)) + " (" + referenced + ")");
  const auto rule =
      std::find_if(rules.begin(), rules.end(), [&row](const Row& each) { return each[1] == row[1]; });
  if (rule != rules.end()) {
    add_fact(object, "on-update", action(field(*rule, 2)));
    add_fact(object, "on-delete", action(field(*rule, 3)));
  }
  if (is_numbered(field(row, 1), field(row, 0) + "_ibfk_")) {
    add_fact(object, "name-origin", "generated");
  }
  return object;
}

}  // namespace

void add_indexes(CatalogObject& table, const TableRows& rows, const CatalogSource& source) {
  std::string columns;
  for (std::size_t i = 0; i < rows.indexes.size(); ++i) {
    const Row& row = rows.indexes[i];
    columns += (columns.empty() ? "" : ", ") + index_column(row, source);
    if (i + 1 == rows.indexes.size() || rows.indexes[i + 1][1] != row[1]) {
      table.children.push_back(index_object(row, columns, rows, field(rows.table, 1)));
      columns.clear();
    }
  }
}

void add_references(CatalogObject& table, const TableRows& rows, const CatalogSource& source) {
  std::string columns;
  std::string referenced;
  for (std::size_t i = 0; i < rows.references.size(); ++i) {
    const Row& row = rows.references[i];
    columns += (columns.empty() ? "" : ", ") + plain_name(field(row, 2));
    referenced += (referenced.empty() ? "" : ", ") + plain_name(field(row, 5));
    if (i + 1 == rows.references.size() || rows.references[i + 1][1] != row[1]) {
      table.children.push_back(reference_object(row, columns, referenced, rows.rules, source));
      columns.clear();
      referenced.clear();
    }
  }
}

void add_checks(CatalogObject& table, const TableRows& rows, const CatalogSource& source) {
  for (const Row& row : rows.checks) {
    const bool is_of_column = field(row, 4) == "Column";
    const auto is_json_column = [&](const CatalogObject& child) {
      return child.kind == "column" && child.name == field(row, 1) && child.property("type") == "json";
    };
    const bool is_in_type =
        is_of_column && std::any_of(table.children.begin(), table.children.end(), is_json_column);
    if (is_in_type) {
      continue;
    }
    CatalogObject object{"check", is_of_column ? "" : field(row, 1), {}, {}};
    add_fact(object, "expression", normal_expression(stored_expression(field(row, 2), source), source));
    if (is_of_column) {
      add_fact(object, "column", field(row, 1));
    }
    if (field(row, 3) == "NO") {
      add_fact(object, "not-enforced", "yes");
    }
    const std::string start = source.is_mariadb ? "CONSTRAINT_" : table.name + "_chk_";
    if (is_of_column || is_numbered(object.name, start)) {
      add_fact(object, "name-origin", "generated");
    }
    table.children.push_back(std::move(object));
  }
}

}  // namespace toolkit::mysql

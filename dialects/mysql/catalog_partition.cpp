#include <string>

#include "catalog_column.hpp"
#include "catalog_table.hpp"

namespace toolkit::mysql {

namespace {

std::string divided_by(const std::string& method, const std::string& expression,
                       const CatalogSource& source) {
  return lower_case(method) + " (" + normal_expression(expression, source) + ")";
}

std::string values_of(const Row& row) {
  const std::string method = field(row, 3);
  const std::string description = field(row, 7);
  if (description.empty() || method == "SYSTEM_TIME") {
    return {};
  }
  if (method.starts_with("LIST")) {
    return "in (" + description + ")";
  }
  return "less than " +
         (description == "MAXVALUE" && method == "RANGE" ? description : "(" + description + ")");
}

}  // namespace

void add_partitions(CatalogObject& table, const TableRows& rows, const CatalogSource& source) {
  if (rows.partitions.empty()) {
    return;
  }
  const Row& first = rows.partitions.front();
  std::string by = divided_by(field(first, 3), field(first, 5), source);
  if (!field(first, 4).empty()) {
    by += " subpartition by " + divided_by(field(first, 4), field(first, 6), source);
  }
  // Behind the facts that the vocabulary lists before it, in front of `options` and `comment`.
  auto place = table.properties.begin();
  while (place != table.properties.end() && place->name != "options" && place->name != "comment") {
    ++place;
  }
  table.properties.insert(place, {"partitioned-by", by});
  for (const Row& row : rows.partitions) {
    const bool is_new = table.children.back().kind != "partition" || table.children.back().name != row[1];
    if (is_new) {
      CatalogObject partition{"partition", field(row, 1), {}, {}};
      add_fact(partition, "values", values_of(row));
      add_fact(partition, "comment", field(row, 8));
      table.children.push_back(std::move(partition));
    }
    if (row[2]) {
      table.children.back().children.push_back({"partition", *row[2], {}, {}});
    }
  }
}

}  // namespace toolkit::mysql

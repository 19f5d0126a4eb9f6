#pragma once

#include <map>
#include <string>
#include <vector>

#include "catalog_expression.hpp"
#include "toolkit/catalog.hpp"
#include "toolkit/query.hpp"

namespace toolkit::mysql {

using Row = Rows::value_type;

/// The answers to `TableQueries` that tell of one table, in their order.
struct TableRows {
  Row table;
  Rows columns;
  Rows indexes;
  Rows references;
  Rows rules;
  Rows checks;
  Rows partitions;
  std::map<std::string, std::string> srids;  ///< MariaDB: column -> number
  std::string created;                       ///< SHOW CREATE TABLE, where `needs_created`
};

/// Pure. The field's text; empty for NULL.
std::string field(const Row& row, std::size_t i);

/// Pure. Whether information_schema does not tell all: parsers of FULLTEXT indexes, options of VECTOR ones,
/// defaults of bytes, and what may be an application-time period of MariaDB.
bool needs_created(const TableRows& rows, const CatalogSource& source);

/// Pure. A table with all below it but triggers. What cannot be modelled goes to `unsupported`.
CatalogObject table_object(const TableRows& rows, const CatalogSource& source,
                           std::vector<std::string>& unsupported);

/// Pure. Keys and indexes, foreign keys, checks, partitions: in this order, each by name.
void add_indexes(CatalogObject& table, const TableRows& rows, const CatalogSource& source);
void add_references(CatalogObject& table, const TableRows& rows, const CatalogSource& source);
void add_checks(CatalogObject& table, const TableRows& rows, const CatalogSource& source);
/// Also the table's fact `partitioned-by`.
void add_partitions(CatalogObject& table, const TableRows& rows, const CatalogSource& source);

/// Pure. What stands in SHOW CREATE TABLE behind the columns of an index: "/*!50100 WITH PARSER `ngram` */".
std::string created_index_tail(const std::string& created, const std::string& index);
/// Pure. The word or literal behind DEFAULT of a column in SHOW CREATE TABLE; empty without one.
std::string created_default(const std::string& created, const std::string& column);

/// Pure. Whether MariaDB's check says nothing but that the column is JSON.
bool is_json_check(const Row& check, const std::string& column);

}  // namespace toolkit::mysql

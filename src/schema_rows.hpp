#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "toolkit/connection.hpp"
#include "toolkit/dialect.hpp"

/// Rows of lookup tables as INSERT statements; for the fresh schema.
namespace toolkit {

/// Pure. An SQL expression that gives a column's value as a literal, or NULL, in the words of a dialect.
/// `quoted` is the column's quoted name. Numbers stand as they are, with all their digits; bytes in
/// hexadecimal; everything else is a text that the server casts to the column's type.
std::string literal_expression(const CatalogObject& column, const std::string& quoted, const Traits& traits);

/// The rows of one table.
struct SavedRows {
  const CatalogObject* table = nullptr;
  std::vector<std::string> columns;            ///< without generated ones
  std::vector<std::vector<std::string>> rows;  ///< literals
};

/// Pure. The tables by name, parents before children. Throws Error(usage) for a table that is not there, and
/// one whose rows refer to a table that is not among them.
std::vector<const CatalogObject*> tables_in_order(const Catalog& catalog,
                                                  const std::vector<std::string>& names);

/// Pure. By primary key (all columns without one), numbers by value, and parents before children where the
/// table refers to itself. Throws Error(usage) for rows that refer to each other in a circle.
void sort_rows(SavedRows& rows);

/// Pure. One statement for each row, and what an identity or a serial column needs to go on behind them.
std::vector<std::string> insert_statements(const SavedRows& rows, const Dialect& dialect);

/// Touches the server with one query.
SavedRows read_rows(Connection& connection, const Dialect& dialect, const CatalogObject& table);

}  // namespace toolkit

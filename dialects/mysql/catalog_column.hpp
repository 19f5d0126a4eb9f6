#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "catalog_expression.hpp"
#include "toolkit/catalog.hpp"

namespace toolkit::mysql {

/// A column as information_schema tells of it.
struct ColumnFacts {
  std::string name;
  std::optional<std::string> default_text;
  bool is_nullable = true;
  std::string type;
  std::string extra;
  std::string generation;
  std::string charset;
  std::string collation;
  std::string comment;
  std::string srid;
  bool is_json = false;         ///< MariaDB: a text with the check that makes it one
  std::string created_default;  ///< SHOW CREATE TABLE's word for the default of bytes, where it was asked
};

/// Pure. The type without what means nothing: display widths of integers (but `tinyint(1)`, and with
/// ZEROFILL), the width of a year, version comments.
std::string normal_type(std::string_view type);

/// Pure. The class of a type for parity, see docs/catalog.md.
std::string logical_type(std::string_view normal_type);

/// Pure. Charset and collation are said where `collation` is not the table's.
CatalogObject column_object(const ColumnFacts& column, std::string_view table_collation,
                            const CatalogSource& source);

/// Adds the fact where it holds.
void add_fact(CatalogObject& object, std::string name, std::string value);

std::string lower_case(std::string_view text);

}  // namespace toolkit::mysql

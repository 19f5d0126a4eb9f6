#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "toolkit/catalog.hpp"
#include "toolkit/connection.hpp"
#include "toolkit/dialect.hpp"

/// How each SQL family writes values as literals: data for schema_rows.cpp and schema_text.cpp only.
namespace toolkit {

struct RowWords {
  std::string_view family;
  // SQL expressions that give a literal; `%` stands for the column. NULL may come as SQL's NULL.
  std::string_view text;
  std::string_view number;
  std::string_view short_real;  ///< of 32 bits: with the digits that bring it back
  std::string_view bytes;
  std::string_view bits;                       ///< of a native type `bit…`
  std::vector<std::string_view> raw_types;     ///< native types written as bytes
  std::vector<std::string> before_reading;     ///< what the session needs so that values come whole
  std::vector<std::string> before_statements;  ///< and what one that loads them needs
  std::vector<std::string> behind_statements;
  /// A query: the database's charset and collation, which tables have that say none; empty where there are
  /// none. And the statement that gives them to another database, `%` for one and `&` for the other.
  std::string defaults_query;
  std::string_view defaults_statement;
};

const RowWords& row_words(const Traits& traits);

/// What tables of a database have that say nothing. Empty where nothing of it shows in a catalog.
struct DatabaseDefaults {
  std::string charset;
  std::string collation;
  bool operator==(const DatabaseDefaults&) const = default;
};

/// One query at most.
DatabaseDefaults database_defaults(Connection& connection, const Traits& traits);

/// Pure. Gives them to another database; empty for none.
std::string defaults_statement(const DatabaseDefaults& defaults, const Traits& traits);

/// Pure. Adds the object `database defaults` where they are not the first ones any more (ALTER DATABASE).
/// What a database has from the start is its server's and no part of a schema, so that nobody else says it.
void say_changed_defaults(Catalog& catalog, const DatabaseDefaults& first, const DatabaseDefaults& now);

/// Pure. The catalog without what its tables have by default, so that a fresh schema gives them what the
/// migrations would.
Catalog without_defaults(const Catalog& catalog, const DatabaseDefaults& defaults);

/// Pure. The statement that lets a column that counts by itself go on behind the rows; empty where the
/// server does so by itself.
std::string go_on_behind(const CatalogObject& column, const std::string& quoted_table,
                         const std::string& quoted_column, const std::string& name);

}  // namespace toolkit

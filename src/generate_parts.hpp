#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "toolkit/generate.hpp"

/// The parts of `generate`, all pure.
namespace toolkit {

/// One text per SQL family; the rows of the type table are written in this order.
struct PerFamily {
  std::string_view postgresql;
  std::string_view mysql;
  std::string_view sqlite;
};

/// What the generator knows about an SQL family. It is here and not in the dialects' rooms because a set's
/// files must not depend on which dialects a build contains.
struct SqlFamily {
  std::string_view dialect;           ///< the name that its files bear; others reach it by their fallback
  std::string_view PerFamily::*text;  ///< which column of a PerFamily is its own
  char quote;                         ///< around identifiers
  std::string_view reserved_words;    ///< separated and surrounded by single blanks
};

/// In the order of files.
const std::vector<SqlFamily>& sql_families();

/// The family of a dialect's name.
const SqlFamily& sql_family(std::string_view dialect);

std::string_view postgresql_reserved_words();
std::string_view mysql_reserved_words();
std::string_view sqlite_reserved_words();

/// Quoted where the family reserves the word.
std::string identifier(std::string_view name, const SqlFamily& family);

enum class SizeKind { none, length, precision };

/// One word of COLUMN:TYPE.
struct ColumnType {
  std::string_view word;
  SizeKind size_kind;
  PerFamily sql;      ///< `%` is where the size stands
  PerFamily neutral;  ///< empty: no value is neutral
  /// A condition for the values, where the type's name says too little; `%` is where the column stands.
  PerFamily check = {};
};

const std::vector<ColumnType>& column_type_table();

/// `sql` with its `%` replaced by `value`.
std::string filled(std::string_view sql, std::string_view value);

/// A COLUMN:TYPE as read.
struct ColumnSpec {
  std::string name;
  const ColumnType* type = nullptr;  ///< null where only a name was given
  std::string size;                  ///< "120", "10, 2"; empty for types without one
  bool not_null = false;
};

/// Throws Error(usage).
ColumnSpec parse_column(const std::string& text);

/// Throws Error(usage) unless `name` can be a table's (column's) name on every dialect.
void require_table_name(const std::string& name);
void require_column_name(const std::string& name);

enum class ChangeKind { create_table, drop_table, add_columns, remove_columns, by_hand };

/// What a request means.
struct Change {
  ChangeKind kind = ChangeKind::by_hand;
  std::string table;
  std::vector<ColumnSpec> columns;
};

/// Reads the name together with the columns. Throws Error(usage).
Change read_change(const GenerateRequest& request);

/// The statements of a direction, without terminator. Not for `by_hand`.
std::vector<std::string> statements(const Change& change, Direction direction, const SqlFamily& family);

/// The version after the highest one of the folder, as its files would write it. Throws Error(usage) after
/// the last possible version.
std::string next_digits(const MigrationFolder& folder, std::chrono::system_clock::time_point now);

}  // namespace toolkit

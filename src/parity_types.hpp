#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parity_expression.hpp"
#include "toolkit/catalog.hpp"

/// Types of columns as classes that dialects share. Pure; the rules are the table in docs/parity.md.
namespace toolkit {

/// What an engine's schemas can and cannot say: data for parity, which works on snapshots too, where no
/// dialect is at hand. An engine that is not listed can say everything.
struct EngineFacts {
  std::string_view dialect;
  bool enforces_types = true;         ///< else a declared length, width or zone binds nothing (SQLite)
  bool indexes_foreign_keys = false;  ///< makes an index for each foreign key that has none (InnoDB)
  bool has_routines = true;
  bool defers_foreign_keys = true;
  bool keys_refuse_null = true;       ///< a primary key is NOT NULL without saying so
  bool numbers_integer_keys = false;  ///< an INTEGER PRIMARY KEY numbers itself, asked or not
};

const EngineFacts& facts_of(std::string_view dialect);

/// Whether both speak one dialect (MariaDB falls back to MySQL).
bool is_one_family(std::string_view dialect, std::string_view other);

enum class TypeClass {
  boolean,
  integer,
  decimal,
  real,
  text,
  varchar,
  character,
  bytes,
  date,
  time,
  timestamp,
  interval,
  json,
  uuid,
  enumeration,
  anything,  ///< no type is declared, or one that says nothing (SQLite)
  other,
};

struct ColumnType {
  TypeClass type_class = TypeClass::other;
  std::string native;  ///< as the server writes it
  int width = 0;       ///< bits of integers and reals; 0: any
  bool is_unsigned = false;
  std::string size;                 ///< `36` of varchar, `12,4` of decimal; empty: any
  int fraction = -1;                ///< digits of seconds; -1: not held
  bool is_utc = false;              ///< a moment, whatever the session's time zone
  bool is_weak = false;             ///< the engine does not enforce it
  std::vector<std::string> labels;  ///< of an enum, in order, quoted
  std::vector<std::string> listed;  ///< the values that a check allows, sorted, as `to_string` writes them
};

/// The type of a column, with what the checks of its table say of it.
ColumnType column_type(const Catalog& catalog, const CatalogObject& table, const CatalogObject& column);

/// What is wrong between two types: a rule, and whether it is only told.
struct TypeFinding {
  std::string rule;
  bool is_note = false;
};
std::optional<TypeFinding> compare_types(const ColumnType& a, const ColumnType& b, bool one_family);

}  // namespace toolkit

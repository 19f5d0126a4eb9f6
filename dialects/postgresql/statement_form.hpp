#pragma once

#include <string>
#include <string_view>

namespace toolkit::postgresql {

/// What a statement that commits by itself does, as far as finding out its end needs it.
enum class Form {
  create_index,      ///< CREATE INDEX CONCURRENTLY
  drop_index,        ///< DROP INDEX CONCURRENTLY
  rebuild_index,     ///< REINDEX INDEX CONCURRENTLY
  rebuild_table,     ///< REINDEX TABLE CONCURRENTLY
  rebuild_many,      ///< REINDEX SCHEMA, DATABASE or SYSTEM CONCURRENTLY
  detach_partition,  ///< ALTER TABLE … DETACH PARTITION … CONCURRENTLY
  create_database,   ///< by name, as the three below
  drop_database,
  create_tablespace,
  drop_tablespace,
  add_enum_value,  ///< ALTER TYPE … ADD VALUE
  repeatable,      ///< VACUUM, CLUSTER, REINDEX, ALTER SYSTEM, …: once more gives the same
  subscription,    ///< a slot on another server may be there or not: only a probe tells
  opaque,          ///< anything else: only a probe tells
};

/// A statement's form, and the names that it is about.
struct StatementForm {
  Form form = Form::opaque;
  /// As written, for the server to read (`to_regclass`): the table of an index that is built, the index that
  /// is dropped or rebuilt, the table that is rebuilt, the partitioned table, the enum type.
  std::string relation;
  /// The partition as written; elsewhere the bare name: the new index (empty: the server chooses one), the
  /// database, the tablespace, the subscription, the enum value.
  std::string name;
  bool if_exists = false;  ///< IF EXISTS or IF NOT EXISTS: the server may report success and do nothing
};

/// Pure. What is not recognised with all its names is opaque. From the reference pages of PostgreSQL 12
/// to 18.
StatementForm statement_form(std::string_view statement);

/// Pure. Whether `definition`, as pg_get_indexdef prints it, is what a CREATE INDEX says, names left aside.
/// False also where that cannot be told, because the server prints expressions in words of its own.
bool is_same_index(std::string_view statement, std::string_view definition);

/// Pure. *Persistent: stands in marks.* "create-index"
std::string_view to_string(Form form);

}  // namespace toolkit::postgresql

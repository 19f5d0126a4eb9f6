#pragma once

#include <string>

namespace toolkit::postgresql {

/// The texts that read a catalog, for servers from 12 on (PostgreSQL manual, "System Catalogs"). All columns
/// are text. Parameters: `:oids` an oid[] literal, `:schemas` a text[] literal (empty: all but system
/// schemas), `:history_schema`, `:history_table`, `:log_table`. No colon stands in them but those, and casts
/// are written CAST, because they pass SOCI's placeholder scanner.
struct CatalogSql {
  std::string stamps;      ///< class letter (R relation, T type, P routine, G everything else), oid, stamp
  std::string dependents;  ///< class letter, oid: whose texts name one of `:oids`
  std::string relations;
  std::string columns;
  std::string constraints;  ///< of tables and domains
  std::string indexes;
  std::string triggers;
  std::string policies;
  std::string rules;
  std::string statistics;
  std::string sequences;
  std::string types;  ///< enums, domains, ranges
  std::string routines;
  std::string aggregates;
  std::string requirements;  ///< class letter, oid, kind, schema, name, arguments
  std::string grants;        ///< class letter, oid, column, role, privilege, with grant option
  std::string schemas;
  std::string schema_grants;
  std::string extensions;
  std::string unsupported;
};

/// Pure. `version` as PQserverVersion says it: 150020.
CatalogSql catalog_sql(int version);

/// Pure parts of it, by file.
void add_relation_texts(CatalogSql& sql, int version);
void add_relation_part_texts(CatalogSql& sql, int version);
void add_type_texts(CatalogSql& sql, int version);
void add_routine_texts(CatalogSql& sql, int version);
void add_grant_texts(CatalogSql& sql);

/// Pure. Conditions that several texts share: `namespace_row` is in scope; the object is no member of an
/// extension; `column` where the server is at least `since`, else `otherwise`.
std::string in_scope(const std::string& namespace_row);
std::string no_member(const std::string& catalog, const std::string& oid);
std::string if_since(int version, int since, const std::string& column, const std::string& otherwise);

/// Pure. Oids and names of objects made by users are from here on (FirstNormalObjectId).
inline constexpr const char* first_user_oid = "16384";

}  // namespace toolkit::postgresql

#pragma once

#include <string>
#include <vector>

#include "toolkit/query.hpp"

namespace toolkit::mysql {

/// One of our texts and how many columns it selects. `:db` is the database.
struct CatalogQuery {
  std::string sql;
  int columns;
};

/// What changes when a table does, for every table of the database: name, type, CREATE_TIME in seconds, 1
/// where that second had not passed for certain when the server answered. Every ALTER TABLE sets
/// CREATE_TIME (seen with MySQL 9.7 and MariaDB 10.11, instant and in place too); a RENAME changes the name.
CatalogQuery stamps_query();

/// InnoDB's number of every table: two that swapped their names show here. Asks for the right PROCESS.
CatalogQuery table_ids_query(bool is_mariadb, const std::string& database);

/// The facts of tables: of all, or of those whose names are given.
struct TableQueries {
  CatalogQuery tables;      ///< name, engine, collation, charset, options, comment, type
  CatalogQuery columns;     ///< table, name, default, nullable, type, extra, generation, charset, collation,
                            ///< comment, srid; in order
  CatalogQuery indexes;     ///< table, name, non-unique, column, direction, prefix, method, comment, hidden,
                            ///< expression; in order
  CatalogQuery references;  ///< table, name, column, schema, table and column referenced; in order
  CatalogQuery rules;       ///< table, name, on update, on delete
  CatalogQuery checks;      ///< table, name, clause (NULL for MySQL), enforced, level
  CatalogQuery partitions;  ///< table, name, sub-name, method, sub-method, expression, sub-expression,
                            ///< description, comment; in order
};
TableQueries table_queries(bool is_mariadb, const std::vector<std::string>& names);

/// MySQL: name and clause of checks: of all, or of those whose names are given. Names are unique in a
/// database.
CatalogQuery clauses_query(const std::vector<std::string>& checks);

/// MariaDB: table, column, number of each reference system.
CatalogQuery srids_query();
/// Of all views, or of those whose names are given (MariaDB opens every table it does not know the name of):
/// name, definition, check option, definer, security, algorithm (MariaDB).
CatalogQuery views_query(bool is_mariadb, const std::vector<std::string>& names);
/// table, name, timing, event, order, body, sql_mode, definer, created
CatalogQuery triggers_query();
/// name, kind, body, deterministic, data access, security, sql_mode, comment, definer, last altered, language
CatalogQuery routines_query(bool is_mariadb);
/// routine, kind, mode, name, type, charset, collation; in order
CatalogQuery parameters_query();
/// name, definer, time zone, kind, at, interval value and field, starts, ends, status, on completion,
/// comment, body, sql_mode, created, last altered
CatalogQuery events_query();
/// grantee, table, column, privilege, with grant option; the account's own left out
CatalogQuery grants_query();
/// name, start, increment, minimum, maximum, cache, cycle of each sequence
CatalogQuery sequences_query(const std::vector<std::string>& names);

}  // namespace toolkit::mysql

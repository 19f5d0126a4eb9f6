#pragma once

#include <string>
#include <vector>

#include "catalog_table.hpp"

namespace toolkit::mysql {

/// What a reader needs besides the server's texts to tell of views, triggers, routines and events.
struct ProgramSource {
  CatalogSource server;
  std::string account;    ///< of the session, as definers are written: root@localhost; left out as a definer
  std::string collation;  ///< the database's own; left out of parameters
};

/// Pure. Whether information_schema shows this body as it was written: it undoes escapes, so every quote and
/// backslash is in doubt.
bool is_body_certain(const std::string& body);

/// Pure. The body out of what SHOW CREATE answers for a trigger, routine or event; empty when it is none.
std::string trigger_body(const std::string& created, const CatalogSource& source);
std::string routine_body(const std::string& created, const CatalogSource& source);
std::string event_body(const std::string& created, const CatalogSource& source);
/// Pure. merge, temptable or nothing, out of SHOW CREATE VIEW.
std::string view_algorithm(const std::string& created);

/// Pure. Rows as the queries of catalog_query.hpp answer; `body` as it was written.
CatalogObject view_object(const Row& row, const Rows& columns, const std::string& algorithm,
                          const ProgramSource& source);
CatalogObject trigger_object(const Row& row, const std::string& body, const ProgramSource& source);
CatalogObject routine_object(const Row& row, const Rows& parameters, const std::string& body,
                             const ProgramSource& source);
CatalogObject event_object(const Row& row, const std::string& body, const ProgramSource& source);
CatalogObject sequence_object(const Row& row, const std::string& type);
/// Pure. One object for each account and table, their privileges in alphabetical order.
std::vector<CatalogObject> grant_objects(const Rows& rows);

}  // namespace toolkit::mysql

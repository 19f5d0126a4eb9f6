#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "toolkit/catalog.hpp"

namespace toolkit::postgresql {

using Statements = std::vector<std::string>;

/// Pure. A name in SQL: quoted where the server would quote it.
std::string sql_name(std::string_view name);

/// Pure. A spelled top name (`schema.table`) in SQL; what stands behind the name stays out.
std::string sql_top_name(std::string_view name);

/// Pure. A spelled list (`a, (lower(b)) desc`) in SQL, with the words behind each name.
std::string sql_list(std::string_view list);

/// Pure. ` WORD value` where the object has the property, else "".
std::string clause(const CatalogObject& object, std::string_view property, const std::string& before,
                   const std::string& after = "");
bool has(const CatalogObject& object, std::string_view property);

/// Pure. `COMMENT ON what IS 'text'`, where there is a comment.
void add_comment(const CatalogObject& object, const std::string& what, Statements& statements);

/// Pure. The tops of the catalog in an order in which each one can be made: by kind, and what an object
/// requires before it. Throws Error(server) naming objects that require each other.
std::vector<const CatalogObject*> in_order_of_making(const Catalog& catalog);

/// Pure. What makes an object itself.
void make_schema(const CatalogObject& schema, Statements& statements);
void make_extension(const CatalogObject& extension, Statements& statements);
void make_enum(const CatalogObject& type, Statements& statements);
void make_domain(const CatalogObject& domain, Statements& statements);
void make_type(const CatalogObject& type, Statements& statements);
void make_sequence(const CatalogObject& sequence, Statements& statements);
void make_routine(const CatalogObject& routine, Statements& statements);
void make_view(const CatalogObject& view, Statements& statements);
void make_table(const CatalogObject& table, const Catalog& catalog, Statements& statements);

/// Pure. What follows when all tables stand: owners of sequences, indexes, then foreign keys, then triggers,
/// rules, policies, statistics, then comments on parts.
void add_indexes(const CatalogObject& object, Statements& statements);
void add_foreign_keys(const CatalogObject& table, Statements& statements);
void add_behaviour(const CatalogObject& object, Statements& statements);
void add_comments(const CatalogObject& object, Statements& statements);
void add_grant(const CatalogObject& grant, Statements& statements);

/// Pure. `CONSTRAINT name CHECK (…) …`, for a table and for a domain.
std::string constraint_text(const CatalogObject& constraint);

/// Pure. A word in capitals.
std::string upper(std::string text);

}  // namespace toolkit::postgresql

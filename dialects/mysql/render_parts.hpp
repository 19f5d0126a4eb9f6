#pragma once

#include <string>
#include <string_view>

#include "toolkit/catalog.hpp"

namespace toolkit::mysql {

/// Pure. A list of a catalog, `a, b(10) desc, (lower(c))`, with its names in backquotes.
std::string rendered_columns(std::string_view columns);

/// Pure. `other.table (a, b)` with its names in backquotes.
std::string rendered_reference(std::string_view references);

/// Pure. `DEFINER=name@host ` in backquotes, or nothing.
std::string rendered_definer(const CatalogObject& object);

/// Pure. " COMMENT 'text'", or nothing.
std::string rendered_comment(const CatalogObject& object);

/// Pure. CREATE TABLE with all but foreign keys and triggers.
std::string rendered_table(const CatalogObject& table, bool is_mariadb);
/// Pure. ALTER TABLE that adds the foreign keys; empty without any.
std::string rendered_foreign_keys(const CatalogObject& table);
/// Pure. " PARTITION BY …" or nothing.
std::string rendered_partitions(const CatalogObject& table);
/// Pure. One line of CREATE TABLE.
std::string rendered_column(const CatalogObject& column, const CatalogObject& table, bool is_mariadb);
std::string rendered_index(const CatalogObject& index, bool is_mariadb);

std::string rendered_sequence(const CatalogObject& sequence);
std::string rendered_view(const CatalogObject& view);
std::string rendered_trigger(const CatalogObject& trigger, std::string_view table);
std::string rendered_routine(const CatalogObject& routine);
std::string rendered_event(const CatalogObject& event);
std::string rendered_grant(const CatalogObject& grant);

}  // namespace toolkit::mysql

#pragma once

#include <string>

#include "parse_table.hpp"

namespace toolkit::sqlite {

/// What the parsers of columns and of constraints share while they read one table.
struct TableDraft {
  ParsedTable table;
  std::string constraint_name;  ///< given by CONSTRAINT for what comes next
  bool has_constraint_name = false;
  bool is_strict = false;
  bool without_rowid = false;
  bool has_plain_key = true;         ///< false: `INTEGER PRIMARY KEY DESC`, which is no name of the rowid
  std::size_t last_foreign_key = 0;  ///< index among the children, 0 for none: the first child is a column
};

/// Reads a column's name, type and constraints; a `,` or the end comes next.
void read_column(Cursor& cursor, TableDraft& draft);

/// Reads one constraint of a table: PRIMARY KEY, UNIQUE, CHECK, FOREIGN KEY.
void read_table_constraint(Cursor& cursor, TableDraft& draft);

/// Behind REFERENCES.
void read_reference(Cursor& cursor, TableDraft& draft, const std::string& columns);

/// CONSTRAINT name; false when there is none.
bool read_constraint_name(Cursor& cursor, TableDraft& draft);

/// ON CONFLICT word; empty when there is none, and for ABORT, the default.
std::string read_conflict(Cursor& cursor);

/// [NOT] DEFERRABLE [INITIALLY …], which belongs to the last foreign key; false when there is none.
bool read_deferrable(Cursor& cursor, TableDraft& draft);

/// Adds a child with the name that CONSTRAINT gave, and gives its facts the order of the vocabulary.
CatalogObject& add_constraint(TableDraft& draft, std::string kind, std::vector<Property> facts);

void add_fact(CatalogObject& object, std::string name, std::string value);

}  // namespace toolkit::sqlite

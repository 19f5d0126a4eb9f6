#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "row_statements.hpp"
#include "toolkit/migration_set.hpp"
#include "toolkit/script.hpp"

/// What happened to rows between two moments, and whether the statements say so.
namespace toolkit {

/// The rows of one table as text.
struct TableRows {
  std::vector<std::string> columns;
  std::vector<std::string> key;  ///< columns of the primary key; empty: there is none, or one of expressions
  std::vector<std::vector<std::string>> rows;  ///< a value for each column
  std::map<std::string, std::string> types;    ///< of the columns, as they were
  std::set<std::string> required = {};         ///< columns that take no NULL
};

/// What happened to rows.
struct RowFinding {
  std::string table;
  std::string text;        ///< one sentence with an example row
  bool is_stated = false;  ///< the statement says that it removes or changes rows: a note
};

/// Pure. A table by the name that it had, or by the one that a statement gave it (`RowStatements::renamed`).
std::map<std::string, TableRows>::const_iterator find_table(
    const std::map<std::string, TableRows>& tables, const std::string& name,
    const std::map<std::string, std::string>& renamed);

/// Pure. The rows of `before` that `after` still has with the same values, in the columns that both have, by
/// the names of `after`.
TableRows common_rows(const TableRows& before, const TableRows& after, const ColumnMoves& moves);

/// Pure. What differs for rows that should still be there; columns that exist on both sides are compared, and
/// rows told apart by the primary key of `before`, or where a column of it is gone, or there is none, by all
/// their values. A value that another type writes in another way (1.5 and 1.50, t and 1, a moment with more
/// digits) is the same; within one type every difference counts.
///
/// Stated is what a statement of the script says of the table that it works on: DELETE, TRUNCATE, REPLACE and
/// MERGE its loss, UPDATE and an INSERT that updates other values. What hangs on that table by a key or a
/// trigger is not stated. A column is followed to the name that ALTER TABLE gives it, and one that is dropped
/// and made anew holds other values by that statement; so is a table, where another one takes its name. CALL,
/// DO, SELECT and the like may do anything, as may DML on what is no table. A version that `is_irreversible`
/// says with its reason that values are given up: other values are stated in columns that get another type or
/// that a USING computes, nothing else is.
std::vector<RowFinding> compare_rows(const std::map<std::string, TableRows>& before,
                                     const std::map<std::string, TableRows>& after, const Script& script,
                                     const ScriptSyntax& syntax, bool is_irreversible);

/// Pure. Rows that a down leaves in tables that were there before the up, and that were not in them then:
/// notes, since nobody can tell whether they are wanted.
std::vector<RowFinding> rows_left_behind(const std::map<std::string, TableRows>& before_up,
                                         const std::map<std::string, TableRows>& after_down);

/// Pure. Whether an up says that it takes only rows of a kind: it adds a key, a foreign key or a check to
/// what is there. That sample rows do not fit is no fault of it then. A column that becomes NOT NULL while
/// nobody fills it, and a cast that fails, are none of these.
bool states_refusal(const Script& up, const ScriptSyntax& syntax);

}  // namespace toolkit

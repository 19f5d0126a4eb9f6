#pragma once

#include <libpq-fe.h>

#include <map>
#include <string>
#include <vector>

#include "toolkit/query.hpp"
#include "toolkit/unit_of_work.hpp"

/// What locks a version takes, for reports (RunContext::locks).
namespace toolkit::postgresql {

/// Asked before the steps: oid, name and file of the tables that they may touch. `$1` is `names_in`.
extern const std::string tables_before_text;

/// Asked behind the steps, in their transaction: oid, mode and file of each table that this session has
/// locked.
extern const std::string locks_text;

/// Pure. Every name in the task's statements as an array literal of the server: `{"apps","Order"}`.
Value names_in(const Task& task);

/// Puts both answers together.
class LockReport {
 public:
  void hear_tables(const pg_result* tables);
  /// The strongest lock of each table that was there before, `ACCESS SHARE` left out, strongest first, then
  /// by name.
  std::vector<LockTaken> hear_locks(const pg_result* locks) const;

 private:
  struct Table {
    std::string name;
    std::string file;
  };
  std::map<std::string, Table> tables_;  ///< by oid
};

/// Pure. What a statement that commits by itself takes: the manual's page of each (PostgreSQL 18, 13.3.1
/// "Table-Level Locks"). Nothing for what concerns no table.
std::vector<LockTaken> locks_of_lone(std::string_view statement);

}  // namespace toolkit::postgresql

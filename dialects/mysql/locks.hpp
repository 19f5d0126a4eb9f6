#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "statement_class.hpp"
#include "toolkit/script.hpp"
#include "toolkit/unit_of_work.hpp"

/// What locks a statement takes, for reports (RunContext::locks). No right of an ordinary account
/// shows the metadata locks of a statement that has ended, so the server is asked by its own words: with
/// explicit clauses ALGORITHM and LOCK it refuses what a change cannot do (MySQL 9.4 manual, 15.1.10 "ALTER
/// TABLE", 17.12 "InnoDB and Online DDL"; MariaDB, "ALTER TABLE").
namespace toolkit::mysql {

/// A statement with explicit clauses.
struct LockAttempt {
  std::string sql;
  std::string algorithm;  ///< INSTANT, NOCOPY (MariaDB), INPLACE, COPY
  std::string lock;       ///< NONE, SHARED, EXCLUSIVE: what others may still do meanwhile
};

/// Pure. The same change as the server would choose its way, best first. Nothing for what takes no such
/// clauses, or has its own.
std::vector<LockAttempt> lock_attempts(std::string_view statement, const ScriptSyntax& syntax,
                                       bool is_mariadb);

/// Pure. Whether the server says that this way is none for the change (1845, 1846), or does not know the
/// words here (1064).
bool is_no_way(std::string_view native_code);

/// Pure. What a statement without such clauses takes: EXCLUSIVE where the table's definition changes,
/// SHARED WRITE for rows; with clauses of its own, what they say.
LockTaken lock_by_words(std::string_view statement);

/// Pure. The table of ALTER TABLE, CREATE and DROP INDEX, TRUNCATE, DROP and RENAME TABLE, triggers and row
/// changes; an empty name for others.
ObjectName locked_table(std::string_view statement);

}  // namespace toolkit::mysql

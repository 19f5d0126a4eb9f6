#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "toolkit/connection.hpp"
#include "toolkit/script.hpp"

/// Rows that people supply for verify, where sample rows cannot be made.
namespace toolkit {

/// Pure. The table that an INSERT writes to, the last part of its name, upper case: `INSERT INTO app."users"
/// (…` names USERS. Empty for what is no INSERT INTO.
std::string inserted_table(std::string_view sql, const ScriptSyntax& syntax);

/// Pure. Whether a CREATE TABLE makes a table of this name (as `inserted_table` gives it).
bool creates_table(std::string_view sql, const ScriptSyntax& syntax, const std::string& name);

/// A file of INSERT statements, each tried before every version until the database takes it: a table may not
/// be there yet, or lack a column.
class GivenRows {
 public:
  /// Pure. Throws Error(files) with its place for a statement that is no INSERT, and what `scan_script`
  /// throws.
  GivenRows(const std::string& path, const std::string& text, const ScriptSyntax& syntax);

  /// The tables that the file writes to, the last part of their names, upper case: they get no sample rows.
  const std::set<std::string>& tables() const { return tables_; }

  /// Runs those that have not been taken yet. Throws Error(connection) when the connection is lost.
  void offer(Connection& connection);

  /// A sentence for each one that was never taken.
  std::vector<std::string> refused() const;

 private:
  struct Statement {
    std::string sql;
    std::string place;  ///< file:line
    std::string failure;
    bool is_taken = false;
  };
  std::vector<Statement> statements_;
  std::set<std::string> tables_;
};

}  // namespace toolkit

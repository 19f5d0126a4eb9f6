#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "migrator_parts.hpp"
#include "plan_parts.hpp"
#include "schema_rows_words.hpp"

/// One database that verify works in: versions go up and down through the same units as in production, but
/// without reading the history again for each of them, so that the cost of a version does not grow.
namespace toolkit {

/// Runs a file of several statements (base, prepare, fresh schema), each natively. Throws Error at its place.
void run_script_file(Connection& connection, const Dialect& dialect, const std::string& path,
                     const MigratorOptions& options);

class VerifySession {
 public:
  /// Connects and makes the history. Requires: the database is empty, or holds the base tables.
  VerifySession(const Dialect& dialect, const DatabaseUrl& url, const MigratorOptions& options);

  /// The set that another session on a server of the same flavour has read, so that it is not read again.
  void use(const MigrationSet& set) { parts_.set = set; }

  /// Runs the version's unit; throws Error as Connection::run does.
  void run(const Migration& migration, Direction direction);
  /// The same, with `observer` told of everything.
  void run(const Migration& migration, Direction direction, LockReporting locks, RunObserver& observer);

  /// As run_script_file.
  void run_file(const std::string& path) { run_script_file(parts_.open(), dialect(), path, parts_.options); }

  /// With `database defaults` where they are others than those of `compare_defaults_with`.
  Catalog catalog();
  DatabaseDefaults defaults() { return database_defaults(parts_.open(), dialect().traits()); }
  void compare_defaults_with(DatabaseDefaults first) { first_defaults_ = std::move(first); }
  const MigrationSet& migrations() { return parts_.migrations(); }
  Connection& connection() { return parts_.open(); }
  const Dialect& dialect() const { return *parts_.dialect; }
  const HistoryPlace& place() const { return parts_.place; }

 private:
  void run(const Migration& migration, Direction direction, const RunContext& context, RunObserver& observer);

  Migrator::Parts parts_;
  std::optional<RunContext> context_;
  std::unique_ptr<CatalogReader> reader_;
  std::optional<DatabaseDefaults> first_defaults_;
  std::unique_ptr<RunnerLock> lock_;
};

}  // namespace toolkit

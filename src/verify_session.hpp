#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "migrator_parts.hpp"
#include "plan_parts.hpp"

/// One database that verify works in: versions go up and down through the same units as in production, but
/// without reading the history again for each of them, so that the cost of a version does not grow.
namespace toolkit {

class VerifySession {
 public:
  /// Connects and makes the history. Requires: the database is empty, or holds the base tables.
  VerifySession(const Dialect& dialect, const DatabaseUrl& url, const MigratorOptions& options);

  /// Runs the version's unit; throws Error as Connection::run does.
  void run(const Migration& migration, Direction direction);

  /// Runs a file of several statements (base, fresh schema), each natively. Throws Error at its place.
  void run_file(const std::string& path);

  Catalog catalog() { return reader_->read(); }
  const MigrationSet& migrations() { return parts_.migrations(); }
  Connection& connection() { return parts_.open(); }
  const Dialect& dialect() const { return *parts_.dialect; }
  const HistoryPlace& place() const { return parts_.place; }

 private:
  Migrator::Parts parts_;
  std::optional<RunContext> context_;
  std::unique_ptr<CatalogReader> reader_;
  std::unique_ptr<RunnerLock> lock_;
};

}  // namespace toolkit

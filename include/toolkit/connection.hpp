#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "toolkit/query.hpp"
#include "toolkit/unit_of_work.hpp"

namespace toolkit {

/// Who answers. Known from the handshake: asking costs no round trip.
struct ServerInfo {
  std::string product;         ///< "PostgreSQL", "MySQL", "MariaDB", "SQLite"
  std::string version;         ///< "15.20", "10.11.19"
  int version_number = 0;      ///< major * 10000 + minor * 100 + patch: 150020 -> 152000 for PostgreSQL 15.20
  std::string flavour;         ///< whose files are chosen: postgresql, mysql, mariadb, sqlite
  std::string database;        ///< its name; the path for SQLite
  std::string default_schema;  ///< where the history stands unless configured
  std::string warning;         ///< non-empty: an unsupported version
};

/// Holds the lock between runners until destroyed. Non-copyable; the destructor never throws.
class [[nodiscard]] RunnerLock {
 public:
  virtual ~RunnerLock() = default;
  RunnerLock(const RunnerLock&) = delete;
  RunnerLock& operator=(const RunnerLock&) = delete;

 protected:
  RunnerLock() = default;
};

struct LockRequest {
  HistoryPlace place;
  std::chrono::milliseconds wait{300'000};
  std::stop_token stop = {};  ///< ends the wait with Error(interrupted)
};

/// An open database. One thread uses it; only `cancel` may be called from another one. Errors of SOCI and
/// of the client library never leave it: everything throws toolkit::Error with secrets redacted.
class Connection {
 public:
  virtual ~Connection() = default;

  /// No round trip.
  virtual const ServerInfo& server() const = 0;

  /// Sends one raw statement, byte for byte, to the native handle, in autocommit; results are discarded.
  /// For statements of our own making without values, and for fresh schemas.
  virtual void execute(std::string_view sql) = 0;

  /// Runs one of our own queries through SOCI with bound values; `columns` is how many the text selects.
  /// A table that does not exist is Error(server) with `is_absent_table` true for its details.
  virtual Rows query(std::string_view sql, const Parameters& parameters, int columns) = 0;

  /// Pure. Whether an error says "no such table".
  virtual bool is_absent_table(const ErrorDetails& details) const = 0;

  /// Pure. Whether trying the same unit again can help and is safe: a lock wait that timed out, a deadlock
  /// or serialisation failure, a busy database; nothing of the unit was applied.
  virtual bool is_worth_retrying(const ErrorDetails& details) const = 0;

  /// Takes the lock between runners on this session, polling with jitter; `observer` is told while it
  /// waits, with the holder where the server tells. Throws Error(lock) after `request.wait`.
  virtual std::unique_ptr<RunnerLock> lock(const LockRequest& request, RunObserver& observer) = 0;

  /// Runs one unit as the protocol wants it (design: claim, statements, finish), telling `observer` of
  /// each task that is committed. Throws Error on the first failure: tasks that were reported finished
  /// stay, the failing one has left nothing behind (kind transaction), or its claim was taken back
  /// (separate, an error answered by the server), or is unsettled (connection lost).
  /// The error carries version, step, file position, SQLSTATE and native code.
  virtual void run(const UnitOfWork& unit, const RunContext& context, RunObserver& observer) = 0;

  /// From any thread, at any time: asks the server to stop the running statement. Never throws; without a
  /// running statement nothing happens.
  virtual void cancel() noexcept = 0;
};

}  // namespace toolkit

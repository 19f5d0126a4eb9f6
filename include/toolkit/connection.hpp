#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "toolkit/catalog.hpp"
#include "toolkit/query.hpp"
#include "toolkit/settle.hpp"
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

/// Who holds the lock between runners, as far as the server tells. Texts may be empty.
struct LockHolder {
  std::string session;  ///< the server's number of the session
  std::string user;
  std::string host;         ///< where it comes from; empty for a local socket
  std::string application;  ///< what the session calls itself
  std::string since;        ///< RFC 3339 UTC: since when the session stands as it does, by the server's clock
  std::string running;      ///< the statement that runs there, at most 200 bytes; empty between statements
};

/// Pure. One line for a person: `session 17 of app@10.0.0.7, toolkit, since …, running: …`.
std::string describe(const LockHolder& holder);

/// The lock between runners, looked at without taking it.
struct LockState {
  std::optional<LockHolder> holder;  ///< nothing: it is free
  /// Non-empty: why locks of a session cannot be trusted here (a pooler in transaction mode, Galera, group
  /// replication), and the way out. Transactional versions still run, the claim protects them; what
  /// commits by itself is refused, and an interrupted version is never settled automatically.
  std::string doubt;
  std::string way_out;
};

/// Something about a server that a person should know before it matters: what `doctor` shows.
struct ServerNote {
  std::string subject;  ///< "innodb_flush_log_at_trx_commit"
  std::string message;  ///< what it is and what can come of it
  std::string advice;
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

  /// Finds out what became of an interrupted statement, by its class and what its mark remembers. May run the
  /// statement again where the server's answer decides. Requires: the lock between runners is held by this
  /// session, so nothing of the interrupted run is still at work. Writes no history; safe to repeat, also
  /// after a crash in the middle of it. Throws Error(connection) only: every other trouble is `undecided`
  /// with its reason as evidence.
  virtual Judgement settle(const Interrupted& interrupted, const RunContext& context,
                           RunObserver& observer) = 0;

  /// Looks at the lock between runners without taking it.
  virtual LockState lock_state(const HistoryPlace& place) = 0;

  /// A reader of this connection's catalog; it must not outlive the connection. Touches nothing yet.
  virtual std::unique_ptr<CatalogReader> catalog_reader(const CatalogScope& scope) = 0;

  /// Looks at settings and rights of the server that promises of the toolkit rest on. Empty: all is well.
  virtual std::vector<ServerNote> inspect() = 0;

  /// From any thread, at any time: asks the server to stop the running statement. Never throws; without a
  /// running statement nothing happens.
  virtual void cancel() noexcept = 0;
};

}  // namespace toolkit

#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "blockers.hpp"
#include "errors.hpp"
#include "native.hpp"
#include "toolkit/unit_of_work.hpp"

namespace toolkit::postgresql {

/// Where the server's notices go while a unit runs; without a listener they are dropped.
class Notices {
 public:
  /// Installs itself as the session's receiver: libpq's own prints to standard error.
  explicit Notices(pg_conn* handle);
  Notices(const Notices&) = delete;
  Notices& operator=(const Notices&) = delete;

  RunObserver* observer = nullptr;
  const Task* task = nullptr;

 private:
  static void receive(void* self, const pg_result* notice);
};

/// The observer hears the server's notices while this lives.
class [[nodiscard]] Listening {
 public:
  Listening(Notices& notices, RunObserver& observer) : notices_(notices) { notices_.observer = &observer; }
  ~Listening() {
    notices_.observer = nullptr;
    notices_.task = nullptr;
  }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

 private:
  Notices& notices_;
};

/// Why locks of a session cannot be trusted, and the way out; empty where they can.
struct Doubt {
  std::string why;
  std::string way_out;

  bool empty() const { return why.empty(); }
};

/// Pure. Servers that speak PostgreSQL's protocol without its session locks, by what they report at the
/// handshake.
Doubt doubt_of_product(std::string_view crdb_version, std::string_view server_version);

/// Pure. A pooler in transaction or statement mode.
Doubt doubt_of_pooler();

/// What running a unit needs of the connection.
struct Channel {
  pg_conn* handle;
  const DatabaseUrl& url;
  Notices& notices;
  std::function<void()> cancel;
  Blockers& blockers;
  const Doubt& doubt;  ///< a pooler that gives each transaction another session, among others
};

/// Runs the unit in one transaction and one round trip. Throws as Connection::run does.
void run_transaction(const Channel& channel, const UnitOfWork& unit, const RunContext& context,
                     RunObserver& observer);

/// Runs the tasks' statements by themselves, each behind a committed intent. Throws as Connection::run does.
void run_separate(const Channel& channel, const UnitOfWork& unit, const RunContext& context,
                  RunObserver& observer);

/// Cancels again and again once a stop was requested: the first cancel may have come between two statements.
/// Looks who blocks meanwhile, and tells it.
Tick tick_of(const Channel& channel, const RunContext& context);

/// Throws Error(interrupted) once a stop was requested.
void require_no_stop(const RunContext& context);

/// Ends a transaction that is still open. Never throws; a dead session is left alone.
void roll_back(const Channel& channel) noexcept;

}  // namespace toolkit::postgresql

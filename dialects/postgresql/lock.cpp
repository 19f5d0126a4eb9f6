#include <libpq-fe.h>

#include <algorithm>
#include <chrono>
#include <random>

#include "connection.hpp"
#include "toolkit/pause.hpp"

namespace toolkit::postgresql {

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds first_pause{100};
constexpr milliseconds longest_pause{2'000};

// A waiter inside pg_advisory_lock holds a snapshot, for which CREATE INDEX CONCURRENTLY of the lock's holder
// waits: a deadlock. So it is asked again and again.
// Another process number than the handshake's: a pooler gives each transaction another session. A lock that
// is taken there stays behind in the pool, so none is taken.
constexpr const char* try_text =
    "SELECT CASE WHEN pg_backend_pid() = :pid THEN CAST(pg_try_advisory_lock(:key) AS integer) ELSE 2 END";
constexpr const char* unlock_text = "SELECT CAST(pg_advisory_unlock(:key) AS integer)";
constexpr const char* holder_text =
    "SELECT l.pid, a.application_name, a.usename, host(a.client_addr),"
    " to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') FROM pg_catalog.pg_locks l"
    " LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid"
    " WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1"
    " AND (CAST(l.classid AS bigint) << 32) | CAST(l.objid AS bigint) = :key"
    " AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) LIMIT 1";

milliseconds jittered(milliseconds pause) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  return milliseconds(std::uniform_int_distribution<std::int64_t>(pause.count() / 2, pause.count())(random));
}

}  // namespace

class AdvisoryLock : public RunnerLock {
 public:
  AdvisoryLock(PostgresqlConnection& connection, std::int64_t key) : connection_(connection), key_(key) {}
  ~AdvisoryLock() override {
    if (connection_.doubt_.empty()) {
      connection_.unlock(key_);
    }
  }

 private:
  PostgresqlConnection& connection_;
  std::int64_t key_;
};

bool PostgresqlConnection::try_lock(std::int64_t key) {
  if (!doubt_.empty()) {
    return true;
  }
  const Rows rows = query(try_text, {{"key", key}, {"pid", std::int64_t{PQbackendPID(handle_)}}}, 1);
  if (rows.front()[0] == "2") {
    doubt_ = doubt_of_pooler();
  }
  return rows.front()[0] != "0";
}

void PostgresqlConnection::unlock(std::int64_t key) noexcept {
  try {
    query(unlock_text, {{"key", key}}, 1);
  } catch (...) {  // the session is gone, and the lock with it
  }
}

std::string PostgresqlConnection::lock_holder(std::int64_t key) {
  const Rows rows = query(holder_text, {{"key", key}}, 5);
  if (rows.empty()) {
    return "another runner";
  }
  const auto cell = [&rows](std::size_t column) { return rows.front()[column].value_or(""); };
  std::string holder = "process " + cell(0);
  std::string who;
  const auto add = [&who](const std::string& word, const std::string& value) {
    who += value.empty() ? "" : (who.empty() ? "" : ", ") + word + value;
  };
  add("", cell(1));
  add("user ", cell(2));
  add("from ", cell(3));
  add("connected since ", cell(4).empty() ? "" : cell(4) + " UTC");
  return who.empty() ? holder : holder + " (" + who + ")";
}

std::unique_ptr<RunnerLock> PostgresqlConnection::lock(const LockRequest& request, RunObserver& observer) {
  const std::int64_t key = lock_number(server_.database, request.place);
  const auto start = Clock::now();
  milliseconds next_pause = first_pause;
  while (!try_lock(key)) {
    const auto waited = std::chrono::duration_cast<milliseconds>(Clock::now() - start);
    const std::string holder = lock_holder(key);
    if (waited >= request.wait) {
      throw Error(ErrorKind::lock,
                  "another runner holds the lock of this database: " + holder + "; waited " +
                      std::to_string(waited.count() / 1'000) + " s",
                  "run again when it has ended, or wait longer: --lock-wait 10m");
    }
    observer.waiting("the lock between runners, held by " + holder, waited);
    toolkit::pause(std::min(jittered(next_pause), request.wait - waited), request.stop);
    if (request.stop.stop_requested()) {
      throw Error(ErrorKind::interrupted, "interrupted while waiting for the lock between runners");
    }
    next_pause = std::min(next_pause * 2, longest_pause);
  }
  return std::make_unique<AdvisoryLock>(*this, key);
}

}  // namespace toolkit::postgresql

#include <chrono>
#include <utility>

#include "connection.hpp"
#include "toolkit/error.hpp"
#include "toolkit/history.hpp"

namespace toolkit::mysql {

namespace {

using Clock = std::chrono::steady_clock;

class NamedLock final : public RunnerLock {
 public:
  NamedLock(std::shared_ptr<Session> session, std::string name)
      : session_(std::move(session)), name_(std::move(name)) {}
  ~NamedLock() override {
    try {
      session_->query("SELECT RELEASE_LOCK(:name)", {{"name", name_}}, 1);
    } catch (const std::exception&) {
      // The session is gone, and the lock with it.
    }
  }

 private:
  std::shared_ptr<Session> session_;
  std::string name_;
};

// Without the PROCESS right the server shows this user's own sessions only; the number it always tells.
std::string holder(Session& session, const std::string& name) {
  const Rows id = session.query("SELECT IS_USED_LOCK(:name)", {{"name", name}}, 1);
  if (id.empty() || !id[0][0]) {
    return {};
  }
  std::string text = "connection " + *id[0][0];
  const Rows rows = session.query(
      "SELECT user, host, time, LEFT(info, 200) FROM information_schema.processlist WHERE id = :id",
      {{"id", *id[0][0]}}, 4);
  if (!rows.empty()) {
    const auto& row = rows[0];
    text +=
        " of " + row[0].value_or("?") + "@" + row[1].value_or("?") + ", for " + row[2].value_or("?") + " s";
    text += row[3] ? " running: " + *row[3] : std::string(", between statements");
  }
  return text;
}

void stop_if(const std::atomic<bool>& cancelled) {
  if (cancelled) {
    throw Error(ErrorKind::interrupted, "interrupted while waiting for the lock between runners");
  }
}

// 1, 0, or nothing when the server failed or the wait was killed.
bool try_for(Session& session, const std::string& name, std::int64_t seconds,
             const std::atomic<bool>& cancelled) {
  try {
    const Rows rows =
        session.query("SELECT GET_LOCK(:name, :seconds)", {{"name", name}, {"seconds", seconds}}, 1);
    stop_if(cancelled);
    if (rows.empty() || !rows[0][0]) {
      throw Error(ErrorKind::server, "the server could not answer for the lock between runners");
    }
    return *rows[0][0] == "1";
  } catch (const Error&) {
    stop_if(cancelled);
    throw;
  }
}

}  // namespace

std::unique_ptr<RunnerLock> take_lock(const std::shared_ptr<Session>& session, const std::string& database,
                                      const LockRequest& request, const std::atomic<bool>& cancelled,
                                      RunObserver& observer) {
  const std::string name = lock_name(database, request.place);
  if (request.stop.stop_requested()) {
    throw Error(ErrorKind::interrupted, "interrupted while waiting for the lock between runners");
  }
  const Clock::time_point begin = Clock::now();
  const auto waited = [&] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
  };
  // The server queues the waiters itself, so slices of a second need no jitter; they keep a cancel and the
  // deadline alive.
  for (std::int64_t slice = 0; !try_for(*session, name, slice, cancelled);) {
    const std::string who = holder(*session, name);
    if (waited() >= request.wait) {
      throw Error(ErrorKind::lock, "another runner holds the lock" + (who.empty() ? "" : ": " + who),
                  "run again when it has ended, or wait longer: --lock-wait 10m");
    }
    observer.waiting("the lock between runners" + (who.empty() ? "" : ", held by " + who), waited());
    slice = 1;
  }
  return std::make_unique<NamedLock>(session, name);
}

}  // namespace toolkit::mysql

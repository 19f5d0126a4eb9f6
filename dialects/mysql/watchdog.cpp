#include "watchdog.hpp"

namespace toolkit::mysql {

Watchdog::Watchdog(const Session& session, std::chrono::milliseconds limit) {
  if (limit.count() <= 0) {
    return;
  }
  thread_ = std::thread([this, &session, limit] {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, limit, [this] { return over_; })) {
      fired_ = true;
      lock.unlock();
      session.stop_statement();
    }
  });
}

Watchdog::~Watchdog() { disarm(); }

bool Watchdog::disarm() {
  {
    const std::scoped_lock lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
  return fired_;
}

}  // namespace toolkit::mysql

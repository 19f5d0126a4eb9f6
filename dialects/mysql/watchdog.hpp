#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "session.hpp"

namespace toolkit::mysql {

/// Bounds one statement. MySQL's max_execution_time is for SELECT only, and MariaDB's max_statement_time
/// would bound the writes into the history too; so the client waits, and stops the statement through a
/// session of its own (KILL QUERY). Where no second session can be opened, the statement runs on.
class Watchdog {
 public:
  /// A limit of zero does nothing and starts no thread.
  Watchdog(const Session& session, std::chrono::milliseconds limit);
  /// Waits for a stop that is on its way, so that it cannot hit the next statement.
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  /// The statement has ended. Whether it was stopped for its time.
  bool disarm();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  bool fired_ = false;
  std::thread thread_;
};

}  // namespace toolkit::mysql

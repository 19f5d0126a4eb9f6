#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <ostream>
#include <string>
#include <thread>

#include "toolkit/unit_of_work.hpp"

namespace toolkit::cli {

/// Shows a run while it happens: a line per finished version; on a terminal also what runs now and for how
/// long, rewritten every second. Notes and waits go to `notes`. With `quiet` only notes and waits are shown.
class Progress : public RunObserver {
 public:
  Progress(std::ostream& out, std::ostream& notes, bool quiet, bool is_terminal);
  ~Progress() override;
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void started(const Task& task) override;
  void finished(const Task& task, std::chrono::milliseconds duration) override;
  void note(const Task* task, const std::string& text) override;
  void waiting(const std::string& what, std::chrono::milliseconds since) override;

 private:
  void tick(const std::stop_token& stop);
  void clear_line();

  std::ostream& out_;
  std::ostream& notes_;
  bool quiet_;
  bool is_terminal_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::string running_;  ///< empty when nothing runs
  std::chrono::steady_clock::time_point since_;
  bool line_is_shown_ = false;
  std::chrono::steady_clock::time_point last_wait_line_;
  std::jthread ticker_;  ///< last: it uses everything above
};

}  // namespace toolkit::cli

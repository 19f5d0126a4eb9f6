#include "progress.hpp"

#include "output.hpp"

namespace toolkit::cli {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds tick_interval{1};
constexpr seconds wait_line_interval{5};

std::string label(const Task& task) {
  const bool up = task.direction == Direction::up;
  return std::string(up ? "up    " : "down  ") + label_of(task);
}

}  // namespace

Progress::Progress(std::ostream& out, std::ostream& notes, bool quiet, bool is_terminal)
    : out_(out), notes_(notes), quiet_(quiet), is_terminal_(is_terminal && !quiet) {
  if (is_terminal_) {
    ticker_ = std::jthread([this](const std::stop_token& stop) { tick(stop); });
  }
}

Progress::~Progress() {
  ticker_.request_stop();
  if (ticker_.joinable()) {
    ticker_.join();
  }
  const std::lock_guard guard(mutex_);
  clear_line();
}

void Progress::started(const Task& task) {
  const std::lock_guard guard(mutex_);
  running_ = label(task);
  since_ = steady_clock::now();
}

void Progress::finished(const Task& task, milliseconds duration) {
  const std::lock_guard guard(mutex_);
  clear_line();
  running_.clear();
  if (!quiet_) {
    out_ << "  " << label(task) << "  " << duration_text(duration.count()) << "\n" << std::flush;
  }
}

void Progress::note(const Task* task, const std::string& text) {
  const std::lock_guard guard(mutex_);
  clear_line();
  notes_ << "note: " << (task != nullptr ? label_of(*task) + ": " : "") << text << "\n" << std::flush;
}

void Progress::waiting(const std::string& what, milliseconds since) {
  const std::lock_guard guard(mutex_);
  const auto now = steady_clock::now();
  if (since.count() > 0 && now - last_wait_line_ < wait_line_interval) {
    return;
  }
  last_wait_line_ = now;
  clear_line();
  notes_ << "waiting for " << what << " (" << duration_text(since.count()) << ")\n" << std::flush;
}

void Progress::tick(const std::stop_token& stop) {
  std::unique_lock guard(mutex_);
  while (!stop.stop_requested()) {
    wake_.wait_for(guard, stop, tick_interval, [] { return false; });
    if (running_.empty() || stop.stop_requested()) {
      continue;
    }
    const auto elapsed = std::chrono::duration_cast<milliseconds>(steady_clock::now() - since_);
    if (elapsed >= tick_interval) {
      clear_line();
      out_ << "  " << running_ << "  running for " << duration_text(elapsed.count() / 1000 * 1000)
           << std::flush;
      line_is_shown_ = true;
    }
  }
}

void Progress::clear_line() {
  if (line_is_shown_) {
    out_ << "\r\033[K";
    line_is_shown_ = false;
  }
}

}  // namespace toolkit::cli

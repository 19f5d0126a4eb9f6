#pragma once

#include <atomic>
#include <stop_token>
#include <thread>

namespace toolkit::cli {

/// Turns the first SIGINT or SIGTERM into a stop request, made from a thread of its own so that cancelling on
/// the server may take its time; a second signal leaves at once with 128 + its number. Both say so on
/// standard error. Output that nobody reads any more ends nothing. One object per process.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  std::stop_token token() const { return source_.get_token(); }

  /// The first signal, 0 for none.
  int signal() const;

 private:
  std::stop_source source_;
  std::thread waiter_;
};

}  // namespace toolkit::cli

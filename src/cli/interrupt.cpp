#include "interrupt.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string_view>

namespace toolkit::cli {

namespace {

// Only async-signal-safe work happens in the handler: a flag and one byte into a pipe.
volatile std::sig_atomic_t first_signal = 0;
std::array<int, 2> wake_pipe = {-1, -1};

void tell(std::string_view text) {
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
}

void on_signal(int number) {
  if (first_signal != 0) {
    tell("ended at once; the next run finds out how things stand\n");
    ::_exit(128 + number);
  }
  first_signal = number;
  tell("stopping: what runs is being cancelled; once more ends at once\n");
  const char byte = 's';
  [[maybe_unused]] const ssize_t written = ::write(wake_pipe[1], &byte, 1);
}

void on_broken_pipe(int) {}

}  // namespace

Interrupt::Interrupt() {
  // Whoever reads the output may go away (`toolkit up | head`); that ends no version in the middle. A
  // handler, since children would inherit that the signal is ignored.
  struct sigaction nothing {};
  nothing.sa_handler = on_broken_pipe;
  sigemptyset(&nothing.sa_mask);
  nothing.sa_flags = SA_RESTART;
  ::sigaction(SIGPIPE, &nothing, nullptr);
  if (::pipe2(wake_pipe.data(), O_CLOEXEC) != 0) {
    return;
  }
  waiter_ = std::thread([this] {
    char byte = 0;
    if (::read(wake_pipe[0], &byte, 1) == 1 && byte == 's') {
      source_.request_stop();
    }
  });
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

Interrupt::~Interrupt() {
  if (!waiter_.joinable()) {
    return;
  }
  const char byte = 'q';
  [[maybe_unused]] const ssize_t written = ::write(wake_pipe[1], &byte, 1);
  waiter_.join();
}

int Interrupt::signal() const { return first_signal; }

}  // namespace toolkit::cli

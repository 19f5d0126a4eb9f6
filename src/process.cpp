#include "toolkit/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "process_guardian.hpp"
#include "toolkit/error.hpp"

namespace toolkit {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using Report = guardian::Report;

constexpr milliseconds start_limit{10'000};
constexpr milliseconds guardian_slack{8'000};  // more than the guardian's own wait after SIGKILL

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (const std::string& text : texts) {
    result.push_back(const_cast<char*>(text.c_str()));  // execve's historical signature
  }
  result.push_back(nullptr);
  return result;
}

const char* text_or_null(const std::filesystem::path& path) { return path.empty() ? nullptr : path.c_str(); }

/// Reads one report within the limit. False at the time limit and when the guardian is gone (`ended`).
bool read_report(int descriptor, milliseconds limit, Report& report, bool& ended) noexcept {
  const auto deadline = Clock::now() + limit;
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now()).count();
    pollfd wait{descriptor, POLLIN, 0};
    const int ready = poll(&wait, 1, static_cast<int>(std::max<long>(left, 0)));
    if (ready < 0 && errno == EINTR) {
      continue;
    }
    if (ready <= 0) {
      return false;
    }
    const auto got = read(descriptor, &report, sizeof report);
    ended = got == 0;
    return got == static_cast<ssize_t>(sizeof report);
  }
}

void close_descriptor(int& descriptor) noexcept {
  if (descriptor >= 0) {
    close(descriptor);
    descriptor = -1;
  }
}

ProcessEnd end_of(int status) {
  ProcessEnd end;
  if (WIFEXITED(status)) {
    end.exit_code = WEXITSTATUS(status);
  } else {
    end.signal = WTERMSIG(status);
  }
  return end;
}

}  // namespace

ProcessIdentity identify_process(int pid) {
  if (pid <= 0) {
    return {};
  }
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(file, text, '\0');
  // The second field is the program's name in parentheses and may hold spaces and parentheses itself.
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) {
    return {};
  }
  std::istringstream fields(text.substr(name_end + 1));
  std::string state;
  fields >> state;
  if (state == "Z" || state == "X") {
    return {};
  }
  std::string skipped;
  for (int field = 4; field < 22; ++field) {
    fields >> skipped;
  }
  ProcessIdentity identity{pid, 0};
  return fields >> identity.start_time ? identity : ProcessIdentity{};
}

bool is_running(const ProcessIdentity& process) {
  const ProcessIdentity now = identify_process(process.pid);
  return now.pid != 0 && now.start_time == process.start_time;
}

GuardedProcess::GuardedProcess(const ProcessOptions& options) : stop_grace_(options.stop_grace) {
  const auto arguments = pointers_to(options.arguments);
  const auto environment = pointers_to(options.environment);
  std::array<int, 2> control{};
  std::array<int, 2> reports{};
  if (pipe2(control.data(), O_CLOEXEC) != 0 || pipe2(reports.data(), O_CLOEXEC) != 0) {
    throw Error(ErrorKind::server, std::string("cannot create a pipe: ") + std::strerror(errno));
  }
  guardian::Plan plan;
  plan.arguments = arguments.data();
  plan.environment = environment.data();
  plan.working_folder = text_or_null(options.working_folder);
  plan.output = text_or_null(options.output);
  plan.remove_if_orphaned = text_or_null(options.remove_if_orphaned);
  plan.change_user = options.user.has_value();
  plan.uid = options.user ? options.user->uid : 0;
  plan.gid = options.user ? options.user->gid : 0;
  plan.stop_signal = options.stop_signal;
  plan.stop_grace_ms = static_cast<int>(options.stop_grace.count());
  plan.control = control[0];
  plan.reports = reports[1];
  plan.inherited_lock = options.inherited_lock;

  // No handler of the owner may run in the copy of it.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  guardian_ = fork();
  if (guardian_ == 0) {
    guardian::live(plan);
  }
  const int fork_error = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  close(control[0]);
  close(reports[1]);
  control_ = control[1];
  reports_ = reports[0];

  int why = guardian_ < 0 ? fork_error : ETIMEDOUT;
  Report report;
  bool ended = false;
  if (guardian_ > 0 && read_report(reports_, start_limit, report, ended)) {
    why = report.kind == Report::Kind::refused ? report.value : 0;
    identity_ = identify_process(report.kind == Report::Kind::started ? report.value : 0);
  }
  if (why != 0) {
    stop();
    throw Error(ErrorKind::server, "cannot run " + options.arguments.at(0) + ": " + std::strerror(why));
  }
}

std::optional<ProcessEnd> GuardedProcess::wait(milliseconds limit) {
  Report report;
  bool guardian_ended = false;
  if (!end_ && reports_ >= 0 && read_report(reports_, limit, report, guardian_ended) &&
      report.kind == Report::Kind::ended) {
    end_ = end_of(report.value);
  }
  if (!end_ && guardian_ended) {
    end_ = ProcessEnd{-1, SIGKILL};  // someone killed the guardian, and the kernel the program with it
  }
  return end_;
}

void GuardedProcess::stop() noexcept {
  if (guardian_ > 0) {
    // MSG_NOSIGNAL does not exist for pipes: a guardian that is gone must not end us with SIGPIPE.
    sigset_t broken_pipe;
    sigset_t before;
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, &before);
    const bool failed = write(control_, &guardian::orderly_stop, 1) != 1 && errno == EPIPE;
    if (failed) {
      const timespec at_once{};
      sigtimedwait(&broken_pipe, nullptr, &at_once);
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  close_descriptor(control_);
  if (guardian_ > 0) {
    await_guardian();
  }
  guardian_ = 0;
  close_descriptor(reports_);
}

void GuardedProcess::await_guardian() noexcept {
  const auto deadline = Clock::now() + stop_grace_ + guardian_slack;
  bool gone = false;
  while (!gone && Clock::now() < deadline) {
    Report report;
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    if (read_report(reports_, left, report, gone) && report.kind == Report::Kind::ended) {
      end_ = end_of(report.value);
    }
  }
  if (!gone) {
    kill(guardian_, SIGKILL);  // our own child, not yet collected: the number is still its own
  }
  // The reports ended, or SIGKILL is on its way: the wait is short. Another part of the program may have
  // collected it already (ECHILD), which is as good.
  while (waitpid(guardian_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

ProcessEnd run_process(const ProcessOptions& options, milliseconds limit) {
  GuardedProcess process(options);
  if (const auto end = process.wait(limit)) {
    return *end;
  }
  process.stop();
  throw Error(ErrorKind::timeout,
              options.arguments.at(0) + " did not end within " + std::to_string(limit.count()) + " ms");
}

}  // namespace toolkit

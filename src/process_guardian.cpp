#include "process_guardian.hpp"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>

#include "toolkit/remove_tree.hpp"

namespace toolkit::guardian {

namespace {

constexpr int kill_wait_ms = 5'000;

long long now_ms() noexcept {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<long long>(time.tv_sec) * 1'000 + time.tv_nsec / 1'000'000;
}

void report(const Plan& plan, Report::Kind kind, int value) noexcept {
  const Report text{kind, value};
  // The owner may be gone; SIGPIPE is blocked and nobody needs the answer then.
  [[maybe_unused]] const auto written = write(plan.reports, &text, sizeof text);
}

/// Descriptors of the owner must not stay open here: its pipes would never see their end.
void close_all_but(std::array<int, 3> kept) noexcept {
  std::sort(kept.begin(), kept.end());
  unsigned next = 3;
  for (const int descriptor : kept) {
    if (descriptor < static_cast<int>(next)) {
      continue;
    }
    if (static_cast<unsigned>(descriptor) > next) {
      close_range(next, static_cast<unsigned>(descriptor) - 1, 0);
    }
    next = static_cast<unsigned>(descriptor) + 1;
  }
  close_range(next, ~0U, 0);
}

void redirect(const char* path, int flags, int target) noexcept {
  const int descriptor = open(path, flags | O_CLOEXEC, 0600);
  if (descriptor >= 0 && descriptor != target) {
    dup2(descriptor, target);
    close(descriptor);
  }
}

void discard_standard_streams() noexcept {
  redirect("/dev/null", O_RDONLY, STDIN_FILENO);
  redirect("/dev/null", O_WRONLY, STDOUT_FILENO);
  redirect("/dev/null", O_WRONLY, STDERR_FILENO);
}

void restore_signals() noexcept {
  for (int number = 1; number < NSIG; ++number) {
    signal(number, SIG_DFL);  // refused for SIGKILL and SIGSTOP, which is as well
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

bool drop_to_user(const Plan& plan) noexcept {
  if (!plan.change_user) {
    return true;
  }
  return setgroups(0, nullptr) == 0 && setgid(plan.gid) == 0 && setuid(plan.uid) == 0 &&
         prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

/// Becomes the program, or tells the guardian through `failure` why not.
[[noreturn]] void become_program(const Plan& plan, int failure) noexcept {
  const pid_t guardian = getppid();
  setpgid(0, 0);
  umask(077);
  if (plan.output != nullptr) {
    redirect(plan.output, O_WRONLY | O_CREAT | O_APPEND, STDOUT_FILENO);
    dup2(STDOUT_FILENO, STDERR_FILENO);
  }
  bool ready = drop_to_user(plan);
  ready = ready && (plan.working_folder == nullptr || chdir(plan.working_folder) == 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  ready = ready && getppid() == guardian;  // it may have died before the line above
  if (ready) {
    restore_signals();
    execve(plan.arguments[0], plan.arguments, plan.environment);
  }
  const int why = errno;
  [[maybe_unused]] const auto written = write(failure, &why, sizeof why);
  _exit(127);
}

/// Forks the program and waits for its exec. Returns its pid, or 0 when it could not be run.
pid_t start_program(const Plan& plan) noexcept {
  std::array<int, 2> failure{};
  if (pipe2(failure.data(), O_CLOEXEC) != 0) {
    report(plan, Report::Kind::refused, errno);
    return 0;
  }
  const pid_t program = fork();
  if (program == 0) {
    become_program(plan, failure[1]);
  }
  int why = program < 0 ? errno : 0;
  close(failure[1]);
  if (program > 0) {
    [[maybe_unused]] const auto got = read(failure[0], &why, sizeof why);  // end of file: exec went well
  }
  close(failure[0]);
  if (why != 0) {
    report(plan, Report::Kind::refused, why);
    return 0;
  }
  report(plan, Report::Kind::started, program);
  return program;
}

/// Collects ended children. Returns false when none is left at all; clears `program` when that one ended.
bool reap(const Plan& plan, pid_t& program) noexcept {
  for (;;) {
    int status = 0;
    const pid_t ended = waitpid(-1, &status, WNOHANG);
    if (ended <= 0) {
      return ended == 0;
    }
    if (ended == program) {
      program = 0;
      report(plan, Report::Kind::ended, status);
    }
  }
}

/// As the reaper of its descendants the guardian sees all of them go, workers of a killed server too.
bool await_children(const Plan& plan, int signals, pid_t& program, int limit_ms) noexcept {
  const long long deadline = now_ms() + limit_ms;
  while (reap(plan, program)) {
    const long long left = deadline - now_ms();
    if (left <= 0) {
      return false;
    }
    pollfd wait{signals, POLLIN, 0};
    poll(&wait, 1, static_cast<int>(std::min<long long>(left, 100)));
    signalfd_siginfo drained{};
    [[maybe_unused]] const auto got = read(signals, &drained, sizeof drained);
  }
  return true;
}

void end_program(const Plan& plan, int signals, pid_t& program) noexcept {
  if (program > 0) {
    kill(-program, plan.stop_signal);
    if (plan.stop_signal != SIGKILL && await_children(plan, signals, program, plan.stop_grace_ms)) {
      return;
    }
  }
  if (program > 0) {
    kill(-program, SIGKILL);
  }
  await_children(plan, signals, program, kill_wait_ms);
}

/// Waits until the owner speaks or is gone. True when it asked for an orderly stop.
bool wait_for_owner(const Plan& plan, int signals, pid_t& program) noexcept {
  for (;;) {
    std::array<pollfd, 2> wait{pollfd{plan.control, POLLIN, 0}, pollfd{signals, POLLIN, 0}};
    poll(wait.data(), wait.size(), -1);
    if (wait[1].revents != 0) {
      signalfd_siginfo drained{};
      [[maybe_unused]] const auto got = read(signals, &drained, sizeof drained);
      reap(plan, program);
    }
    if (wait[0].revents != 0) {
      char word = 0;
      return read(plan.control, &word, 1) == 1 && word == orderly_stop;
    }
  }
}

}  // namespace

void live(const Plan& plan) noexcept {
  setsid();
  prctl(PR_SET_NAME, "toolkit-guard", 0, 0, 0);
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  signal(SIGCHLD, SIG_DFL);  // an owner that ignores it would make waitpid blind here
  close_all_but({plan.control, plan.reports, plan.inherited_lock});
  discard_standard_streams();
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  const int signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
  pid_t program = start_program(plan);
  if (program == 0) {
    _exit(1);
  }
  const bool orderly = wait_for_owner(plan, signals, program);
  end_program(plan, signals, program);
  if (!orderly && plan.remove_if_orphaned != nullptr) {
    remove_tree(plan.remove_if_orphaned);
  }
  _exit(0);
}

}  // namespace toolkit::guardian

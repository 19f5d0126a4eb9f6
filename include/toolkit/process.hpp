#pragma once

#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace toolkit {

/// A process that cannot be confused with a later one of the same number.
struct ProcessIdentity {
  int pid = 0;                   ///< 0: none
  std::uint64_t start_time = 0;  ///< clock ticks between boot and start, field 22 of /proc/PID/stat
};

/// Reads /proc. A process that does not exist, or is a zombie, gives the empty identity.
ProcessIdentity identify_process(int pid);

/// Reads /proc. Whether exactly this process still runs; a zombie does not, nor does the empty identity.
bool is_running(const ProcessIdentity& process);

/// A user of the operating system that a child runs as.
struct SystemUser {
  std::string name;
  unsigned uid = 0;
  unsigned gid = 0;
};

struct ProcessOptions {
  std::vector<std::string> arguments;    ///< arguments[0] is the program's path; no shell, no PATH search
  std::vector<std::string> environment;  ///< NAME=VALUE, the child's whole environment
  std::filesystem::path working_folder;  ///< empty: the caller's
  std::filesystem::path output;          ///< standard output and error are appended here; empty: discarded
  std::optional<SystemUser> user;        ///< dropped to before exec, without supplementary groups
  int stop_signal = SIGKILL;             ///< sent first by `stop`; SIGKILL follows after `stop_grace`
  std::chrono::milliseconds stop_grace{3'000};
  std::filesystem::path remove_if_orphaned;  ///< folder that goes when the owner dies without `stop`
  int inherited_lock = -1;  ///< a descriptor that the guardian keeps open as long as it lives (flock)
};

/// How a process ended.
struct ProcessEnd {
  int exit_code = -1;  ///< -1 when a signal ended it
  int signal = 0;
  bool succeeded() const { return exit_code == 0; }
};

/// A child that never outlives its owner, whatever happens to the owner.
///
/// The owner forks a guardian, and the guardian forks the program. The guardian waits on a pipe whose other
/// end only the owner holds: the kernel closes it on every way out of the owner, kill -9 included, and the
/// guardian then ends the program, waits for all its descendants and removes `remove_if_orphaned`. It lives
/// in its own session, so Ctrl-C in the terminal reaches only the owner. Should the guardian itself be
/// killed, the kernel kills the program (PR_SET_PDEATHSIG, set after the change of user, which would clear
/// it). PR_SET_PDEATHSIG towards the owner alone would not do: it fires when the starting *thread* ends,
/// gives no orderly stop and removes nothing.
///
/// Linux only (/proc, signalfd). May be used from programs with threads: between fork and exec only
/// async-signal-safe calls are made. Not copyable, not movable; one thread uses it.
class GuardedProcess {
 public:
  /// Starts the program and returns after its exec. Throws Error(server) when it cannot be run.
  explicit GuardedProcess(const ProcessOptions& options);
  ~GuardedProcess() { stop(); }
  GuardedProcess(const GuardedProcess&) = delete;
  GuardedProcess& operator=(const GuardedProcess&) = delete;

  const ProcessIdentity& identity() const { return identity_; }

  /// Waits at most `limit` for the program's own end; nothing when it still runs.
  std::optional<ProcessEnd> wait(std::chrono::milliseconds limit);

  /// Ends the program and its process group, at the latest by SIGKILL, and returns when they and the guardian
  /// are gone. Bounded by `stop_grace` plus some seconds. Safe to repeat. The folder is left to the owner.
  void stop() noexcept;

 private:
  void await_guardian() noexcept;

  std::chrono::milliseconds stop_grace_;
  int guardian_ = 0;
  int control_ = -1;  ///< write end; closing it without a word means "the owner is dead"
  int reports_ = -1;  ///< read end of what the guardian tells
  ProcessIdentity identity_;
  std::optional<ProcessEnd> end_;
};

/// Runs a program to its end. Throws Error(timeout) after `limit`, when it has been killed; Error(server)
/// when it cannot be run.
ProcessEnd run_process(const ProcessOptions& options, std::chrono::milliseconds limit);

}  // namespace toolkit

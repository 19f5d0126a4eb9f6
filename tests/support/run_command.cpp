#include "run_command.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <thread>

#include "files.hpp"
#include "secrets.hpp"

namespace toolkit::test {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

std::vector<std::string> environment_of(const Command& command) {
  std::map<std::string, std::string> variables = {
      {"LC_ALL", "C.UTF-8"}, {"TZ", "UTC"}, {"HOME", "/nonexistent"}};
  for (const char* name : {"PATH", "TMPDIR", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS",
                           "TSAN_OPTIONS", "LSAN_OPTIONS", "LLVM_PROFILE_FILE", "TOOLKIT_SANDBOX_USER"}) {
    if (const char* value = std::getenv(name)) {
      variables[name] = value;
    }
  }
  for (const auto& [name, value] : command.environment) {
    variables[name] = value;
  }
  std::vector<std::string> texts;
  texts.reserve(variables.size());
  for (const auto& [name, value] : variables) {
    texts.push_back(name + '=' + value);
  }
  return texts;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) {
    pointers.push_back(text.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

/// Between fork and exec: only async-signal-safe calls.
[[noreturn]] void become(const char* const* files, const char* folder, char* const* arguments,
                         char* const* environment, pid_t parent) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int flags[] = {O_RDONLY, O_WRONLY | O_APPEND, O_WRONLY | O_APPEND};
  for (int target = 0; target < 3; ++target) {
    const int file = open(files[target], flags[target]);
    if (file < 0 || dup2(file, target) < 0) {
      _exit(126);
    }
    if (file != target) {
      close(file);
    }
  }
  close_range(3, ~0U, 0);
  signal(SIGPIPE, SIG_DFL);
  if (getppid() == parent && (folder == nullptr || chdir(folder) == 0)) {
    execve(arguments[0], arguments, environment);
  }
  const char* why = std::strerror(errno);
  [[maybe_unused]] const auto written = write(STDERR_FILENO, why, std::strlen(why));
  _exit(127);
}

}  // namespace

fs::path toolkit_binary() {
  if (const char* configured = std::getenv("TOOLKIT_BINARY")) {
    return configured;
  }
#ifdef TOOLKIT_BINARY
  return TOOLKIT_BINARY;
#else
  throw std::runtime_error("set TOOLKIT_BINARY to the program under test");
#endif
}

BackgroundCommand::BackgroundCommand(const Command& command) : limit_(command.limit) {
  // Files, not pipes: nothing blocks, whatever the test reads and when.
  write_files(folder_.path(), {{"in", command.input}, {"out", ""}, {"err", ""}});
  const std::string names[] = {(folder_ / "in").string(), (folder_ / "out").string(),
                               (folder_ / "err").string()};
  const char* files[] = {names[0].c_str(), names[1].c_str(), names[2].c_str()};
  std::vector<std::string> arguments = command.arguments;
  arguments.insert(arguments.begin(),
                   (command.program.empty() ? toolkit_binary() : command.program).string());
  std::vector<std::string> environment = environment_of(command);
  const std::vector<char*> argument_pointers = pointers_to(arguments);
  const std::vector<char*> environment_pointers = pointers_to(environment);
  const char* folder = command.working_folder.empty() ? nullptr : command.working_folder.c_str();
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ == 0) {
    become(files, folder, argument_pointers.data(), environment_pointers.data(), parent);
  }
  if (pid_ < 0) {
    throw std::runtime_error("cannot fork");
  }
}

BackgroundCommand::~BackgroundCommand() {
  if (!collect(false)) {
    kill(-pid_, SIGKILL);
    kill(pid_, SIGKILL);  // should it not have come as far as setpgid
    while (!collect(true)) {
    }
  }
}

bool BackgroundCommand::collect(bool block_shortly) {
  if (collected_) {
    return true;
  }
  int status = 0;
  const pid_t ended = waitpid(pid_, &status, WNOHANG);
  if (ended == 0) {
    if (block_shortly) {
      std::this_thread::sleep_for(milliseconds(1));
    }
    return false;
  }
  collected_ = true;
  if (ended == pid_ && WIFEXITED(status)) {
    outcome_.exit_code = WEXITSTATUS(status);
  } else if (ended == pid_) {
    outcome_.signal = WTERMSIG(status);
  }
  return true;
}

bool BackgroundCommand::is_running() { return !collect(false); }

void BackgroundCommand::send(int signal) const {
  if (!collected_) {
    kill(pid_, signal);
  }
}

std::string BackgroundCommand::out() const { return read_file(folder_ / "out"); }

std::string BackgroundCommand::err() const { return read_file(folder_ / "err"); }

bool BackgroundCommand::wait_for_text(const std::string& text, milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  for (;;) {
    const bool ended = collect(true);
    if ((out() + err()).find(text) != std::string::npos) {
      return true;
    }
    if (ended || Clock::now() > deadline) {
      return false;
    }
  }
}

Outcome BackgroundCommand::wait() {
  const auto deadline = Clock::now() + limit_;
  while (!collect(true)) {
    if (Clock::now() > deadline && !outcome_.timed_out) {
      outcome_.timed_out = true;
      kill(-pid_, SIGKILL);
      kill(pid_, SIGKILL);
    }
  }
  outcome_.out = out();
  outcome_.err = err();
  note_output(outcome_.out);
  note_output(outcome_.err);
  return outcome_;
}

Outcome run_command(const Command& command) { return BackgroundCommand(command).wait(); }

Outcome run_toolkit(std::vector<std::string> arguments, std::map<std::string, std::string> environment) {
  Command command;
  command.arguments = std::move(arguments);
  command.environment = std::move(environment);
  return run_command(command);
}

}  // namespace toolkit::test

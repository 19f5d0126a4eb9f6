#include "toolkit/process.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

#include "toolkit/error.hpp"
#include "toolkit/remove_tree.hpp"

using namespace toolkit;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "toolkit-unit-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { remove_tree(path.c_str()); }
  fs::path path;
};

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

ProcessOptions shell(const std::string& script, const fs::path& output = {}) {
  ProcessOptions options;
  options.arguments = {"/bin/sh", "-c", script};
  options.environment = {"PATH=/usr/bin:/bin", "ONLY=this"};
  options.output = output;
  return options;
}

bool ends_within(const ProcessIdentity& process, std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (is_running(process)) {
    if (std::chrono::steady_clock::now() > deadline) {
      return false;
    }
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

bool appears_within(const fs::path& path, std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (text_of(path).empty()) {
    if (std::chrono::steady_clock::now() > deadline) {
      return false;
    }
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

}  // namespace

TEST_CASE("a process is identified by number and start time") {
  const ProcessIdentity self = identify_process(getpid());
  CHECK(self.pid == getpid());
  CHECK(self.start_time > 0);
  CHECK(is_running(self));
  CHECK_FALSE(is_running({self.pid, self.start_time + 1}));
  CHECK_FALSE(is_running({}));
  CHECK(identify_process(0).pid == 0);
}

TEST_CASE("a zombie does not run") {
  const pid_t child = fork();
  if (child == 0) {
    _exit(0);
  }
  siginfo_t info{};
  REQUIRE(waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT) == 0);
  CHECK(identify_process(child).pid == 0);
  waitpid(child, nullptr, 0);
}

TEST_CASE("a program runs with the given environment and folder, and its output is appended") {
  const Folder folder;
  ProcessOptions options = shell("env | sort; pwd; echo error >&2", folder.path / "log");
  options.working_folder = folder.path;
  CHECK(run_process(options, 10s).succeeded());
  const std::string text = text_of(folder.path / "log");
  CHECK(text.find("ONLY=this\n") != std::string::npos);
  CHECK(text.find("HOME=") == std::string::npos);
  CHECK(text.find(fs::canonical(folder.path).string() + "\nerror\n") != std::string::npos);
}

TEST_CASE("the end of a program is told: exit code and signal") {
  CHECK(run_process(shell("exit 7"), 10s).exit_code == 7);
  CHECK(run_process(shell("kill -TERM $$"), 10s).signal == SIGTERM);
}

TEST_CASE("a program that is not there is an error that says so") {
  ProcessOptions options;
  options.arguments = {"/nowhere/server"};
  CHECK_THROWS_WITH_AS(GuardedProcess{options}, "cannot run /nowhere/server: No such file or directory",
                       Error);
}

TEST_CASE("a program that takes too long is killed, with its children") {
  const Folder folder;
  const auto start = std::chrono::steady_clock::now();
  ProcessOptions options = shell("sleep 60 & echo $! > child; wait");
  options.working_folder = folder.path;
  try {
    run_process(options, 300ms);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::timeout);
    CHECK(std::string(error.what()) == "/bin/sh did not end within 300 ms");
  }
  CHECK(std::chrono::steady_clock::now() - start < 5s);
  CHECK_FALSE(fs::exists("/proc/" + std::to_string(std::stoi(text_of(folder.path / "child")))));
}

TEST_CASE("a program that ignores the stop signal is killed after the grace time") {
  const Folder folder;
  ProcessOptions options = shell("trap '' TERM; echo up; while :; do sleep 1; done", folder.path / "log");
  options.stop_signal = SIGTERM;
  options.stop_grace = 200ms;
  GuardedProcess process(options);
  REQUIRE(appears_within(folder.path / "log", 5s));
  const ProcessIdentity identity = process.identity();
  CHECK(is_running(identity));
  process.stop();
  CHECK_FALSE(is_running(identity));
  CHECK(process.wait(0ms)->signal == SIGKILL);
  process.stop();  // safe to repeat
}

TEST_CASE("descriptors of the owner do not stay open in the guardian or the program") {
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  GuardedProcess process(shell("sleep 60"));
  close(ends[1]);
  char byte = 0;
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  // The guardian closes them after the fork, at the latest before it reports the start.
  CHECK(read(ends[0], &byte, 1) == 0);
  close(ends[0]);
}

TEST_CASE("an owner killed by kill -9 takes its program and the folder along") {
  const Folder folder;
  const fs::path doomed = folder.path / "sandbox";
  fs::create_directories(doomed / "a" / "b");
  std::ofstream(doomed / "a" / "file") << "text";
  const pid_t owner = fork();
  if (owner == 0) {
    ProcessOptions options = shell("echo $$; exec sleep 60", folder.path / "log");
    options.remove_if_orphaned = doomed;
    const GuardedProcess process(options);
    pause();
    _exit(0);
  }
  REQUIRE(appears_within(folder.path / "log", 5s));
  const ProcessIdentity program = identify_process(std::stoi(text_of(folder.path / "log")));
  REQUIRE(is_running(program));
  kill(owner, SIGKILL);
  waitpid(owner, nullptr, 0);
  CHECK(ends_within(program, 5s));
  for (int turn = 0; turn < 500 && fs::exists(doomed); ++turn) {
    std::this_thread::sleep_for(10ms);
  }
  CHECK_FALSE(fs::exists(doomed));
  CHECK(fs::exists(folder.path));
}

TEST_CASE("a guardian killed by kill -9 takes its program along") {
  GuardedProcess process(shell("exec sleep 60"));
  const ProcessIdentity program = process.identity();
  std::ifstream status("/proc/" + std::to_string(program.pid) + "/stat");
  int pid = 0;
  int guardian = 0;
  std::string name;
  std::string state;
  status >> pid >> name >> state >> guardian;
  REQUIRE(guardian > 0);
  kill(guardian, SIGKILL);
  CHECK(ends_within(program, 5s));
  CHECK(process.wait(5s)->signal == SIGKILL);
}

TEST_CASE("a tree is removed without following links") {
  const Folder folder;
  const fs::path tree = folder.path / "tree";
  fs::create_directories(tree / "a" / "b" / "c");
  fs::create_directories(folder.path / "kept");
  std::ofstream(folder.path / "kept" / "file") << "text";
  fs::create_directory_symlink(folder.path / "kept", tree / "a" / "link");
  for (int i = 0; i < 500; ++i) {
    std::ofstream(tree / "a" /
                  ("file with a long name, so that one buffer is not enough " + std::to_string(i)));
  }
  CHECK(remove_tree(tree.c_str()));
  CHECK_FALSE(fs::exists(tree));
  CHECK(text_of(folder.path / "kept" / "file") == "text");
  CHECK(remove_tree(tree.c_str()));
  fs::create_directory_symlink(folder.path / "kept", tree);
  CHECK_FALSE(remove_tree(tree.c_str()));
  CHECK(text_of(folder.path / "kept" / "file") == "text");
}

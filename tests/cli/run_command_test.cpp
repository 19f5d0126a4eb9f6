#include "../support/run_command.hpp"

#include <doctest/doctest.h>

#include <unistd.h>

#include <cstdlib>

#include "../support/files.hpp"
#include "../support/golden.hpp"
#include "../support/secrets.hpp"

using namespace toolkit::test;
using namespace std::chrono_literals;

// The harness's own promises: a test that trusts it must not be able to hang or to miss an output.

namespace {

Command shell(const std::string& script) {
  Command command;
  command.program = "/bin/sh";
  command.arguments = {"-c", script};
  return command;
}

}  // namespace

TEST_CASE("harness: output, errors, exit code, input, folder and environment") {
  const TempFolder folder;
  setenv("TOOLKIT_DATABASE_URL", "postgresql://of-the-caller/", 1);
  Command command = shell("cat; echo $A; pwd; echo \"[$TOOLKIT_DATABASE_URL]\"; echo problem >&2; exit 3");
  command.input = "given\n";
  command.environment = {{"A", "b c"}};
  command.working_folder = folder.path();
  const Outcome outcome = run_command(command);
  unsetenv("TOOLKIT_DATABASE_URL");
  CHECK(outcome.exit_code == 3);
  CHECK(outcome.signal == 0);
  CHECK(outcome.out == "given\nb c\n" + std::filesystem::canonical(folder.path()).string() + "\n[]\n");
  CHECK(outcome.err == "problem\n");
}

TEST_CASE("harness: a program that hangs is killed with its children at the time limit") {
  Command command = shell("sleep 60 & sleep 60");
  command.limit = 200ms;
  const auto start = std::chrono::steady_clock::now();
  const Outcome outcome = run_command(command);
  CHECK(outcome.timed_out);
  CHECK(outcome.signal == SIGKILL);
  CHECK(std::chrono::steady_clock::now() - start < 5s);
}

TEST_CASE("harness: a background program can be watched and signalled") {
  BackgroundCommand program(
      shell("trap 'echo caught; exit 130' INT; echo ready; while :; do sleep 0.05; done"));
  REQUIRE(program.wait_for_text("ready"));
  CHECK(program.is_running());
  CHECK_FALSE(program.wait_for_text("never", 50ms));
  program.send(SIGINT);
  const Outcome outcome = program.wait();
  CHECK(outcome.exit_code == 130);
  CHECK(outcome.out == "ready\ncaught\n");
}

namespace {

/// A folder for the outputs of one test, instead of the run's.
class OutputFolder {
 public:
  OutputFolder() {
    if (const char* before = std::getenv(name)) {
      before_ = before;
    }
    setenv(name, folder_.path().c_str(), 1);
  }
  ~OutputFolder() { before_.empty() ? unsetenv(name) : setenv(name, before_.c_str(), 1); }
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  /// What the run's last test prints, with the folder written as DIR, and its exit code.
  std::string search() const {
    Command command;
    command.program = TOOLKIT_SOURCE_DIR "/tests/support/search_outputs";
    command.arguments = {folder_.path().string()};
    const Outcome outcome = run_command(command);
    return normalised(outcome.out + outcome.err,
                      {{folder_.path().string(), "DIR"}, {std::to_string(getpid()), "SELF"}}) +
           "exit " + std::to_string(outcome.exit_code);
  }
  const TempFolder& folder() const { return folder_; }

 private:
  static constexpr const char* name = "TOOLKIT_TEST_OUTPUT_LOG";
  TempFolder folder_;
  std::string before_;
};

}  // namespace

TEST_CASE("harness: every output is searched for passwords, by the program and by the run's last test") {
  const int leaks = leaking_outputs();
  test_password();  // noted in the run's folder, not in this one
  {
    const OutputFolder empty;
    CHECK(empty.search() == "there is no output in DIR: a search of nothing proves nothing\nexit 2");
  }
  {
    const OutputFolder outputs;
    note_password("of+a server");
    note_password("toolkit");  // a word, not searched
    run_command(shell("echo toolkit; echo harmless"));
    CHECK(leaking_outputs() == leaks);
    CHECK(outputs.search() == "4 lines of output, 2 passwords: none found\nexit 0");
    run_command(shell("echo to errors: " + test_password() + " >&2"));
    CHECK(leaking_outputs() == leaks + 1);
    write_file(outputs.folder() / "printed-x",
               "a of+a server b of+a server c\n\xff mysql://u:of%2Ba%20server@h\n");
    const std::string found = outputs.search();
    CHECK(found.find("to errors: [PASSWORD]") != std::string::npos);
    CHECK(found.find("DIR/printed-x:1: a [PASSWORD] b [PASSWORD] c\n"
                     "DIR/printed-x:2: \xff mysql://u:[PASSWORD]@h\n") != std::string::npos);
    CHECK(found.ends_with("3 lines hold one\nexit 1"));
    CHECK(found.find("server") == std::string::npos);
  }
  if (leaks == 0) {
    forget_leaks();
  }
}

TEST_CASE("harness: outputs are compared whole, without what differs between runs") {
  CHECK(normalised("applied 3 in 12.5 ms at 2026-01-02T03:04:05Z by pid 77 in /tmp/x",
                   {{"/tmp/x", "FOLDER"}}) == "applied 3 in N ms at TIME by pid PID in FOLDER");
  CHECK(text_difference("a\nb\n", "a\nb\n").empty());
  CHECK(text_difference("a\nb\n", "a\nc\n").starts_with("line 2 differs\n  expected: b\n  actual:   c\n"));
  CHECK(text_difference("a\n", "a\nb\n").starts_with("line 2 differs\n  expected: (end)\n  actual:   b\n"));
}

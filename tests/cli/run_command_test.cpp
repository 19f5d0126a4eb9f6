#include "../support/run_command.hpp"

#include <doctest/doctest.h>

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

TEST_CASE("harness: every output is searched for passwords and kept for a search of the whole run") {
  const TempFolder folder;
  const char* const before = std::getenv("TOOLKIT_TEST_OUTPUT_LOG");
  const std::string kept = before == nullptr ? "" : before;
  setenv("TOOLKIT_TEST_OUTPUT_LOG", (folder / "log").c_str(), 1);
  const int leaks = leaking_outputs();
  run_command(shell("echo harmless"));
  CHECK(leaking_outputs() == leaks);
  run_command(shell("echo to errors: " + test_password() + " >&2"));
  CHECK(leaking_outputs() == leaks + 1);
  CHECK(read_file(folder / "log").find(test_password()) != std::string::npos);
  if (leaks == 0) {
    forget_leaks();
  }
  kept.empty() ? unsetenv("TOOLKIT_TEST_OUTPUT_LOG") : setenv("TOOLKIT_TEST_OUTPUT_LOG", kept.c_str(), 1);
}

TEST_CASE("harness: outputs are compared whole, without what differs between runs") {
  CHECK(normalised("applied 3 in 12.5 ms at 2026-01-02T03:04:05Z by pid 77 in /tmp/x",
                   {{"/tmp/x", "FOLDER"}}) == "applied 3 in N ms at TIME by pid PID in FOLDER");
  CHECK(text_difference("a\nb\n", "a\nb\n").empty());
  CHECK(text_difference("a\nb\n", "a\nc\n").starts_with("line 2 differs\n  expected: b\n  actual:   c\n"));
  CHECK(text_difference("a\n", "a\nb\n").starts_with("line 2 differs\n  expected: (end)\n  actual:   b\n"));
}

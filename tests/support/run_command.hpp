#pragma once

#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "temp_folder.hpp"

namespace toolkit::test {

/// What to run, and around it.
struct Command {
  std::vector<std::string> arguments;  ///< without the program
  /// Added to a clean environment: PATH, the locale C.UTF-8, an absent HOME and the sanitizers' options; no
  /// variable that the toolkit or a client library reads comes from the caller.
  std::map<std::string, std::string> environment;
  std::string input;                        ///< standard input; never a terminal
  std::filesystem::path working_folder;     ///< empty: the caller's
  std::chrono::milliseconds limit{60'000};  ///< then it is killed, with its process group
  std::filesystem::path program;            ///< empty: the toolkit's binary, see `toolkit_binary`
};

struct Outcome {
  int exit_code = -1;  ///< -1 when a signal ended it
  int signal = 0;
  bool timed_out = false;
  std::string out;
  std::string err;
};

/// TOOLKIT_BINARY of the environment, else of the build. Throws std::runtime_error when there is none.
std::filesystem::path toolkit_binary();

/// A program that runs beside the test; killed with its process group when the guard goes, and when the test
/// itself dies. Not copyable.
class BackgroundCommand {
 public:
  explicit BackgroundCommand(const Command& command);
  ~BackgroundCommand();
  BackgroundCommand(const BackgroundCommand&) = delete;
  BackgroundCommand& operator=(const BackgroundCommand&) = delete;

  int pid() const { return pid_; }
  bool is_running();

  /// To the program alone; SIGKILL too.
  void send(int signal) const;

  /// What it has printed so far.
  std::string out() const;
  std::string err() const;

  /// Waits until standard output and error together hold the text. False at the time limit or its end.
  bool wait_for_text(const std::string& text, std::chrono::milliseconds limit = std::chrono::seconds(20));

  /// Waits for the end, at most for the command's limit; then kills it. Passes the output to `note_output`.
  Outcome wait();

 private:
  bool collect(bool block_shortly);

  TempFolder folder_;
  std::chrono::milliseconds limit_;
  int pid_ = 0;
  bool collected_ = false;
  Outcome outcome_;
};

/// Runs a program to its end.
Outcome run_command(const Command& command);

/// Runs the toolkit with these arguments.
Outcome run_toolkit(std::vector<std::string> arguments, std::map<std::string, std::string> environment = {});

}  // namespace toolkit::test

#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "../support/files.hpp"
#include "../support/golden.hpp"
#include "../support/run_command.hpp"
#include "../support/servers.hpp"

namespace toolkit::test {

/// What a user of the command has: a folder with `migrations/`, and a database of its own. Commands run in
/// the folder and find the database in TOOLKIT_DATABASE_URL, so that their outputs hold no path of the
/// machine.
class Project {
 public:
  explicit Project(const TestServer& server, const FileTree& migrations = {});

  const std::string& engine() const { return database_.server().engine; }
  const TestDatabase& database() const { return database_; }
  const std::filesystem::path& folder() const { return folder_.path(); }

  /// Into migrations/.
  void write(const FileTree& migrations);
  void remove(const std::string& migration);

  Command command(std::vector<std::string> arguments,
                  std::map<std::string, std::string> environment = {}) const;
  Outcome run(std::vector<std::string> arguments, std::map<std::string, std::string> environment = {}) const;

  /// Runs the command and returns it as on a terminal: the command, its output, its errors as lines that
  /// begin with "! ", and the exit code; without what differs between runs.
  std::string shown(const std::vector<std::string>& arguments,
                    std::map<std::string, std::string> environment = {});
  std::string shown(const std::vector<std::string>& arguments, const Outcome& outcome) const;

  /// Several, one after the other.
  std::string shown_all(const std::vector<std::vector<std::string>>& commands);

  /// More of what differs between runs, replaced in `shown`.
  void hide(const std::string& text, const std::string& word) {
    hidden_.insert(hidden_.begin(), {text, word});
  }

  /// Everything that a refused command must not change: tables and history of the database (for SQLite its
  /// bytes), and the migrations with theirs.
  std::string state() const;

 private:
  TempFolder folder_;
  TestDatabase database_;
  Substitutions hidden_;
};

/// version_name pairs whose tables are called like them: {"1_a", "2_b"}.
FileTree pairs(const std::vector<std::string>& names);

/// What doctor says of a server's own settings differs between servers: the notes go, and their number.
std::string without_server_notes(const std::string& shown);

/// Compares with expected/<name>.txt of this folder; see `golden_difference`.
std::string difference_from(const std::string& name, const std::string& actual);

}  // namespace toolkit::test

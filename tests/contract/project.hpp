#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "../support/files.hpp"
#include "../support/servers.hpp"
#include "../support/temp_folder.hpp"
#include "../support/thrown.hpp"
#include "toolkit/migrate.hpp"

namespace toolkit::test {

/// What a run told, as lines.
class Listener : public RunObserver {
 public:
  void started(const Task&) override {}
  void finished(const Task& task, std::chrono::milliseconds) override {
    finished_tasks += (task.direction == Direction::up ? " +" : " -") + std::to_string(task.version);
  }
  void note(const Task* task, const std::string& text) override {
    notes.push_back((task == nullptr ? "" : std::to_string(task->version) + ": ") + text);
  }
  void waiting(const std::string&, std::chrono::milliseconds) override {}

  bool was_told(const std::string& part) const {
    return std::any_of(notes.begin(), notes.end(),
                       [&part](const std::string& note) { return note.find(part) != std::string::npos; });
  }

  std::string finished_tasks;
  std::vector<std::string> notes;
};

/// A folder of migrations and an empty database of one test. Every run is a Migrator of its own, as it is for
/// the command.
class Project {
 public:
  Project(const TestServer& server, const FileTree& files) : database(server), server_(server) {
    write(files);
    options.folder.path = folder.path().string();
    // Bounded, so that a defect is a failure and no long wait.
    options.timeouts.runner_lock = std::chrono::seconds(20);
  }

  void write(const FileTree& files) const { write_files(folder.path(), files); }
  void remove(const std::string& name) const { std::filesystem::remove(folder / name); }

  Migrator migrator() const { return Migrator(dialects(), database.url(), options); }

  RunReport run(const Request& request) { return migrator().run(request, listener); }
  RunReport up() { return run(Request::up()); }

  /// " +1 +2" and, behind it, what failed: its whole text with the folder written as DIR.
  std::string outcome(const Request& request) {
    const RunReport report = run(request);
    std::string text;
    for (const DoneVersion& done : report.done) {
      text += (done.direction == Direction::up ? " +" : " -") + std::to_string(done.version);
    }
    if (report.failed) {
      text += " failed " + std::to_string(report.failed->version);
    }
    if (!report.untouched.empty()) {
      text += " untouched";
    }
    for (const DoneVersion& each : report.untouched) {
      text += (each.direction == Direction::up ? " +" : " -") + std::to_string(each.version);
    }
    return text;
  }

  /// The whole text of the error that is thrown.
  std::string refusal(const Request& request) {
    return text_thrown_by([&] { run(request); }, folder.path().string(), "DIR");
  }

  /// "1 applied 1/1, 2 pending 0/1"; a row with a mark says so.
  std::string states() const {
    std::string text;
    for (const TextRow& row : database.rows("SELECT version, state, step, steps, mark FROM toolkit_history "
                                            "WHERE version > 0 ORDER BY version")) {
      text += (text.empty() ? "" : ", ") + row[0] + " " + row[1] + " " + row[2] + "/" + row[3] +
              (row[4] == "NULL" ? "" : " in flight");
    }
    return text;
  }

  /// "redo 1, failed 2"
  std::string log() const {
    std::string text;
    for (const TextRow& row : database.rows("SELECT action, version FROM toolkit_log ORDER BY id")) {
      text += (text.empty() ? "" : ", ") + row[0] + " " + row[1];
    }
    return text;
  }

  bool has_table(const std::string& name) const {
    try {
      database.value("SELECT 1 FROM " + name + " WHERE 1 = 0");
      return true;
    } catch (const std::runtime_error&) {
      return false;
    }
  }

  bool is(const std::string& engine) const { return server_.engine == engine; }
  bool is_mysql() const { return is("mysql") || is("mariadb"); }
  bool is_transactional() const { return !is_mysql(); }

  static const Registry& dialects() {
    static const Registry all = builtin_dialects();
    return all;
  }

  TempFolder folder;
  TestDatabase database;
  MigratorOptions options;
  Listener listener;

 private:
  TestServer server_;
};

inline Request counted(RequestKind kind, std::int64_t count) { return {kind, count, {}, false}; }
inline Request go_to(Version version) { return {RequestKind::go_to, {}, version, false}; }
inline Request down() { return {RequestKind::down, {}, {}, false}; }
inline Request redo() { return {RequestKind::redo, {}, {}, false}; }

/// Three versions that every engine runs: tables a, b, c.
inline FileTree three_tables() {
  FileTree files;
  for (const char* each : {"1a", "2b", "3c"}) {
    const std::string stem = std::string("000") + each[0] + "_" + each[1];
    files[stem + ".up.sql"] = std::string("CREATE TABLE ") + each[1] + " (n INTEGER NOT NULL);\n";
    files[stem + ".down.sql"] = std::string("DROP TABLE ") + each[1] + ";\n";
  }
  return files;
}

}  // namespace toolkit::test

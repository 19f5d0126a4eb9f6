#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "../contract/project.hpp"
#include "crash_set.hpp"
#include "crash_table.hpp"
#include "snapshot.hpp"

namespace toolkit::test {

/// A crash set on a database of its own, with the truth: what an uninterrupted run leaves behind each
/// version.
class CrashProject {
 public:
  /// `set`: empty for the engine's own. Goes up and down through it once, version by version, and keeps what
  /// each leaves. Throws std::runtime_error when a down does not restore what was there.
  explicit CrashProject(const TestServer& server, CrashSet set = {});
  ~CrashProject();
  CrashProject(const CrashProject&) = delete;
  CrashProject& operator=(const CrashProject&) = delete;

  Project& project() { return *project_; }
  const TestDatabase& database() const { return project_->database; }
  const CrashSet& set() const { return set_; }
  int versions() const { return static_cast<int>(set_.size()); }
  const std::string& engine() const { return engine_; }  ///< product and version
  const std::string& state_at(int version) const { return states_.at(static_cast<std::size_t>(version)); }

  /// A session through the client library that stays, but SQLite's.
  NativeSession& session();

  /// What stands in the database.
  std::string now();
  std::string history(long long last) { return history_text(session(), last); }

  /// Runs a request in this process, on a connection that stays. Throws as Migrator::run does.
  RunReport run(const Request& request) { return migrator().run(request); }

  /// Drops the sessions that stay: their server went away.
  void disconnect();

  /// Drops those that would stand in the way of another process which runs these versions.
  void make_way(int from, int to);

  /// Runs in this process until the request is done: what a person does after a crash. Asked for a decision,
  /// gives the true one, which it knows by comparing the database with `state_at`; each question is counted.
  void recover(const Request& request, CrashCount& count, const std::string& where);

  /// `status` works, and the history is a prefix with at most one statement in flight; else counted as bad.
  void check_after_crash(CrashCount& count, const std::string& where);

  /// The database is as an uninterrupted run leaves it at `version`, its history up to `last` is `history`,
  /// and another run has nothing to do; else counted as bad.
  void check_end(int version, int last, const std::string& expected_history, CrashCount& count,
                 const std::string& where);

  /// Makes the versions above this one never applied: a claim then inserts its row instead of turning it.
  void forget_above(int version) const;

  /// After a bad case: brings the database to `version` whatever is there, so that the next case is judged by
  /// itself.
  void start_over(int version);

 private:
  Migrator& migrator();
  std::vector<std::string> states_between(int version, bool goes_up) const;
  void look_between(int version);
  void decide(const ErrorDetails& unsettled);

  CrashSet set_;
  std::unique_ptr<Project> project_;
  std::unique_ptr<NativeSession> session_;
  std::optional<Migrator> migrator_;
  std::string engine_;
  std::vector<std::string> states_;
  std::map<std::pair<int, bool>, std::vector<std::string>> between_;  ///< of versions with several steps
  TestServer server_;
};

/// The servers that a run of this program uses: all with --all, else the first one of each engine.
std::vector<TestServer> crash_servers();

/// A request that leads from any version to this one.
Request to_version(int from, int to);

}  // namespace toolkit::test

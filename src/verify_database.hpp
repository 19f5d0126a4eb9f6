#pragma once

#include <memory>
#include <string>

#include "compose_server.hpp"
#include "run_mark.hpp"
#include "toolkit/sandbox.hpp"
#include "toolkit/verify.hpp"

/// Where verify works: a throw-away server or one that is given, and databases on it that are ours alone.
namespace toolkit {

/// The server of one target. Databases made by it are dropped, and its sandbox ended, with it.
class VerifyServer {
 public:
  /// Where the target names no server, starts a sandbox, or a container where there are no programs of one.
  /// `parent` is SandboxOptions::parent_folder. On a given server, drops what runs that have ended left
  /// there, see RunMark; with `is_kept` nobody will do so with what this run makes. Touches the server.
  /// Throws Error.
  VerifyServer(const Dialect& dialect, const VerifyTarget& target, const std::stop_token& stop,
               const std::filesystem::path& parent = {}, bool is_kept = false);
  ~VerifyServer();
  VerifyServer(const VerifyServer&) = delete;
  VerifyServer& operator=(const VerifyServer&) = delete;

  /// What a person should know of the server, a line each.
  const std::vector<std::string>& notes() const { return notes_; }

  /// An empty database of its own, as an ordinary role where the server is a sandbox.
  DatabaseUrl create_database();

  /// The same database as the server's administrator; the given role where the server is not ours.
  DatabaseUrl as_administrator(const DatabaseUrl& database) const;

  /// A database with everything that this one holds; nothing where the server has no way of its own, or is
  /// not a sandbox. Touches the server.
  std::optional<DatabaseUrl> copy_database(const DatabaseUrl& database);

  void drop_database(const DatabaseUrl& database) noexcept;

  /// From now on nothing is dropped, and the server outlives this object. True where it is ours, so that a
  /// process must hold it when this one ends: see `hold_kept_servers`.
  bool keep();

 private:
  const Dialect& dialect_;
  std::unique_ptr<Sandbox> sandbox_;
  std::unique_ptr<ComposeServer> container_;
  std::optional<DatabaseUrl> server_;
  std::unique_ptr<RunMark> mark_;  ///< on a given server
  std::vector<std::string> notes_;
  std::string prefix_;  ///< of the names of databases
  struct Made {
    std::string name;
    DatabaseUrl url;
  };
  std::vector<Made> made_;
  int count_ = 0;
  bool kept_ = false;
};

/// Starts a process that holds all kept servers of this one until it is ended by a signal. Returns its
/// number.
int hold_kept_servers();

}  // namespace toolkit

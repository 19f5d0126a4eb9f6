#pragma once

#include <memory>
#include <optional>
#include <string>

#include "verify_checks.hpp"
#include "verify_database.hpp"
#include "verify_rows.hpp"
#include "verify_session.hpp"

/// The database that verify works in, at some version of the set, and the ways to another one like it.
namespace toolkit {

class Workplace {
 public:
  /// Starts the server, makes the first database and prepares it. Touches the server. Throws Error.
  Workplace(const Dialect& dialect, const VerifyTarget& target, const VerifyOptions& options, TellNote note);

  const ServerInfo& server() { return session_->connection().server(); }
  const MigrationSet& set() const { return set_; }
  Catalog catalog() { return session_->catalog(); }
  SampleRows* rows() { return rows_.get(); }  ///< null without rows
  const Dialect& dialect() const { return dialect_; }

  /// Runs the version; what the server, or the file, has against it. With `locks`, what it took is put
  /// there. Throws Error(interrupted), and what ends the connection: nothing can be said of the version then.
  std::optional<std::string> run(const Migration& migration, Direction direction,
                                 LockReporting reporting = LockReporting::none,
                                 std::vector<LockTaken>* locks = nullptr);
  /// The step that the last run which failed came to; 0 where the version has one only.
  int failed_step() const { return failed_step_; }

  /// A new database with everything below (or up to) this version, without rows from before, so that the rest
  /// is still proven. False when its ups do not pass there either.
  bool rebuild_before(const Migration& next);
  bool rebuild_to(const Migration& last);

  /// Objects stand in the database that sample rows have made by a trigger.
  void rows_make_objects() { has_objects_of_rows_ = true; }
  bool has_objects_of_rows() const { return has_objects_of_rows_; }

  /// The database as it stands, in another one; nothing where the server has no way for that.
  std::optional<DatabaseUrl> copy();
  /// Goes on in that one; the one before is dropped.
  void go_on_in(const DatabaseUrl& copy);

  /// An empty database with everything in it that comes before the first migration but no history, for as
  /// long as `use` works.
  void with_fresh_database(const std::function<void(VerifySession&)>& use);

  /// The file beside the migrations for this server: its flavour's, its dialect's, the shared one; empty for
  /// none.
  std::string reserved_file(const std::string& stem);

  /// The database outlives this process; see VerifyServer::keep.
  void keep(EngineReport& report);

  void stop_if_asked() const;

 private:
  void open_new();
  bool rebuild(Version newest);
  void prepare();
  std::unique_ptr<GivenRows> given_rows();

  const Dialect& dialect_;
  const VerifyOptions& options_;
  TellNote note_;
  VerifyServer server_;
  std::optional<DatabaseUrl> database_;
  MigrationSet set_;  ///< outlives the sessions
  std::unique_ptr<VerifySession> session_;
  DatabaseDefaults first_defaults_;  ///< of the database before anything of the set ran in it
  std::unique_ptr<SampleRows> rows_;
  int failed_step_ = 0;
  bool has_objects_of_rows_ = false;
};

/// Runs the server's file of `path` (see file_for), if there is one, over a connection of its own, so that
/// nothing of ours (the history) comes to belong to the administrator. Touches the server. Throws Error.
void run_prepare_file(const Dialect& dialect, const DatabaseUrl& administrator, const std::string& path,
                      const MigratorOptions& options);

/// Pure but for looking which files are there. `prepare.sql` for flavour mysql of dialect mysql is
/// `prepare.mysql.sql` where that is there; empty when only files of other dialects are. Throws Error(files)
/// when there is none at all.
std::string file_for(const std::string& path, const std::string& flavour, const Traits& traits);

}  // namespace toolkit

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "toolkit/connection.hpp"
#include "toolkit/dialect.hpp"
#include "toolkit/migration_set.hpp"
#include "toolkit/plan.hpp"
#include "toolkit/registry.hpp"
#include "toolkit/renumber.hpp"

namespace toolkit {

/// What a Migrator works with. Every field has a working default.
struct MigratorOptions {
  FolderOptions folder;
  HistoryPlace place;  ///< an empty schema means the dialect's default
  Timeouts timeouts;
  TransactionMode transaction = TransactionMode::automatic;
  bool allow_late = false;
  bool allow_ahead = false;    ///< versions above the newest file may be applied: an older program starts too
  bool from_history = false;   ///< versions without files go down by what the history keeps
  bool without_files = false;  ///< with from_history: the folder may be absent or empty
  bool read_only = false;      ///< never writes and never creates a file
  int retries = 5;             ///< of a unit that is worth retrying, with growing jittered pauses
  bool single_writer = false;  ///< every runner uses one server of a cluster, see RunContext
  std::string sql_mode;        ///< MySQL: empty keeps the server's
  std::string application_name = "toolkit";
  std::stop_token stop;  ///< a stop cancels the running statement on the server and ends the run
};

struct DoneVersion {
  Version version = 0;
  std::string digits;  ///< as the files write it
  std::string name;
  Direction direction = Direction::up;
  std::int64_t duration_ms = 0;
};

/// What a run did. `failed` is set when a version failed; everything in `done` is committed and recorded.
struct RunReport {
  ServerInfo server;
  Version from = 0;
  Version to = 0;  ///< the current version after the run
  std::vector<DoneVersion> done;
  std::optional<ErrorDetails> failed;
  std::string failed_label;            ///< `0007_add_calls_stats`, empty when no version is at fault
  std::vector<DoneVersion> untouched;  ///< planned, neither done nor failed; also what a group rolled back
  std::vector<Version> settled;

  ExitCode exit_code() const;
};

/// One version as `status` shows it.
struct StatusLine {
  Version version = 0;
  std::string digits;  ///< as the file writes it; the number where there is no file
  std::string name;
  std::string state;        ///< a stored state, or changed, missing, late
  std::string up_checksum;  ///< recorded; of the file where nothing is recorded
  std::string applied_at;   ///< RFC 3339 UTC, empty unless applied
  std::optional<std::int64_t> duration_ms;
};

struct StatusReport {
  ServerInfo server;
  bool has_history = false;
  Version current = 0;
  std::map<std::string, std::int64_t> counts;  ///< by state
  std::vector<StatusLine> migrations;
  std::vector<Problem> problems;
};

enum class Settlement { applied, pending, forgotten };

/// Runs one folder of migrations on one database. Opens the database on first use, and keeps it. Not
/// thread-safe. All functions throw Error; what they have changed until then is recorded truthfully.
class Migrator {
 public:
  /// Touches nothing yet. `dialects` must outlive the Migrator. Throws Error(configuration) for a bad URL.
  Migrator(const Registry& dialects, std::string_view url, MigratorOptions options = {});
  Migrator(const Registry& dialects, DatabaseUrl url, MigratorOptions options = {});
  ~Migrator();
  Migrator(Migrator&&) noexcept;

  /// Connects. Later calls cost nothing. Throws Error(connection).
  const ServerInfo& server();

  /// Reads folder and history and decides; never writes. Throws what `make_plan` throws.
  Plan plan(const Request& request);

  /// Runs the request: plans, and when there is something to do takes the lock, reads the history again,
  /// plans again and runs. A failing version is reported, not thrown. Throws what `make_plan` throws, and
  /// Error(lock, connection, interrupted…) when nothing had begun. Safe to repeat.
  RunReport run(const Request& request);
  RunReport run(const Request& request, RunObserver& observer);

  /// Reads folder and history; never writes, works with read-only rights and without a history table.
  StatusReport status();

  /// Looks at the lock between runners without taking it; never writes.
  LockState lock_state();

  /// Looks at what of the server the toolkit's promises rest on; never writes. Empty: all is well.
  std::vector<ServerNote> inspect();

  /// Records versions up to `version` (or only it) as applied without running them. Returns those recorded.
  /// Takes the lock. Throws Error(usage) for an unknown version.
  std::vector<Version> baseline(Version version, bool only, RunObserver& observer);

  /// Renames the files and, where the version is applied here and `move_applied` says so, its row in the
  /// history, with a row in the log; all of it or nothing. Takes the lock. Touches no other row. Throws
  /// Error(usage) for an applied version without `move_applied`, a version that is in between two states,
  /// a new number that the history knows already, or where there is neither a file to rename nor a row;
  /// Error(files) as `move_files`.
  void renumber(const Renumbering& renumbering, bool move_applied, RunObserver& observer);

  /// Records a person's decision about an interrupted version (or, forgotten, about one without files).
  /// Takes the lock, so no statement of the interrupted run is still at work. Throws Error(usage) when the
  /// version needs no decision.
  void settle(Version version, Settlement decision, RunObserver& observer);

  struct Parts;  ///< the inside, for the files that implement these functions

 private:
  void run_once(const Request& whole, const RunContext& context, std::vector<Task>& planned,
                RunReport& report, RunObserver& observer);
  bool nothing_to_do(const MigrationSet& set, const Request& request, RunReport& report);
  std::unique_ptr<Parts> parts_;
};

/// An observer that ignores everything.
class SilentObserver : public RunObserver {
 public:
  void started(const Task&) override {}
  void finished(const Task&, std::chrono::milliseconds) override {}
  void note(const Task*, const std::string&) override {}
  void waiting(const std::string&, std::chrono::milliseconds) override {}
};

}  // namespace toolkit

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "toolkit/file_name.hpp"

namespace toolkit {

/// *Persistent.* What a row says of its version.
enum class State { pending, applying, applied, reverting, reverted };

/// *Persistent.* How a version came to be recorded.
enum class Origin { run, baseline, loaded, adopted, settled };

std::string_view to_string(State state);
std::string_view to_string(Origin origin);
/// Throws Error(server) for a word that no format knows.
State parse_state(std::string_view word);
Origin parse_origin(std::string_view word);

/// The newest history format this binary writes; it stands in row 0's `step`.
inline constexpr int history_format = 1;

/// Where the history stands. Every query names the table with its schema.
struct HistoryPlace {
  std::string schema;  ///< PostgreSQL: public unless configured; MySQL: the database; SQLite: main
  std::string table = "toolkit_history";
  std::string log_table = "toolkit_log";
};

/// One row, without `mark` and `down_steps`: the nothing-to-do query never reads those two.
struct HistoryRow {
  Version version = 0;
  std::string name;
  State state = State::pending;
  Origin origin = Origin::run;
  std::string dialect;  ///< for which the files were chosen
  int step = 0;         ///< last finished step
  int steps = 0;
  std::string up_checksum;
  std::string down_checksum;
  std::string step_checksums;  ///< JSON {"up":["sha256:…"],"down":["sha256:…"]}
  std::string run_id;
  std::string applied_by;   ///< user@host pid
  std::string started_at;   ///< RFC 3339 UTC with microseconds, the database's clock
  std::string finished_at;  ///< empty while applying or reverting
  std::optional<std::int64_t> duration_ms;
  std::string tool_version;
  bool in_flight = false;  ///< `mark` is not null: a statement may have been sent and nobody saw its end
};

/// Everything recorded in one database.
struct History {
  bool exists = false;           ///< the table is there
  int format = 0;                ///< row 0's step; 0 when the table is absent
  std::vector<HistoryRow> rows;  ///< by version, row 0 left out

  const HistoryRow* find(Version version) const;
  Version current() const;  ///< the highest applied version, 0 for none
};

/// The texts that read and write the history, for one dialect and place. Data, not code: the algorithms
/// that use them live in `run.cpp` and in the connections. Values are bound by name (`:version`), see
/// `Parameters`. *Persistent*: the tables they make; the texts are held by tests/unit/history_sql_*_test.cpp.
struct HistorySql {
  /// Creates both tables and row 0 where they are absent; safe to repeat; two runners at once are fine.
  std::vector<std::string> create;
  /// Columns in the order of HistoryRow (the last one is 1 or 0 for `mark IS NOT NULL`), row 0 first, by
  /// version. Takes no parameter.
  std::string read;
  /// One column: the schemas, other than ours, that are visible to us and hold a table of this name.
  std::string find_elsewhere;
  /// One column: a row when a table of a user exists (not ours, no system table). Empty where versions never
  /// share a transaction and nobody asks.
  std::string find_user_table;
  /// One row: `down_steps`, `down_checksum` of `:version`.
  std::string read_down_steps;
  /// One row: `mark` of `:version`, for settling.
  std::string read_mark;
  /// Takes a version for this run: inserts its row, or turns one whose state is pending or reverted.
  /// The PostgreSQL and MySQL texts raise an error when nothing changed; the SQLite connection counts.
  std::string claim_up;
  /// Turns an applied row to reverting; as above.
  std::string claim_down;
  /// Records a finished step of a version that goes on (`:version`, `:run_id`, `:step`).
  std::string advance;
  /// Ends a claim of this run: `:state` is applied or reverted; `:step`; fails when the claim is not ours.
  std::string finish;
  /// An error was answered by the server: the claim goes back to `:state` (pending or applied) or stays
  /// with the last finished `:step`.
  std::string take_back;
  /// Records without running: baseline, loaded, adopted (`:origin`), settled. Upsert.
  std::string record;
  /// Gives an applied version another number: `:version`, `:name`, `:to`.
  std::string renumber;
  /// A row when the log holds `:action` of `:version` with this `:detail`.
  std::string find_log;
  /// One row into the log: `:action`, `:version`, `:detail` (JSON), `:run_id`, `:applied_by`,
  /// `:tool_version`.
  std::string log;
};

/// *Persistent, held by tests/unit/history_test.cpp.* The 32 bytes whose first 8 (as a big-endian signed
/// number) or first 24 (as `tk_` + 48 hex digits) name the lock between runners:
/// SHA-256("toolkit" NUL database NUL schema NUL table).
std::string lock_name(std::string_view database, const HistoryPlace& place);
std::int64_t lock_number(std::string_view database, const HistoryPlace& place);

}  // namespace toolkit

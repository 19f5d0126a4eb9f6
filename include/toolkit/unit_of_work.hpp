#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "toolkit/error.hpp"
#include "toolkit/history.hpp"
#include "toolkit/migration_set.hpp"
#include "toolkit/query.hpp"

namespace toolkit {

/// One version in one direction, ready to run: what the claim writes and what is sent.
struct Task {
  Version version = 0;
  std::string digits;  ///< the version as the files write it
  std::string name;
  Direction direction = Direction::up;
  std::vector<Step> steps;           ///< those to run, in order; steps without a statement are left out
  int first_step = 1;                ///< > 1 when an interrupted version goes on
  std::vector<Step> finished_steps;  ///< those before it: what they left in a session is gone
  int step_count = 1;                ///< steps of this direction as written
  int up_step_count = 1;             ///< steps of the up: what an applied row says
  std::string dialect;
  std::string up_checksum;
  std::string down_checksum;
  std::string step_checksums;  ///< JSON, see HistoryRow
  std::string down_steps;      ///< JSON array of {"sql","no_transaction"}
  std::string log_action;  ///< non-empty: a row for `toolkit_log` in the same transaction (redo, allow-late)
};

/// Pure. `0001_create_users`: how a person knows it.
std::string label_of(const Task& task);

enum class UnitKind {
  transaction,  ///< all tasks share one transaction: claim, statements, finish for each, then COMMIT
  separate,     ///< each task by itself: the intent is committed, the statement runs, then it is finished
};

/// What a connection runs in one go, decided by the plan.
struct UnitOfWork {
  UnitKind kind = UnitKind::transaction;
  std::vector<Task> tasks;
  bool foreign_keys_off = false;  ///< SQLite: switched off outside the transaction, checked before COMMIT
};

/// How long the tool waits, at most. Zero means "no limit" for statement_timeout only.
struct Timeouts {
  std::chrono::milliseconds connect{10'000};
  std::chrono::milliseconds object_lock{
      0};  ///< 0: the dialect's default (3 s PostgreSQL, 5 s MySQL, 10 s SQLite)
  std::chrono::milliseconds statement{0};
  std::chrono::milliseconds runner_lock{300'000};
};

/// What a version took while it ran, of one table or of the whole: for reports.
struct LockTaken {
  std::string object;      ///< the table, with its schema unless that is the default one; empty: all of it
  std::string lock;        ///< the strongest, in the server's word: "ACCESS EXCLUSIVE", "SHARED", "NONE"
  bool rewritten = false;  ///< its rows were written anew
  std::string algorithm;   ///< MySQL and MariaDB: INSTANT, NOCOPY, INPLACE, COPY; empty elsewhere
  bool operator==(const LockTaken&) const = default;
};

/// How locks are found out.
enum class LockReporting {
  none,
  observed,  ///< as far as the server shows them
  /// MySQL and MariaDB: by explicit ALGORITHM and LOCK clauses too, best first, so that the text differs from
  /// the file's. For databases that are thrown away.
  asked,
};

/// What every task of a run shares.
struct RunContext {
  HistoryPlace place;
  HistorySql sql;
  Timeouts timeouts;
  std::string lock_name;         ///< of the lock that this session holds, for fenced writes (`lock_name()`)
  std::int64_t lock_number = 0;  ///< the same as a number (`lock_number()`)
  std::string run_id;            ///< 32 hex digits
  std::string applied_by;        ///< user@host pid
  std::string tool_version;
  std::stop_token stop;  ///< asked before each task: a stop ends the unit with Error(interrupted)
  std::string sql_mode;  ///< MySQL: set before each migration when not empty
  /// Every runner connects to the same server of a cluster: locks are trusted although the server is one of
  /// several that take writes.
  bool single_writer = false;
  LockReporting locks = LockReporting::none;  ///< whether the observer is told of locks; costs round trips
};

/// Told what happens while it happens. `finished` is called only after the commit that makes it true.
class RunObserver {
 public:
  virtual ~RunObserver() = default;
  virtual void started(const Task& task) = 0;
  virtual void finished(const Task& task, std::chrono::milliseconds duration) = 0;
  /// Something a person should know: a server notice, a setting that a file left changed, a retry.
  virtual void note(const Task* task, const std::string& text) = 0;
  /// A wait goes on: what for, and since when.
  virtual void waiting(const std::string& what, std::chrono::milliseconds since) = 0;
  /// With RunContext::locks, before `finished`: what the version took, by object, the strongest first.
  /// Not told for what it created itself.
  virtual void locked(const Task& task, const std::vector<LockTaken>& locks) {
    static_cast<void>(task);
    static_cast<void>(locks);
  }
};

/// Pure. The values of `claim_up` and `claim_down`: version, name, origin ('run'), dialect, step (finished
/// before this run), steps, up_checksum, down_checksum, step_checksums, down_steps, mark, run_id,
/// applied_by, tool_version. `mark` is NULL for kind transaction, else JSON with its own format number.
Parameters claim_parameters(const Task& task, const RunContext& context, UnitKind kind);

/// Pure. The values of `advance` (state stays) and `finish` (state applied or reverted): version, run_id,
/// state, step (the last finished one; 0 once reverted).
Parameters finish_parameters(const Task& task, const RunContext& context);
Parameters advance_parameters(const Task& task, const RunContext& context, int finished_step);

/// Pure. The values of `take_back` after `finished_step` steps (0: none) ended: version, run_id, state, step,
/// steps. With no finished step the state is pending (up, also where it had been reverted before) or applied
/// (down, with the up's step count again); with finished steps the version stays applying or reverting.
Parameters take_back_parameters(const Task& task, const RunContext& context, int finished_step);

/// Pure. The values of `log`.
Parameters log_parameters(const RunContext& context, std::string_view action, Version version,
                          std::string_view detail_json);

/// Pure. Turns what a server answered for a step into the error that a person reads: kind migration (unless
/// it is connection, interrupted, lock…), version, step, statement, the place in the file. `offset_in_sql` is
/// the byte that the server named within `step.sql`; without one the first token is named, not as exact.
Error migration_error(ErrorDetails answered, const Task& task, const Step& step,
                      std::optional<std::size_t> offset_in_sql);

/// Pure. The byte offset of the n-th character (1-based code point) of UTF-8 text; its size when beyond.
std::size_t byte_of_character(std::string_view text, std::size_t character);

}  // namespace toolkit

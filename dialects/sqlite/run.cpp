#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "connection.hpp"
#include "errors.hpp"
#include "locks.hpp"
#include "native.hpp"
#include "session_guards.hpp"
#include "toolkit/error.hpp"

namespace toolkit::sqlite {

namespace {

using Clock = std::chrono::steady_clock;

std::chrono::milliseconds since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
}

Error claim_lost(const Task& task) {
  ErrorDetails details;
  details.kind = ErrorKind::lock;
  details.version = task.version;
  details.claim_lost = true;
  details.message = "another runner has taken version " + std::to_string(task.version);
  return Error(std::move(details));
}

Error step_error(const Task& task, const Step& step, std::string message, std::string advice) {
  ErrorDetails details;
  details.kind = ErrorKind::migration;
  details.message = std::move(message);
  details.advice = std::move(advice);
  return migration_error(std::move(details), task, step, std::nullopt);
}

void require_no_stop(const RunContext& context) {
  if (context.stop.stop_requested()) {
    throw Error(ErrorKind::interrupted, "interrupted");
  }
}

/// The longest that the files ask for: the lock of a unit is taken once, before its first statement.
std::chrono::milliseconds lock_wait(const UnitOfWork& unit, const RunContext& context) {
  std::optional<std::chrono::milliseconds> longest;
  for (const Task& task : unit.tasks) {
    for (const Step& step : task.steps) {
      longest = std::max(longest, step.directives.lock_timeout);
    }
  }
  const auto configured =
      context.timeouts.object_lock.count() > 0 ? context.timeouts.object_lock : std::chrono::seconds(10);
  return longest.value_or(configured);
}

void tell_locks(const Task& task, const RunContext& context, RunObserver& observer) {
  if (context.locks != LockReporting::none) {
    observer.locked(task, locks_of(task));
  }
}

}  // namespace

void SqliteConnection::run(const UnitOfWork& unit, const RunContext& context, RunObserver& observer) {
  make_file();
  require_safe_session(observer);
  sqlite3_busy_timeout(handle(), static_cast<int>(lock_wait(unit, context).count()));
  if (unit.kind == UnitKind::transaction) {
    run_transaction(unit, context, observer);
    return;
  }
  const ForeignKeysOff foreign_keys(handle(), unit.foreign_keys_off);
  for (const Task& task : unit.tasks) {
    require_no_stop(context);
    run_separate(task, context, observer);
    for (const std::string& violation : foreign_keys.new_violations()) {
      observer.note(&task, "left behind without a transaction to roll back: " + violation);
    }
  }
}

void SqliteConnection::run_transaction(const UnitOfWork& unit, const RunContext& context,
                                       RunObserver& observer) {
  const ForeignKeysOff foreign_keys(handle(), unit.foreign_keys_off);
  std::vector<std::chrono::milliseconds> durations;
  begin();
  try {
    for (const Task& task : unit.tasks) {
      require_no_stop(context);
      observer.started(task);
      const auto start = Clock::now();
      run_task_in_transaction(task, context, observer);
      durations.push_back(since(start));
    }
    const std::vector<std::string> violations = foreign_keys.new_violations();
    if (!violations.empty()) {
      const Task& task = unit.tasks.back();
      throw step_error(
          task, task.steps.back(),
          "the rebuild leaves " + std::to_string(violations.size()) +
              " row(s) behind whose parent is gone, first: " + violations.front(),
          "everything was rolled back; copy all rows of the parent, or delete the children first");
    }
    commit_versions(unit, context);
  } catch (...) {
    roll_back();
    throw;
  }
  for (std::size_t i = 0; i < unit.tasks.size(); ++i) {
    tell_locks(unit.tasks[i], context, observer);
    observer.finished(unit.tasks[i], durations[i]);
  }
}

void SqliteConnection::run_task_in_transaction(const Task& task, const RunContext& context,
                                               RunObserver& observer) {
  claim(task, context, UnitKind::transaction);
  SessionSettings settings(handle());
  for (const Step& step : task.steps) {
    run_step(step, task, context);
    // INSERT OR ROLLBACK and RAISE(ROLLBACK) end the transaction that holds the claim.
    if (sqlite3_get_autocommit(handle()) != 0) {
      throw step_error(task, step, "the statement ended the transaction that the toolkit holds",
                       "nothing of this version was applied; write it without ROLLBACK");
    }
  }
  settings.restore_and_tell(task, observer);
  write(context.sql.finish, finish_parameters(task, context), task);
  if (!task.log_action.empty()) {
    query(context.sql.log, log_parameters(context, task.log_action, task.version, "{}"), 0);
  }
}

void SqliteConnection::run_separate(const Task& task, const RunContext& context, RunObserver& observer) {
  begin();
  try {
    claim(task, context, UnitKind::separate);
    commit(context);
  } catch (...) {
    roll_back();
    throw;
  }
  observer.started(task);
  const auto start = Clock::now();
  int finished = task.first_step - 1;
  SessionSettings settings(handle());
  try {
    for (const Step& step : task.steps) {
      run_step(step, task, context);
      finished = step.number;
      write(context.sql.advance, advance_parameters(task, context, finished), task);
    }
  } catch (const Error&) {
    write(context.sql.take_back, take_back_parameters(task, context, finished), task);
    throw;
  }
  settings.restore_and_tell(task, observer);
  require_safe_session(observer);
  write(context.sql.finish, finish_parameters(task, context), task);
  tell_locks(task, context, observer);
  observer.finished(task, since(start));
}

void SqliteConnection::run_step(const Step& step, const Task& task, const RunContext& context) {
  const auto longest = step.directives.statement_timeout.value_or(context.timeouts.statement);
  const StatementTimeLimit limit(handle(), longest, context.stop);
  const MigrationAuthorizer authorizer(handle(), permissions_);
  const NativeOutcome outcome = run_native(handle(), step.sql);
  if (outcome.has_rest || outcome.has_parameter) {
    throw step_error(task, step,
                     outcome.has_rest ? "SQLite sees a second statement in this file"
                                      : "the statement holds a parameter (?, :name, @name or $name)",
                     outcome.has_rest ? "keep one statement a file"
                                      : "SQLite would take it as NULL; write the value, or quote the text");
  }
  if (outcome.code == SQLITE_OK) {
    return;
  }
  if (!authorizer.refused().empty()) {
    throw step_error(task, step, "the statement would " + authorizer.refused() + ", which migrations may not",
                     authorizer.way_out());
  }
  ErrorDetails answered = last_error(handle());
  answered.advice += advice_for_older_library(sqlite3_libversion_number(), step.sql, answered.message);
  if (limit.was_reached() && answered.kind == ErrorKind::interrupted) {
    answered.kind = ErrorKind::timeout;
    answered.message =
        "the statement ran longer than its limit of " + std::to_string(longest.count()) + " ms";
    answered.advice = "give the file a longer statement-timeout";
  }
  throw migration_error(std::move(answered), task, step, last_error_offset(handle()));
}

void SqliteConnection::claim(const Task& task, const RunContext& context, UnitKind kind) {
  const std::string& sql = task.direction == Direction::up ? context.sql.claim_up : context.sql.claim_down;
  query(sql, claim_parameters(task, context, kind), 0);
  if (sqlite3_changes(handle()) == 0) {
    throw claim_lost(task);
  }
}

void SqliteConnection::write(const std::string& sql, const Parameters& parameters, const Task& task) {
  query(sql, parameters, 0);
  if (sqlite3_changes(handle()) != 1) {
    throw Error(ErrorKind::unsettled,
                "the history row of version " + std::to_string(task.version) + " is not this run's any more",
                "look at 'toolkit status'");
  }
}

void SqliteConnection::begin() { execute("BEGIN IMMEDIATE"); }

// In rollback-journal mode readers can make COMMIT itself busy; the transaction stays open and may be tried
// again (sqlite.org/lang_transaction.html).
void SqliteConnection::commit(const RunContext& context) {
  const auto wait =
      context.timeouts.object_lock.count() > 0 ? context.timeouts.object_lock : std::chrono::seconds(10);
  for (const auto start = Clock::now();;) {
    try {
      execute("COMMIT");
      return;
    } catch (const Error& failure) {
      if (!is_busy(failure.details()) || sqlite3_get_autocommit(handle()) != 0 || since(start) > wait) {
        throw;
      }
    }
  }
}

// A deferred constraint is looked at here. In a group nobody can say whose row it was: one by one they will.
void SqliteConnection::commit_versions(const UnitOfWork& unit, const RunContext& context) {
  try {
    commit(context);
  } catch (const Error& failure) {
    ErrorDetails details = failure.details();
    if (unit.tasks.empty()) {
      throw;
    }
    const Task& task = unit.tasks.back();
    details.failed_for_sharing =
        unit.tasks.size() > 1 && details.native_code.starts_with("SQLITE_CONSTRAINT");
    if (task.steps.empty() || is_busy(details)) {
      throw Error(std::move(details));
    }
    details.message = "at COMMIT: " + details.message;
    throw migration_error(std::move(details), task, task.steps.back(), std::nullopt);
  }
}

void SqliteConnection::roll_back() noexcept {
  if (sqlite3_get_autocommit(handle()) == 0) {
    run_native(handle(), "ROLLBACK");
  }
}

}  // namespace toolkit::sqlite

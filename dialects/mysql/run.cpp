#include <algorithm>
#include <chrono>
#include <utility>

#include "blockers.hpp"
#include "engines.hpp"
#include "errors.hpp"
#include "mark.hpp"
#include "runner.hpp"
#include "statement_traits.hpp"
#include "toolkit/error.hpp"
#include "watchdog.hpp"

namespace toolkit::mysql {

namespace {

using Clock = std::chrono::steady_clock;

std::chrono::milliseconds since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
}

}  // namespace

// A unit without tasks only makes the session what migrations find.
void Runner::run() {
  check_facts();
  if (tasks_.empty()) {
    prepare(nullptr);
  }
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    run_task(i);
  }
}

// The engine is looked at here and not after CREATE TABLE only: a server may put another engine in place of
// InnoDB (sql_mode without NO_ENGINE_SUBSTITUTION), and so may people.
void Runner::check_facts() {
  facts_ = read_facts(session_, scope_.server, context_.place);
  if (facts_.history_engine != "InnoDB") {
    throw Error(ErrorKind::server,
                "the history table " + mysql::quoted(context_.place.schema) + "." +
                    mysql::quoted(context_.place.table) + " stands on the engine " +
                    (facts_.history_engine.empty() ? "(none)" : facts_.history_engine) +
                    ", not on InnoDB: a crash could lose its rows",
                "ALTER TABLE " + mysql::quoted(context_.place.schema) + "." +
                    mysql::quoted(context_.place.table) + " ENGINE=InnoDB");
  }
}

void Runner::refuse_in_doubt(const Task& task) {
  if (facts_.doubt.empty() || context_.single_writer) {
    return;
  }
  for (const Step& step : task.steps) {
    if (!shares_transaction(step)) {
      ErrorDetails details;
      details.kind = ErrorKind::lock;
      details.version = task.version;
      details.message = "this statement commits by itself, and " + facts_.doubt;
      details.advice = facts_.way_out;
      throw migration_error(std::move(details), task, step, std::nullopt);
    }
  }
}

void Runner::stop_if_asked() const {
  if (context_.stop.stop_requested() || scope_.cancelled) {
    throw Error(ErrorKind::interrupted, "interrupted");
  }
}

void Runner::run_task(std::size_t index) {
  const Task& task = tasks_[index];
  left_changed_.clear();
  carry_over(task);
  if (!claimed_) {
    stop_if_asked();
    refuse_in_doubt(task);
    prepare(task.steps.empty() ? nullptr : &task.steps.front());
    claim(task);
  }
  claimed_ = false;
  scope_.observer.started(task);
  const Clock::time_point start = Clock::now();
  for (std::size_t step = 0; step < task.steps.size(); ++step) {
    run_step(task, step, index);
  }
  if (task.steps.empty()) {
    finish(index, false);
  }
  tell_what_is_left_changed(task);
  scope_.observer.finished(task, since(start));
}

void Runner::run_step(const Task& task, std::size_t number, std::size_t index) {
  const Step& step = task.steps[number];
  const bool is_last = number + 1 == task.steps.size();
  const int finished_before = number == 0 ? task.first_step - 1 : task.steps[number - 1].number;
  const bool shares = shares_transaction(step);
  warn_of_table_without_transactions(task, step);
  tell_what_is_not_atomic(task, step);
  bool in_transaction = false;
  bool is_undone_by_error = true;  // until a statement has committed by itself
  try {
    stop_if_asked();
    prepare(&step);
    send_settings();
    if (shares) {
      session_.send_raw("START TRANSACTION");
    }
    const Outcome outcome = send_statement(task, step);
    in_transaction = outcome.in_transaction || !outcome.autocommit;
    is_undone_by_error = shares && in_transaction;
    tell(task, outcome);
    remember_settings(step);
    if (in_transaction && !shares) {
      scope_.observer.note(&task, "the statement left a transaction open; it is committed with the version");
    }
    plain_tables_ = shares ? std::move(plain_tables_) : std::nullopt;
    prepare(&step);
    if (is_last) {
      finish(index, in_transaction);
    } else {
      advance(task, number, in_transaction);
    }
  } catch (Error& error) {
    if (error.details().claim_lost) {
      throw;
    }
    if (is_undone_by_error) {
      roll_back_and_take_back(task, step, error, shares || in_transaction, finished_before);
    } else {
      say_that_it_is_unrecorded(task, step, error);
    }
    throw;
  }
}

Outcome Runner::send_statement(const Task& task, const Step& step) {
  const auto limit = step.directives.statement_timeout.value_or(context_.timeouts.statement);
  Watchdog watchdog(session_, limit);
  try {
    return context_.locks != LockReporting::none ? send_reporting_locks(task, step) : send(step.sql);
  } catch (Error& error) {
    ErrorDetails details = error.details();
    if (watchdog.disarm() && details.native_code == "1317") {
      details.kind = ErrorKind::timeout;
      details.message = "the statement ran longer than its limit of " + std::to_string(limit.count()) + " ms";
      details.advice = "give the file a longer statement-timeout";
    } else if (details.kind == ErrorKind::interrupted && !context_.stop.stop_requested() &&
               !scope_.cancelled) {
      details.kind = ErrorKind::migration;
      details.advice = "somebody stopped the statement on the server (KILL QUERY); run again";
    }
    if (details.native_code == "1205" || details.native_code == "3572") {
      const std::string holders = open_transactions(session_);
      details.hint = holders.empty() ? "" : "open transactions of others: " + holders;
    }
    throw migration_error(details, task, step, offset_of_error(details.message, step.sql));
  }
}

Outcome Runner::send(const std::string& sql) {
  return session_.send_raw(tag_.empty() ? sql : tag_comment(tag_) + " " + sql);
}

void Runner::tell(const Task& task, const Outcome& outcome) {
  for (const auto& [name, value] : outcome.changed_variables) {
    left_changed_[name] = value;
  }
  if (outcome.warnings > 0) {
    for (const std::string& line : warnings(session_.handle(), session_.url())) {
      scope_.observer.note(&task, line);
    }
  }
}

// What the server answered with an error has not happened, or is told as what may be left; the claim goes
// back. With the session lost nobody knows: the intent stays, and the next run sees it.
void Runner::roll_back_and_take_back(const Task& task, const Step& step, Error& error, bool in_transaction,
                                     int finished) {
  ErrorDetails& details = error.details();
  if (details.version == 0) {
    error = migration_error(details, task, step, std::nullopt);
  }
  if (details.connection_lost) {
    return;
  }
  std::string left(what_an_error_may_leave(code_of(step), is_mariadb()));
  if (left.empty() && !plain_table_of(step).empty()) {
    left = "the rows before the error stay in the table " + mysql::quoted(plain_table_of(step));
  }
  if (!left.empty()) {
    const std::string server_advice = details.advice.empty() ? "" : "; " + details.advice;
    details.advice = "this statement is not all or nothing: ";
    details.advice.append(left).append("; look before running again").append(server_advice);
  }
  try {
    if (in_transaction) {
      session_.send_raw("ROLLBACK");
    }
    prepare(nullptr);
    write_truth(context_.sql.take_back, take_back_parameters(task, context_, finished), false);
  } catch (const Error& second) {
    details.connection_lost = details.connection_lost || second.details().connection_lost;
    details.advice = "the claim of the version could not be taken back (" + second.details().message +
                     "): the next run will ask about it";
  }
}

// The statement has taken effect and the history could not be told: the intent stays.
void Runner::say_that_it_is_unrecorded(const Task& task, const Step& step, Error& error) {
  ErrorDetails details = error.details();
  details.message = "the statement has run, but the history could not record it: " + details.message;
  error = migration_error(std::move(details), task, step, std::nullopt);
  error.details().advice = "the next run asks what became of version " + std::to_string(task.version);
}

// Rows of tables without transactions stay whatever becomes of the transaction, so such a statement runs
// alone.
bool Runner::shares_transaction(const Step& step) {
  return statement_traits(code_of(step)).is_row_change && plain_table_of(step).empty();
}

std::string Runner::plain_table_of(const Step& step) {
  const std::string code = code_of(step);
  if (!statement_traits(code).is_row_change || tables_without_transactions().empty()) {
    return {};
  }
  const Names names = names_in(code, is_mariadb(), sql_mode_of(scope_, facts_));
  const auto table = named_table(names, tables_without_transactions(), scope_.server.default_schema);
  return table ? table->name : std::string();
}

void Runner::warn_of_table_without_transactions(const Task& task, const Step& step) {
  const std::string table = plain_table_of(step);
  if (!table.empty()) {
    scope_.observer.note(&task,
                         "the table " + mysql::quoted(table) +
                             " stands on an engine without transactions: when "
                             "this statement is interrupted, nobody can say which rows it has changed");
  }
}

const std::vector<PlainTable>& Runner::tables_without_transactions() {
  if (!plain_tables_) {
    plain_tables_ = mysql::tables_without_transactions(session_);
  }
  return *plain_tables_;
}

// Before it runs, not when it has gone wrong: a person may want to stop here.
void Runner::tell_what_is_not_atomic(const Task& task, const Step& step) {
  const std::string_view left = what_an_error_may_leave(code_of(step), is_mariadb());
  if (!left.empty() && !step.directives.applied_if) {
    scope_.observer.note(
        &task, "this statement is not all or nothing; after an error in the middle, " + std::string(left));
  }
}

void Runner::prepare(const Step* step) { session_.prepare(session_settings(scope_, facts_, step)); }

std::string sql_mode_of(const RunScope& scope, const Facts& facts) {
  return scope.context.sql_mode.empty() ? facts.sql_mode : scope.context.sql_mode;
}

Session::Settings session_settings(const RunScope& scope, const Facts& facts, const Step* step) {
  // Everybody who wants the table waits behind a statement that waits for its definition; one that waits for
  // a row is passed by, and giving up costs all that it has done. Two settings, so that no round trip comes
  // between a change of rows and one of a table.
  constexpr std::chrono::milliseconds usual_table_lock_wait{5'000};
  constexpr std::chrono::milliseconds usual_row_lock_wait{30'000};
  auto wait = scope.context.timeouts.object_lock;
  if (step != nullptr) {
    wait = step->directives.lock_timeout.value_or(wait);
  }
  Session::Settings settings;
  settings.sql_mode = sql_mode_of(scope, facts);
  const auto seconds = [](std::chrono::milliseconds time) {
    return std::max<long long>(1, (time.count() + 999) / 1000);
  };
  settings.table_lock_seconds = seconds(wait.count() > 0 ? wait : usual_table_lock_wait);
  settings.row_lock_seconds = seconds(wait.count() > 0 ? wait : usual_row_lock_wait);
  settings.is_mariadb = scope.server.flavour == "mariadb";
  return settings;
}

void run_unit(const RunScope& scope, const UnitOfWork& unit) { Runner(scope, unit).run(); }

}  // namespace toolkit::mysql

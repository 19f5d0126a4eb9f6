#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "toolkit/migrate.hpp"

/// The inside of a Migrator, shared by the files that implement its functions; for these only.
namespace toolkit {

struct Migrator::Parts {
  const Dialect* dialect = nullptr;
  DatabaseUrl url;
  MigratorOptions options;
  std::unique_ptr<Connection> connection;
  std::optional<MigrationSet> set;
  HistoryPlace place;
  HistorySql sql;

  Connection& open();
  const MigrationSet& migrations();

  /// One query. An absent table is `exists == false`; a history elsewhere is an error.
  History read_history();

  /// Creates what is absent. Other runners may do the same at once, where the lock does not hold.
  void create_history();

  /// A fresh schema whose load was interrupted where its statements commit by themselves left tables and no
  /// version. Asks the database only while no version was ever recorded. Throws Error(unsettled).
  void refuse_half_loaded(const History& history);

  /// Whether the history can be read and says its format.
  bool has_first_row();

  /// After a lost connection: opens the database again, within some seconds. False when it does not answer,
  /// or a stop was asked for.
  bool connect_again(const ErrorDetails& lost, RunObserver& observer);

  std::unique_ptr<RunnerLock> take_lock(RunObserver& observer);
  RunContext make_context();

  /// Asks the database what deciding needs beyond the history: whether it is empty, ways back without files.
  PlanOptions plan_options(const History& history, const Request& request);
  void add_stored_downs(const History& history, const Request& request, PlanOptions& plan_options);
};

/// Runs `write` in one transaction of our own; rolls back when it, or the commit, throws, and then takes back
/// by `undo` what it did outside of the database.
template <typename Write, typename Undo>
void in_transaction(Connection& connection, const Traits& traits, Write write, Undo undo) {
  connection.execute(traits.begin_transaction);
  bool written = false;
  try {
    write();
    written = true;
    connection.execute("COMMIT");
  } catch (...) {
    if (written) {
      undo();
    }
    try {
      connection.execute("ROLLBACK");
    } catch (const Error&) {  // the first error is the one to tell
    }
    throw;
  }
}

template <typename Write>
void in_transaction(Connection& connection, const Traits& traits, Write write) {
  in_transaction(connection, traits, std::move(write), [] {});
}

/// Pure. The values of `HistorySql::record`.
Parameters record_parameters(const Task& task, const RunContext& context, State state, Origin origin);

/// user@host pid, as the history records who did something. Asks the system, no server.
std::string who_am_i();

/// 32 random hex digits.
std::string new_run_id();

}  // namespace toolkit

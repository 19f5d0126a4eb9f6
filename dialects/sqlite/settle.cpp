#include "connection.hpp"
#include "dialect.hpp"

namespace toolkit::sqlite {

// What refuses a transaction here (VACUUM, some PRAGMAs) gives the same when it runs once more; the plan lets
// nothing else run outside of one.
Judgement SqliteConnection::settle(const Interrupted& interrupted, const RunContext&, RunObserver&) {
  if (SqliteDialect().statement_traits(interrupted.task.steps.front().sql).refuses_transaction) {
    return {Verdict::left_nothing, "running this statement again gives the same", "", ""};
  }
  return {Verdict::undecided, "the toolkit would have run it in a transaction", "", ""};
}

// BEGIN IMMEDIATE is the lock, and it lives for one version: there is no holder to show between two.
LockState SqliteConnection::lock_state(const HistoryPlace&) { return {}; }

std::vector<ServerNote> SqliteConnection::inspect() { return {}; }

}  // namespace toolkit::sqlite

#include "connection.hpp"

namespace toolkit::sqlite {

// What runs outside of a transaction here (VACUUM, a PRAGMA) gives the same when it runs once more.
Judgement SqliteConnection::settle(const Interrupted&, const RunContext&, RunObserver&) {
  return {Verdict::left_nothing, "running this statement again gives the same", "", ""};
}

// BEGIN IMMEDIATE is the lock, and it lives for one version: there is no holder to show between two.
LockState SqliteConnection::lock_state(const HistoryPlace&) { return {}; }

std::vector<ServerNote> SqliteConnection::inspect() { return {}; }

}  // namespace toolkit::sqlite

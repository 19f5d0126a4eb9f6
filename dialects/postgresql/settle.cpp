#include "connection.hpp"

namespace toolkit::postgresql {

Judgement PostgresqlConnection::settle(const Interrupted&, const RunContext&, RunObserver&) {
  return {Verdict::undecided, "no rule for this statement", "", ""};
}

LockState PostgresqlConnection::lock_state(const HistoryPlace&) { return {}; }

std::vector<ServerNote> PostgresqlConnection::inspect() { return {}; }

}  // namespace toolkit::postgresql

#include "connection.hpp"

namespace toolkit::mysql {

Judgement MysqlConnection::settle(const Interrupted& interrupted, const RunContext&, RunObserver&) {
  if (interrupted.mark.find("\"class\":\"row-change\"") != std::string::npos) {
    return {Verdict::left_nothing, "it would have been committed together with the history", "", ""};
  }
  return {Verdict::undecided, "no rule for this statement", "", ""};
}

LockState MysqlConnection::lock_state(const HistoryPlace&) { return {}; }

std::vector<ServerNote> MysqlConnection::inspect() { return {}; }

}  // namespace toolkit::mysql

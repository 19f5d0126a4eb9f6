#include "locks.hpp"
#include "object_state.hpp"
#include "runner.hpp"
#include "script_syntax.hpp"
#include "toolkit/error.hpp"

namespace toolkit::mysql {

Outcome Runner::send_reporting_locks(const Task& task, const Step& step) {
  const ObjectName table = locked_table(step.sql);
  const auto identity = [&]() -> std::string {
    if (table.name.empty()) {
      return {};
    }
    ObjectWishes wishes;
    wishes.identity = true;
    wishes.is_mariadb = is_mariadb();
    const std::vector<ObjectState> states = read_objects(session_, {table}, scope_.server.database, wishes);
    return states.empty() ? std::string() : states.front().id;
  };
  const auto tell_locks = [&](LockTaken taken, const std::string& before) {
    const std::string now = taken.algorithm.empty() ? before : identity();
    taken.object = table.schema.empty() || table.schema == scope_.server.database
                       ? table.name
                       : table.schema + "." + table.name;
    taken.rewritten = taken.algorithm == "COPY" || (is_mariadb() && taken.algorithm == "INPLACE") ||
                      (!before.empty() && !now.empty() && before != now);
    if (!table.name.empty()) {
      scope_.observer.locked(task, {taken});
    }
  };
  const std::string before = identity();
  const ScriptSyntax syntax = script_syntax(scope_.server.flavour, context_.sql_mode);
  const std::vector<LockAttempt> attempts = lock_attempts(step.sql, syntax, is_mariadb());
  if (!attempts.empty() && context_.locks != LockReporting::asked) {
    return send(step.sql);  // only the server knows, and it is not to be asked
  }
  for (const LockAttempt& attempt : attempts) {
    try {
      Outcome outcome = send(attempt.sql);
      tell_locks({"", attempt.lock, false, attempt.algorithm}, before);
      return outcome;
    } catch (const Error& failure) {
      if (!is_no_way(failure.details().native_code)) {
        throw;
      }
    }
  }
  Outcome outcome = send(step.sql);
  tell_locks(lock_by_words(step.sql), before);
  return outcome;
}

}  // namespace toolkit::mysql

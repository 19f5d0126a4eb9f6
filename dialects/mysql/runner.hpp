#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "connection.hpp"
#include "engines.hpp"
#include "executed_text.hpp"
#include "facts.hpp"
#include "history_sql.hpp"
#include "mark.hpp"

namespace toolkit::mysql {

/// One unit at work. run.cpp holds the order of things, run_history.cpp the writes that claim, finish and
/// chain versions, intent.cpp what an intent remembers.
class Runner {
 public:
  Runner(const RunScope& scope, const UnitOfWork& unit)
      : scope_(scope),
        session_(scope.session),
        context_(scope.context),
        tasks_(unit.tasks),
        chain_(chain_sql(scope.context.place)) {}

  void run();

 private:
  void check_facts();
  void run_task(std::size_t index);
  void run_step(const Task& task, std::size_t number, std::size_t index);
  Outcome send_statement(const Task& task, const Step& step);
  Outcome send(const std::string& sql);
  /// Sends the step in the words of `lock_attempts`, and tells the observer which were right.
  Outcome send_reporting_locks(const Task& task, const Step& step);
  /// What a person should know of a statement that went well. A round trip when there are warnings.
  void tell(const Task& task, const Outcome& outcome);
  void tell_what_is_left_changed(const Task& task);
  /// What finished steps of an interrupted version left in their session. Throws Error(unsettled) where a
  /// step needs a value of it that cannot be made again.
  void carry_over(const Task& task);
  /// Our own writes need our settings, the next step those of the steps before it.
  void send_settings();
  void remember_settings(const Step& step);
  void roll_back_and_take_back(const Task& task, const Step& step, Error& error, bool in_transaction,
                               int finished);

  void say_that_it_is_unrecorded(const Task& task, const Step& step, Error& error);

  void claim(const Task& task);
  /// Ends the claim of a task; with a next one in the same write where that is possible.
  void finish(std::size_t index, bool in_transaction);
  bool can_chain(std::size_t index) const;
  bool write_chain(const Task& task, const Task& next, bool in_transaction);
  void advance(const Task& task, std::size_t step, bool in_transaction);
  /// A write that tells what happened must not be lost to a lock wait or a stray KILL QUERY.
  long long write_truth(const std::string& sql, const Parameters& values, bool in_transaction);
  void write_one_row(const std::string& sql, const Parameters& values, const Task& task, bool in_transaction);

  Parameters claim_values(const Task& task);
  Parameters fenced(Parameters values) const;
  std::string mark_for(const Task& task, std::size_t step);
  void describe_intent(const Step& step, Mark& mark);
  std::optional<LogPlace> place_in_log(bool must_be_fresh);
  /// Where locks cannot be trusted, only what shares a transaction with its claim may run.
  void refuse_in_doubt(const Task& task);
  void tell_what_is_not_atomic(const Task& task, const Step& step);
  bool shares_transaction(const Step& step);
  std::string plain_table_of(const Step& step);
  void warn_of_table_without_transactions(const Task& task, const Step& step);
  const std::vector<PlainTable>& tables_without_transactions();
  void prepare(const Step* step);
  void stop_if_asked() const;
  bool is_mariadb() const { return scope_.server.flavour == "mariadb"; }
  /// What the server runs of it: nothing else may be judged by its words.
  std::string code_of(const Step& step) const { return executed_text(step.sql, scope_.server); }

  RunScope scope_;
  Session& session_;
  const RunContext& context_;
  const std::vector<Task>& tasks_;
  ChainSql chain_;
  Facts facts_;
  std::optional<std::vector<PlainTable>> plain_tables_;  ///< without transactions; known since the last DDL
  std::string tag_;                ///< of the statement that is sent next; empty: it is sent without one
  std::optional<LogPlace> place_;  ///< an end of the binary log that this run has seen
  std::chrono::steady_clock::time_point place_read_at_;
  std::vector<std::string> carried_;                 ///< to be sent once, before the first step
  std::vector<std::string> settings_;                ///< SET statements of the version's steps so far
  std::map<std::string, std::string> left_changed_;  ///< session variables by the version's steps so far
  bool claimed_ = false;                             ///< the next task's claim is committed already
};

/// Pure. The configured one, else the server's.
std::string sql_mode_of(const RunScope& scope, const Facts& facts);

/// Pure. What a session is set to before a step; none: before our own writes.
Session::Settings session_settings(const RunScope& scope, const Facts& facts, const Step* step);

}  // namespace toolkit::mysql

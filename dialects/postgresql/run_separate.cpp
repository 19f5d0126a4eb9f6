#include <libpq-fe.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "answers.hpp"
#include "channel.hpp"
#include "script_syntax.hpp"
#include "statement_traits.hpp"

namespace toolkit::postgresql {

namespace {

using Clock = std::chrono::steady_clock;

/// One task whose statements commit by themselves.
class SeparateTask {
 public:
  SeparateTask(const Channel& channel, const Task& task, const RunContext& context, RunObserver& observer)
      : channel_(channel),
        task_(task),
        context_(context),
        observer_(observer),
        finished_step_(task.first_step - 1) {}

  void run() {
    channel_.notices.task = &task_;
    claim();
    observer_.started(task_);
    const auto start = Clock::now();
    for (std::size_t i = 0; i < task_.steps.size(); ++i) {
      run_step(task_.steps[i]);
      if (i + 1 < task_.steps.size()) {
        advance(task_.steps[i], task_.steps[i + 1]);
      }
    }
    finish();
    observer_.finished(task_, std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start));
  }

 private:
  void claim() {
    MessageList list(context_);
    list.reset_session();
    list.require_durable_commits();
    if (!task_.steps.empty()) {
      list.set_limits(limits_of(context_, &task_.steps.front()));
    }
    list.begin();
    list.fence(task_);
    list.claim(task_, UnitKind::separate);
    list.commit();
    write(list);
  }

  void run_step(const Step& step) {
    const Result answer = run_statement(channel_.handle, step.sql, tick_of(channel_, context_));
    if (answer == nullptr) {
      ErrorDetails details = lost_connection(channel_.handle, channel_.url);
      details.message += "; what became of the statement is unknown";
      throw migration_error(std::move(details), task_, step, std::nullopt);
    }
    if (!succeeded(answer.get())) {
      const bool concurrent = is_concurrent_index(step.sql);
      Error failure = step_error(channel_, answer.get(), task_, step);
      if (failure.details().connection_lost) {
        throw Error(failure);
      }
      if (concurrent) {
        advise_invalid_indexes(failure, step);
      }
      take_back(failure);
    }
    if (PQtransactionStatus(channel_.handle) != PQTRANS_IDLE) {
      roll_back(channel_);
      take_back(
          step_error(task_, step, "the statement opened a transaction",
                     "the toolkit rolled it back; a file holds one statement and no transaction control"));
    }
    require_valid_index(step);
    finished_step_ = step.number;
  }

  // With IF NOT EXISTS the server reports success over an invalid index that an earlier attempt left.
  void require_valid_index(const Step& step) {
    const std::vector<std::string> words = leading_words(step.sql, script_syntax(), 5);
    if (!is_concurrent_index(step.sql) || words.empty() || words.front() != "CREATE") {
      return;
    }
    if (std::find(words.begin(), words.end(), "IF") == words.end()) {
      return;
    }
    Error failure = step_error(task_, step, "the server reported success over an invalid index", "");
    if (advise_invalid_indexes(failure, step)) {
      take_back(failure);
    }
  }

  bool advise_invalid_indexes(Error& failure, const Step& step) {
    const std::vector<std::string> names = invalid_indexes(channel_, step.sql);
    if (!names.empty()) {
      failure.details().advice = "the invalid index " + names.front() +
                                 " is there, perhaps of this attempt: DROP INDEX CONCURRENTLY " +
                                 names.front() + ", then run again";
    }
    return !names.empty();
  }

  /// Ends with the failure thrown; the server has answered, so it is known that the step left nothing done.
  [[noreturn]] void take_back(Error failure) {
    MessageList list(context_);
    list.reset_session();
    list.begin();
    list.fence(task_);
    list.take_back(task_, finished_step_);
    list.commit();
    try {
      write(list);
    } catch (const Error& second) {
      failure.details().advice = "its claim could not be taken back (" + second.details().message +
                                 "): the version needs 'toolkit settle'";
    }
    throw Error(failure);
  }

  /// The end of one step and the intent of the next are one write.
  void advance(const Step& step, const Step& next) {
    MessageList list(context_);
    look_at_session(list);
    list.begin();
    list.fence(task_);
    list.advance(task_, step, step.number);
    list.commit();
    list.set_limits(limits_of(context_, &next));
    write(list);
  }

  void finish() {
    MessageList list(context_);
    look_at_session(list);
    list.begin();
    list.fence(task_);
    list.finish(task_);
    list.commit();
    write(list);
  }

  void look_at_session(MessageList& list) const {
    list.look(task_);
    list.ask_role(task_);
    list.reset_session();
    list.require_durable_commits();
  }

  void write(const MessageList& list) {
    const auto hear = [&](std::size_t index, const pg_result* result) {
      const Purpose purpose = list.sent(index).purpose;
      if (purpose == Purpose::setup && PQnfields(result) > 2) {
        role_.begin(result);
        limits_ = list.limits();
      } else if (purpose == Purpose::role) {
        role_.check(result, task_, observer_);
      } else if (purpose == Purpose::look) {
        note_settings(result, limits_, task_, observer_);
      }
    };
    const PipelineEnd end = run_pipeline(channel_.handle, list.messages(), hear, {});
    if (!end.succeeded()) {
      roll_back(channel_);
      throw error_of({channel_, UnitKind::separate}, list, end);
    }
  }

  const Channel& channel_;
  const Task& task_;
  const RunContext& context_;
  RunObserver& observer_;
  int finished_step_;
  RoleWatch role_;
  StepLimits limits_;
};

void require_own_session(const Channel& channel, const Task& task) {
  if (!channel.has_own_session) {
    ErrorDetails details;
    details.kind = ErrorKind::server;
    details.version = task.version;
    details.message =
        "version " + std::to_string(task.version) +
        " commits by itself, and a pooler stands between that gives each transaction another session";
    details.advice =
        "use the server's own port, or a pool in session mode: the lock between runners does not hold here";
    throw Error(std::move(details));
  }
}

}  // namespace

void run_separate(const Channel& channel, const UnitOfWork& unit, const RunContext& context,
                  RunObserver& observer) {
  for (const Task& task : unit.tasks) {
    require_no_stop(context);
    require_own_session(channel, task);
    SeparateTask(channel, task, context, observer).run();
  }
}

}  // namespace toolkit::postgresql

#include <libpq-fe.h>

#include <chrono>
#include <string_view>
#include <utility>

#include "answers.hpp"
#include "channel.hpp"
#include "decision.hpp"
#include "locks.hpp"
#include "objects.hpp"
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
      const Step* next = i + 1 < task_.steps.size() ? &task_.steps[i + 1] : nullptr;
      if (!runs_alone(task_.steps[i])) {
        run_in_transaction(task_.steps[i], next);
        continue;
      }
      run_alone(task_.steps[i]);
      if (context_.locks != LockReporting::none) {
        observer_.locked(task_, locks_of_lone(task_.steps[i].sql));
      }
      if (next != nullptr) {
        advance(task_.steps[i], *next);
      } else {
        finish();
      }
    }
    if (task_.steps.empty()) {
      finish();
    }
    observer_.finished(task_, std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start));
  }

 private:
  void claim() {
    MessageList list(context_);
    list.reset_session();
    list.require_durable_commits();
    if (!task_.steps.empty()) {
      list.set_limits(limits_of(context_, &task_.steps.front(), true));
    }
    list.begin();
    list.fence(task_);
    list.claim(task_, UnitKind::separate);
    list.commit();
    write(list);
  }

  /// The statement and the end of its claim in one transaction and one round trip: an intent that is still
  /// open then says that nothing was applied.
  void run_in_transaction(const Step& step, const Step* next) {
    MessageList list(context_);
    list.begin();
    list.fence(task_);
    list.look_at_tables(task_);
    list.step(task_, step);
    list.look_at_locks(task_);
    list.ask_role(task_);
    if (next != nullptr) {
      list.advance(task_, step, next);
    } else {
      list.finish(task_);
    }
    list.commit();
    list.look(task_);
    list.reset_session();
    list.require_durable_commits();
    if (next != nullptr) {
      list.set_limits(limits_of(context_, next, true));
    }
    const PipelineEnd end = send(list, tick_of(channel_, context_));
    if (!end.succeeded()) {
      const Purpose failed = end.answered < list.size() ? list.sent(end.answered).purpose : Purpose::commit;
      Error failure = error_of({channel_, UnitKind::separate}, list, end);
      if (end.lost || failure.details().connection_lost || failed == Purpose::fence) {
        throw Error(failure);
      }
      take_back(failure);
    }
    finished_step_ = step.number;
  }

  void run_alone(const Step& step) {
    Result answer = run_statement(channel_.handle, step.sql, tick_of(channel_, context_));
    if (stands_over_invalid_index(step, answer.get()) && drop_namesakes(step)) {
      answer = run_statement(channel_.handle, step.sql, tick_of(channel_, context_));
    }
    if (answer == nullptr) {
      ErrorDetails details = lost_connection(channel_.handle, channel_.url);
      details.message += "; what became of the statement is unknown";
      throw migration_error(std::move(details), task_, step, std::nullopt);
    }
    if (!succeeded(answer.get())) {
      Error failure = step_error(channel_, answer.get(), task_, step);
      if (failure.details().connection_lost) {
        throw Error(failure);
      }
      if (has_begun_to_detach(step)) {
        failure.details().advice = "the partition is being detached already; the next run ends that";
        throw Error(failure);
      }
      clean_up(step, failure);
      take_back(failure);
    }
    if (PQtransactionStatus(channel_.handle) != PQTRANS_IDLE) {
      roll_back(channel_);
      take_back(
          step_error(task_, step, "the statement opened a transaction",
                     "the toolkit rolled it back; a file holds one statement and no transaction control"));
    }
    finished_step_ = step.number;
  }

  /// Whether an index that an earlier attempt left invalid may be in the way: the server refuses its name, or
  /// reports success over it where the statement says IF NOT EXISTS.
  bool stands_over_invalid_index(const Step& step, const pg_result* answer) const {
    const StatementForm form = statement_form(step.sql);
    if (answer == nullptr || form.form != Form::create_index) {
      return false;
    }
    const char* sqlstate = PQresultErrorField(answer, PG_DIAG_SQLSTATE);
    return succeeded(answer) ? form.if_exists : sqlstate != nullptr && std::string_view(sqlstate) == "42P07";
  }

  /// True when there was one, and the statement should run again.
  bool drop_namesakes(const Step& step) {
    const std::vector<std::string> names = invalid_namesakes(channel_, statement_form(step.sql));
    if (names.empty()) {
      return false;
    }
    const std::string stays = drop_invalid(channel_, names);
    if (!stays.empty()) {
      take_back(step_error(task_, step, "an invalid index has the name of the one that is to be built",
                           "it cannot be dropped now (" + stays + "); run again when nothing is in the way"));
    }
    observer_.note(&task_, "the invalid index " + list_of(names) +
                               " of an earlier attempt was dropped, it is built again");
    MessageList list(context_);
    list.reset_session();
    list.require_durable_commits();
    list.set_limits(limits_of(context_, &step, true));
    write(list);
    return true;
  }

  /// Its first half is committed by itself and cannot be run again, only ended: the intent stays, so that the
  /// next run does.
  bool has_begun_to_detach(const Step& step) {
    const StatementForm form = statement_form(step.sql);
    if (form.form != Form::detach_partition) {
      return false;
    }
    const std::optional<ObjectState> before = read_mark(channel_, context_, task_.version).objects;
    const std::optional<ObjectState> now = look(channel_, form);
    return before && now && !before->is_pending && now->is_pending;
  }

  /// What an attempt to build leaves when it fails is of no use to anyone, and slows every write down.
  void clean_up(const Step& step, Error& failure) {
    const StatementForm form = statement_form(step.sql);
    if (!is_concurrent_index(step.sql)) {
      return;
    }
    const std::optional<ObjectState> before = read_mark(channel_, context_, task_.version).objects;
    const std::optional<ObjectState> now = look(channel_, form);
    if (!before || !now) {
      return;
    }
    const std::vector<std::string> left = left_by_attempt(step.sql, form, *before, *now);
    const std::string stays = drop_invalid(channel_, left);
    if (!stays.empty()) {
      failure.details().advice = "the invalid index that this attempt left cannot be dropped now (" + stays +
                                 "): DROP INDEX CONCURRENTLY " + list_of(left) + ", then run again";
    } else if (!left.empty()) {
      observer_.note(&task_, "the invalid index " + list_of(left) + " that this attempt left was dropped");
    }
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
    list.advance(task_, step, &next);
    list.commit();
    list.set_limits(limits_of(context_, &next, true));
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
    const PipelineEnd end = send(list, {});
    if (!end.succeeded()) {
      throw error_of({channel_, UnitKind::separate}, list, end);
    }
  }

  PipelineEnd send(const MessageList& list, const Tick& tick) {
    const auto hear = [&](std::size_t index, const pg_result* result) {
      const Purpose purpose = list.sent(index).purpose;
      if (purpose == Purpose::setup && PQnfields(result) > 2) {
        role_.begin(result);
        limits_ = list.limits();
      } else if (purpose == Purpose::role) {
        role_.check(result, task_, observer_);
      } else if (purpose == Purpose::tables) {
        locks_.hear_tables(result);
      } else if (purpose == Purpose::locks) {
        observer_.locked(task_, locks_.hear_locks(result));
      } else if (purpose == Purpose::look) {
        note_settings(result, limits_, task_, observer_);
      }
    };
    PipelineEnd end = run_pipeline(channel_.handle, list.messages(), hear, tick);
    if (!end.succeeded()) {
      roll_back(channel_);
    }
    return end;
  }

  const Channel& channel_;
  const Task& task_;
  const RunContext& context_;
  RunObserver& observer_;
  int finished_step_;
  RoleWatch role_;
  LockReport locks_;
  StepLimits limits_;
};

void require_own_session(const Channel& channel, const Task& task) {
  if (!channel.doubt.empty()) {
    ErrorDetails details;
    details.kind = ErrorKind::server;
    details.version = task.version;
    details.message =
        "version " + std::to_string(task.version) + " commits by itself, and " + channel.doubt.why;
    details.advice = channel.doubt.way_out;
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

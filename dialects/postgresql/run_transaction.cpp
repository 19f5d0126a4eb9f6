#include <libpq-fe.h>

#include <functional>
#include <string_view>
#include <utility>

#include "answers.hpp"
#include "channel.hpp"
#include "locks.hpp"
#include "statement_traits.hpp"

namespace toolkit::postgresql {

namespace {

using std::chrono::milliseconds;

void refuse_client_copies(const UnitOfWork& unit) {
  for (const Task& task : unit.tasks) {
    for (const Step& step : task.steps) {
      if (copies_with_client(step.sql)) {
        throw step_error(task, step, "COPY that speaks to the client has no place in a migration",
                         "write the rows as INSERT, or COPY from a file of the server");
      }
    }
  }
}

/// All messages of a unit: session reset, BEGIN, for each task claim, steps, finish; COMMIT.
class TransactionMessages {
 public:
  TransactionMessages(const UnitOfWork& unit, const RunContext& context)
      : context_(context),
        is_alone_(unit.tasks.size() == 1 && unit.tasks.front().steps.size() == 1),
        list_(context) {
    list_.reset_session();
    if (!unit.tasks.empty() && !unit.tasks.front().steps.empty()) {
      list_.set_limits(limits_of(context_, &unit.tasks.front().steps.front(), is_alone_));
    }
    list_.begin();
    for (const Task& task : unit.tasks) {
      add(task, &task == &unit.tasks.back());
    }
    list_.commit();
    if (look_behind_commit_ != nullptr) {
      list_.look(*look_behind_commit_);
      list_.reset_session();
    }
  }

  const MessageList& list() const { return list_; }

 private:
  void add(const Task& task, bool is_last) {
    list_.claim(task, UnitKind::transaction);
    list_.look_at_tables(task);
    bool changes_session = false;
    for (const Step& step : task.steps) {
      list_.set_limits(limits_of(context_, &step, is_alone_));
      list_.step(task, step);
      if (may_change_session(step.sql)) {
        changes_session = true;
        list_.ask_role(task);
      }
      if (&step != &task.steps.back()) {
        list_.advance(task, step, nullptr);
      }
    }
    if (changes_session && !is_last) {
      // SET LOCAL would reach the next version too: in a shared transaction all of it is set back here.
      list_.look(task);
      list_.reset_session();
    }
    list_.look_at_locks(task);
    list_.finish(task);
    if (changes_session && is_last) {
      look_behind_commit_ = &task;
    }
  }

  const RunContext& context_;
  bool is_alone_;
  MessageList list_;
  const Task* look_behind_commit_ = nullptr;
};

/// Hears the answers and tells the observer what is true by then.
class TransactionAnswers {
 public:
  TransactionAnswers(const MessageList& list, const UnitOfWork& unit, Notices& notices, RunObserver& observer)
      : list_(list), unit_(unit), notices_(notices), observer_(observer) {}

  void operator()(std::size_t index, const pg_result* result) {
    const Sent& sent = list_.sent(index);
    switch (sent.purpose) {
      case Purpose::setup:
        if (!committed_) {
          role_.begin(result);
        }
        break;
      case Purpose::role:
        role_.check(result, *sent.task, observer_);
        break;
      case Purpose::look:
        note_settings(result, list_.limits(), *sent.task, observer_);
        break;
      case Purpose::tables:
        locks_.hear_tables(result);
        break;
      case Purpose::locks:
        observer_.locked(*sent.task, locks_.hear_locks(result));
        break;
      case Purpose::finish:
        durations_.emplace_back(std::stoll("0" + text_at(result, 0, 1)));
        start_next();
        break;
      case Purpose::commit:
        committed_ = std::string_view(PQcmdStatus(const_cast<pg_result*>(result))) == "COMMIT";
        break;
      default:
        break;
    }
  }

  void start_next() {
    if (durations_.size() < unit_.tasks.size()) {
      const Task& task = unit_.tasks[durations_.size()];
      notices_.task = &task;
      observer_.started(task);
    }
  }

  bool is_committed() const { return committed_; }

  void tell_finished() const {
    for (std::size_t i = 0; i < unit_.tasks.size(); ++i) {
      observer_.finished(unit_.tasks[i], durations_[i]);
    }
  }

 private:
  const MessageList& list_;
  const UnitOfWork& unit_;
  Notices& notices_;
  RunObserver& observer_;
  RoleWatch role_;
  LockReport locks_;
  std::vector<milliseconds> durations_;
  bool committed_ = false;
};

}  // namespace

void run_transaction(const Channel& channel, const UnitOfWork& unit, const RunContext& context,
                     RunObserver& observer) {
  require_no_stop(context);
  refuse_client_copies(unit);
  const TransactionMessages messages(unit, context);
  TransactionAnswers answers(messages.list(), unit, channel.notices, observer);
  answers.start_next();
  PipelineEnd end;
  try {
    end = run_pipeline(channel.handle, messages.list().messages(), std::ref(answers),
                       tick_of(channel, context));
  } catch (...) {  // an observer's own
    roll_back(channel);
    throw;
  }
  if (!answers.is_committed()) {
    roll_back(channel);
    if (end.succeeded()) {
      throw Error(ErrorKind::server, "the server answered COMMIT with a rollback",
                  "nothing was applied; run again");
    }
    Error error = error_of({channel, UnitKind::transaction}, messages.list(), end);
    // A deferred constraint. In a group nobody can say whose row it was: one by one they will.
    const bool at_commit = !end.lost && (end.answered >= messages.list().size() ||
                                         messages.list().sent(end.answered).purpose == Purpose::commit);
    error.details().failed_for_sharing =
        error.details().failed_for_sharing || (at_commit && unit.tasks.size() > 1);
    throw Error(std::move(error));
  }
  answers.tell_finished();
}

}  // namespace toolkit::postgresql

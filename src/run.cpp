#include <algorithm>
#include <array>
#include <set>

#include "execute.hpp"
#include "migrator_parts.hpp"
#include "recover.hpp"
#include "toolkit/pause.hpp"

namespace toolkit {

namespace {

using std::chrono::milliseconds;

Version current_after(const History& history, const std::vector<DoneVersion>& done) {
  std::set<Version> applied;
  for (const HistoryRow& row : history.rows) {
    if (row.state == State::applied) {
      applied.insert(row.version);
    }
  }
  for (const DoneVersion& each : done) {
    if (each.direction == Direction::up) {
      applied.insert(each.version);
    } else {
      applied.erase(each.version);
    }
  }
  return applied.empty() ? 0 : *applied.rbegin();
}

/// Says where a run stands when it ends, by an error too: nobody may get to read the history again.
class CurrentVersion {
 public:
  CurrentVersion(const History& history, RunReport& report)
      : history_(history), report_(report), done_before_(static_cast<std::ptrdiff_t>(report.done.size())) {}
  ~CurrentVersion() {
    report_.to = current_after(history_, {report_.done.begin() + done_before_, report_.done.end()});
  }
  CurrentVersion(const CurrentVersion&) = delete;
  CurrentVersion& operator=(const CurrentVersion&) = delete;

 private:
  const History& history_;
  RunReport& report_;
  std::ptrdiff_t done_before_;
};

/// What was planned and is neither done nor seen to have failed: after a lost connection the history tells.
std::vector<Task> tasks_of(const Plan& plan) {
  std::vector<Task> tasks;
  for (const PlannedUnit& unit : plan.units) {
    tasks.insert(tasks.end(), unit.work.tasks.begin(), unit.work.tasks.end());
  }
  return tasks;
}

/// The commit of a version may have landed although its answer never came: the row says so, and whose it is.
void report_what_landed(const std::vector<Task>& planned, const History& history, const RunContext& context,
                        const RunReport& report, Recorder& recorder) {
  for (const Task& task : planned) {
    const bool known = std::any_of(report.done.begin(), report.done.end(), [&](const DoneVersion& done) {
      return done.version == task.version && done.direction == task.direction;
    });
    const State ended = task.direction == Direction::up ? State::applied : State::reverted;
    const HistoryRow* row = history.find(task.version);
    if (!known && row != nullptr && row->state == ended && row->run_id == context.run_id) {
      recorder.finished(task, milliseconds(row->duration_ms.value_or(0)));
    }
  }
}

/// The rest of what was asked for. `up 3` of which one is done is `up 2`.
std::optional<Request> rest_of(Request request, const RunReport& report) {
  if (report.done.empty() || request.all || request.target) {
    return request;
  }
  if (request.kind == RequestKind::redo) {
    return std::nullopt;  // its second half would begin with a down again
  }
  if (request.kind == RequestKind::up && !request.count) {
    return request;
  }
  request.count = request.count.value_or(1) - static_cast<std::int64_t>(report.done.size());
  return *request.count > 0 ? std::optional(request) : std::nullopt;
}

/// What an earlier attempt did is told although a later one ended before its first version: with that version
/// as the one at fault, and the rest of what was planned as untouched.
void report_failure(const ErrorDetails& failure, const std::vector<Task>& planned, RunReport& report) {
  report.failed = failure;
  for (const Task& task : planned) {
    const bool done = std::any_of(report.done.begin(), report.done.end(), [&](const DoneVersion& each) {
      return each.version == task.version && each.direction == task.direction;
    });
    if (!done && task.version == failure.version && report.failed_label.empty()) {
      report.failed_label = label_of(task);
    } else if (!done) {
      report.untouched.push_back({task.version, task.digits, task.name, task.direction, 0});
    }
  }
}

void forget_failure(RunReport& report) {
  report.failed.reset();
  report.failed_label.clear();
  report.untouched.clear();
}

}  // namespace

ExitCode RunReport::exit_code() const { return failed ? exit_code_of(failed->kind) : ExitCode::done; }

RunReport Migrator::run(const Request& request) {
  SilentObserver observer;
  return run(request, observer);
}

RunReport Migrator::run(const Request& request, RunObserver& observer) {
  constexpr int attempts = 3;  // another runner may take a version although a lock lies; a server may restart
  RunReport report;
  report.server = parts_->open().server();
  RunContext context = parts_->make_context();
  std::vector<Task> planned;
  for (int attempt = 1;; ++attempt) {
    try {
      run_once(request, context, planned, report, observer);
      return report;
    } catch (const Error& failure) {
      const ErrorDetails& details = failure.details();
      if (details.claim_lost && attempt < attempts) {
        continue;
      }
      if (!report.failed) {
        if (report.done.empty()) {
          throw;
        }
        report_failure(details, planned, report);
      }
      if (attempt == attempts || !details.connection_lost || !parts_->connect_again(details, observer)) {
        return report;
      }
      forget_failure(report);
    }
  }
}

// The lock is taken once there is something to do; then everything is read again.
void Migrator::run_once(const Request& whole, const RunContext& context, std::vector<Task>& planned,
                        RunReport& report, RunObserver& observer) {
  const MigrationSet& set = parts_->migrations();
  if (planned.empty() && nothing_to_do(set, whole, report)) {
    return;
  }
  const std::stop_callback cancel(parts_->options.stop, [this] { parts_->connection->cancel(); });
  const std::unique_ptr<RunnerLock> lock = parts_->take_lock(observer);
  History history = parts_->read_history();
  if (!history.exists) {
    parts_->create_history();
    history = parts_->read_history();
  } else {
    parts_->refuse_half_loaded(history);
  }
  report.to = history.current();
  const std::vector<Version> settled = settle_interrupted(*parts_, history, context, observer);
  if (!settled.empty()) {
    report.settled.insert(report.settled.end(), settled.begin(), settled.end());
    history = parts_->read_history();
    report.to = history.current();
  }
  Recorder recorder(observer, report);
  report_what_landed(planned, history, context, report, recorder);
  const std::optional<Request> request = rest_of(whole, report);
  if (!request) {
    return;
  }
  const Plan plan =
      make_plan(set, history, *request, parts_->plan_options(history, *request), *parts_->dialect);
  for (const std::string& note : plan.notes) {
    observer.note(nullptr, note);
  }
  planned = tasks_of(plan);
  log_accepted_edits(*parts_, history, context);
  const CurrentVersion current(history, report);
  execute(plan, {parts_->open(), context, recorder, report, parts_->options.retries,
                 parts_->options.transaction != TransactionMode::all});
}

bool Migrator::nothing_to_do(const MigrationSet& set, const Request& request, RunReport& report) {
  const History history = parts_->read_history();
  report.from = history.current();
  report.to = history.current();
  // A version that is claimed may belong to a runner that is at work: only under the lock can it be judged.
  const bool claimed = std::any_of(history.rows.begin(), history.rows.end(), [](const HistoryRow& row) {
    return row.state == State::applying || row.state == State::reverting;
  });
  return !claimed &&
         make_plan(set, history, request, parts_->plan_options(history, request), *parts_->dialect)
             .is_empty();
}

// A wire that was cut is back at once, a server that restarts within seconds; one that is gone is told as the
// failure that it was.
bool Migrator::Parts::connect_again(const ErrorDetails& lost, RunObserver& observer) {
  constexpr std::array<milliseconds, 5> pauses = {milliseconds(20), milliseconds(100), milliseconds(400),
                                                  milliseconds(1'000), milliseconds(2'000)};
  if (options.stop.stop_requested()) {
    return false;
  }
  observer.note(nullptr, lost.message + "; connecting again");
  connection.reset();
  for (const milliseconds wait : pauses) {
    pause(wait, options.stop);
    try {
      open();
      return true;
    } catch (const Error&) {
      connection.reset();
    }
    if (options.stop.stop_requested()) {
      break;
    }
  }
  return false;
}

}  // namespace toolkit

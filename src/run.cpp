#include <nlohmann/json.hpp>

#include <algorithm>
#include <random>
#include <set>

#include "migrator_parts.hpp"
#include "toolkit/pause.hpp"

namespace toolkit {

namespace {

using std::chrono::milliseconds;

/// Passes everything on and keeps what was committed: the report is made of this and of nothing else.
class Recorder : public RunObserver {
 public:
  Recorder(RunObserver& next, RunReport& report) : next_(next), report_(report) {}
  void started(const Task& task) override { next_.started(task); }
  void finished(const Task& task, milliseconds duration) override {
    report_.done.push_back({task.version, task.digits, task.name, task.direction, duration.count()});
    next_.finished(task, duration);
  }
  void note(const Task* task, const std::string& text) override { next_.note(task, text); }
  void waiting(const std::string& what, milliseconds since) override { next_.waiting(what, since); }

 private:
  RunObserver& next_;
  RunReport& report_;
};

/// 0.5 s, 1 s, 2 s, … up to 30 s, each between half and the whole of it: runners that collide do not stay in
/// step.
milliseconds pause_before_retry(int attempt) {
  static std::minstd_rand random{std::random_device{}()};
  const std::int64_t whole = std::min<std::int64_t>(500LL << std::min(attempt, 6), 30'000);
  return milliseconds(std::uniform_int_distribution<std::int64_t>(whole / 2, whole)(random));
}

ErrorDetails interrupted(ErrorDetails details) {
  if (details.kind != ErrorKind::interrupted || details.message != "interrupted") {
    details.detail = details.message;
  }
  details.kind = ErrorKind::interrupted;
  details.message = details.version == 0
                        ? "interrupted between two versions"
                        : "interrupted while version " + std::to_string(details.version) + " ran";
  details.advice =
      "the running statement was cancelled on the server; 'toolkit status' tells what is applied, the next "
      "run goes on";
  details.hint.clear();
  return details;
}

/// Takes out the tasks that are committed, so that a unit can be tried again.
void drop_done(UnitOfWork& unit, std::size_t done_before, const RunReport& report) {
  const std::size_t done = report.done.size() - done_before;
  unit.tasks.erase(unit.tasks.begin(), unit.tasks.begin() + static_cast<std::ptrdiff_t>(done));
}

struct Runner {
  Connection& connection;
  const RunContext& context;
  Recorder& recorder;
  RunReport& report;
  int retries;
  bool sharing_is_a_wish;  ///< a group that cannot share may run one by one; not where a person asked for
                           ///< `all`

  void run_with_retries(UnitOfWork unit) const {
    for (int attempt = 0;; ++attempt) {
      const std::size_t done_before = report.done.size();
      try {
        connection.run(unit, context, recorder);
        return;
      } catch (const Error& failure) {
        const ErrorDetails& details = failure.details();
        if (attempt >= retries || context.stop.stop_requested() || details.claim_lost ||
            details.connection_lost || !connection.is_worth_retrying(details)) {
          throw;
        }
        drop_done(unit, done_before, report);
        const milliseconds wait = pause_before_retry(attempt);
        recorder.note(&unit.tasks.front(),
                      details.message + "; trying again in " + std::to_string(wait.count()) + " ms");
        pause(wait, context.stop);
      }
    }
  }

  void run_unit(const UnitOfWork& unit) const {
    const std::size_t done_before = report.done.size();
    try {
      run_with_retries(unit);
    } catch (const Error& failure) {
      if (!sharing_is_a_wish || !failure.details().failed_for_sharing || unit.tasks.size() < 2 ||
          unit.kind != UnitKind::transaction) {
        throw;
      }
      recorder.note(nullptr, "these versions cannot share a transaction here (" + failure.details().message +
                                 "): rolled back, running them one by one");
      UnitOfWork rest = unit;
      drop_done(rest, done_before, report);
      for (const Task& task : rest.tasks) {
        UnitOfWork single = unit;
        single.tasks = {task};
        run_with_retries(single);
      }
    }
  }
};

void log_failure(Connection& connection, const RunContext& context, const ErrorDetails& details) {
  if (details.connection_lost || details.version == 0) {
    return;
  }
  const nlohmann::ordered_json detail = {{"message", details.message},
                                         {"sqlstate", details.sqlstate},
                                         {"native_code", details.native_code},
                                         {"step", details.step}};
  try {
    connection.query(context.sql.log,
                     log_parameters(context, "failed", details.version,
                                    detail.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)),
                     0);
  } catch (const Error&) {  // the failure itself is what the caller must hear of
  }
}

/// Planned and neither done nor at fault: not begun, or rolled back with a group.
/// `done_of_plan`: how many of the plan's versions; the report may know more, of a plan before a lost claim.
void list_untouched(const Plan& plan, Version failed, std::size_t done_of_plan, RunReport& report) {
  std::size_t index = 0;
  for (const PlannedUnit& unit : plan.units) {
    for (const Task& task : unit.work.tasks) {
      const bool done = index++ < done_of_plan;
      if (!done && task.version == failed && report.failed_label.empty()) {
        report.failed_label = label_of(task);
      } else if (!done) {
        report.untouched.push_back({task.version, task.digits, task.name, task.direction, 0});
      }
    }
  }
}

/// The first planned version that is not done: whose error it is, where the server could not say.
const Task* first_not_done(const Plan& plan, std::size_t done_of_plan) {
  std::size_t index = 0;
  for (const PlannedUnit& unit : plan.units) {
    for (const Task& task : unit.work.tasks) {
      if (index++ == done_of_plan) {
        return &task;
      }
    }
  }
  return nullptr;
}

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

void execute(const Plan& plan, const Runner& runner) {
  RunReport& report = runner.report;
  const std::size_t done_before = report.done.size();
  try {
    for (const PlannedUnit& unit : plan.units) {
      if (runner.context.stop.stop_requested()) {
        throw Error(ErrorKind::interrupted, "interrupted");
      }
      runner.run_unit(unit.work);
    }
  } catch (const Error& failure) {
    ErrorDetails details = failure.details();
    if (details.claim_lost) {
      throw;
    }
    if (runner.context.stop.stop_requested() && !details.connection_lost) {
      details = interrupted(std::move(details));
    }
    const std::size_t done_of_plan = report.done.size() - done_before;
    const Task* task = first_not_done(plan, done_of_plan);
    if (details.version == 0 && task != nullptr && details.kind != ErrorKind::interrupted) {
      details.version = task->version;
    }
    log_failure(runner.connection, runner.context, details);
    list_untouched(plan, details.version, done_of_plan, report);
    report.failed = std::move(details);
  }
}

}  // namespace

ExitCode RunReport::exit_code() const { return failed ? exit_code_of(failed->kind) : ExitCode::done; }

RunReport Migrator::run(const Request& request) {
  SilentObserver observer;
  return run(request, observer);
}

RunReport Migrator::run(const Request& request, RunObserver& observer) {
  constexpr int attempts = 3;  // another runner may take a version although a lock lies
  const MigrationSet& set = parts_->migrations();
  RunReport report;
  report.server = parts_->open().server();
  for (int attempt = 1;; ++attempt) {
    if (nothing_to_do(set, request, report)) {
      return report;
    }
    const std::stop_callback cancel(parts_->options.stop, [this] { parts_->connection->cancel(); });
    const std::unique_ptr<RunnerLock> lock = parts_->take_lock(observer);
    History history = parts_->read_history();
    if (!history.exists) {
      parts_->create_history();
      history = parts_->read_history();
    }
    const Plan plan =
        make_plan(set, history, request, parts_->plan_options(history, request), *parts_->dialect);
    for (const std::string& note : plan.notes) {
      observer.note(nullptr, note);
    }
    Recorder recorder(observer, report);
    const RunContext context = parts_->make_context();
    try {
      execute(plan, Runner{parts_->open(), context, recorder, report, parts_->options.retries,
                           parts_->options.transaction != TransactionMode::all});
      report.to = current_after(history, report.done);
      return report;
    } catch (const Error&) {
      if (attempt == attempts) {
        throw;
      }
    }
  }
}

bool Migrator::nothing_to_do(const MigrationSet& set, const Request& request, RunReport& report) {
  const History history = parts_->read_history();
  if (report.done.empty()) {
    report.from = history.current();
  }
  report.to = history.current();
  // A version that is claimed may belong to a runner that is at work: only under the lock can it be judged.
  const bool claimed = std::any_of(history.rows.begin(), history.rows.end(), [](const HistoryRow& row) {
    return row.state == State::applying || row.state == State::reverting;
  });
  return !claimed &&
         make_plan(set, history, request, parts_->plan_options(history, request), *parts_->dialect)
             .is_empty();
}

}  // namespace toolkit

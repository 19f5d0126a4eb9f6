#include "execute.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>

#include "toolkit/pause.hpp"

namespace toolkit {

namespace {

using std::chrono::milliseconds;

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

/// One unit, with its retries.
class UnitRunner {
 public:
  explicit UnitRunner(const Execution& execution) : it_(execution) {}

  void run(const UnitOfWork& unit) const {
    const std::size_t done_before = it_.report.done.size();
    try {
      run_with_retries(unit);
    } catch (const Error& failure) {
      if (!it_.sharing_is_a_wish || !failure.details().failed_for_sharing || unit.tasks.size() < 2 ||
          unit.kind != UnitKind::transaction) {
        throw;
      }
      it_.recorder.note(nullptr, "these versions cannot share a transaction here (" +
                                     failure.details().message + "): rolled back, running them one by one");
      UnitOfWork rest = unit;
      drop_done(rest, done_before, it_.report);
      for (const Task& task : rest.tasks) {
        UnitOfWork single = unit;
        single.tasks = {task};
        run_with_retries(single);
      }
    }
  }

 private:
  void run_with_retries(UnitOfWork unit) const {
    for (int attempt = 0;; ++attempt) {
      const std::size_t done_before = it_.report.done.size();
      try {
        it_.connection.run(unit, it_.context, it_.recorder);
        return;
      } catch (const Error& failure) {
        const ErrorDetails& details = failure.details();
        if (attempt >= it_.retries || it_.context.stop.stop_requested() || details.claim_lost ||
            details.connection_lost || !it_.connection.is_worth_retrying(details)) {
          throw;
        }
        drop_done(unit, done_before, it_.report);
        const milliseconds wait = pause_before_retry(attempt);
        it_.recorder.note(&unit.tasks.front(),
                          details.message + (details.hint.empty() ? "" : " (" + details.hint + ")") +
                              "; trying again in " + std::to_string(wait.count()) + " ms");
        pause(wait, it_.context.stop);
      }
    }
  }

  const Execution& it_;
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

}  // namespace

void execute(const Plan& plan, const Execution& execution) {
  RunReport& report = execution.report;
  const std::size_t done_before = report.done.size();
  try {
    for (const PlannedUnit& unit : plan.units) {
      if (execution.context.stop.stop_requested()) {
        throw Error(ErrorKind::interrupted, "interrupted");
      }
      UnitRunner(execution).run(unit.work);
    }
  } catch (const Error& failure) {
    ErrorDetails details = failure.details();
    if (details.claim_lost) {
      throw;
    }
    if (execution.context.stop.stop_requested() && !details.connection_lost) {
      details = interrupted(std::move(details));
    }
    const std::size_t done_of_plan = report.done.size() - done_before;
    const Task* task = first_not_done(plan, done_of_plan);
    if (details.version == 0 && task != nullptr && details.kind != ErrorKind::interrupted) {
      details.version = task->version;
    }
    log_failure(execution.connection, execution.context, details);
    list_untouched(plan, details.version, done_of_plan, report);
    report.failed = std::move(details);
    if (report.failed->connection_lost) {
      throw;
    }
  }
}

}  // namespace toolkit

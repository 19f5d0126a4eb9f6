#pragma once

#include "toolkit/migrate.hpp"

/// Running a plan: units one after the other, with retries, and a report of what was committed.
namespace toolkit {

/// Passes everything on and keeps what was committed: the report is made of this and of nothing else.
class Recorder : public RunObserver {
 public:
  Recorder(RunObserver& next, RunReport& report) : next_(next), report_(report) {}
  void started(const Task& task) override { next_.started(task); }
  void finished(const Task& task, std::chrono::milliseconds duration) override {
    report_.done.push_back({task.version, task.digits, task.name, task.direction, duration.count()});
    next_.finished(task, duration);
  }
  void note(const Task* task, const std::string& text) override { next_.note(task, text); }
  void waiting(const std::string& what, std::chrono::milliseconds since) override {
    next_.waiting(what, since);
  }

 private:
  RunObserver& next_;
  RunReport& report_;
};

/// What running a plan works with.
struct Execution {
  Connection& connection;
  const RunContext& context;
  Recorder& recorder;
  RunReport& report;
  int retries;             ///< of a unit that is worth retrying
  bool sharing_is_a_wish;  ///< a group that cannot share may run one by one; not where a person asked for
                           ///< `all`
};

/// Runs every unit until the first failure, which is put into the report (with the versions left untouched)
/// and logged. Throws Error only where the history must be read again: `claim_lost`, and `connection_lost`
/// (which is in the report too, for a caller that cannot connect again).
void execute(const Plan& plan, const Execution& execution);

}  // namespace toolkit

#pragma once

#include <string>
#include <vector>

#include "channel.hpp"
#include "messages.hpp"

namespace toolkit::postgresql {

/// Which of the two ways a unit runs: the same failed message means different things.
struct UnitFailure {
  const Channel& channel;
  UnitKind kind;
};

/// The error for a pipeline that failed; also tells who holds the locks after a lock timeout. Requires: the
/// transaction is rolled back.
Error error_of(const UnitFailure& unit, const MessageList& list, const PipelineEnd& end);

/// The error for a statement that the server refused. `statement` is what `answer` answers.
Error step_error(const Channel& channel, const pg_result* answer, const Task& task, const Step& step);

/// The error of the toolkit's own for a step, about its first token.
Error step_error(const Task& task, const Step& step, std::string message, std::string advice);

/// Notes what a file left changed: rows of the look (setting, value) that are not our own.
void note_settings(const pg_result* look, const StepLimits& limits, const Task& task, RunObserver& observer);

/// Watches who the session is, from the setup's answer on.
class RoleWatch {
 public:
  void begin(const pg_result* setup);
  /// Notes a role that a file left changed.
  void check(const pg_result* role, const Task& task, RunObserver& observer) const;

 private:
  std::string role_;
  std::string user_;
};

/// Rows of one of our own queries by the native handle; empty when it fails.
std::vector<std::vector<std::string>> ask(const Channel& channel, const std::string& sql,
                                          std::vector<Value> values);

}  // namespace toolkit::postgresql

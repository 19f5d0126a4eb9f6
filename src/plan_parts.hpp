#pragma once

#include <string>
#include <vector>

#include "toolkit/plan.hpp"

/// The parts of planning, each in its own file; for plan.cpp and its tests only. Everything here is pure.
namespace toolkit {

/// A task and what its statements ask of the transaction around it.
struct PlannedTask {
  Task task;
  bool no_transaction = false;    ///< its statements run outside of one
  bool foreign_keys_off = false;  ///< it drops or rebuilds a table where that would delete child rows
  bool ends_group = false;        ///< nothing may follow in its transaction
  std::string reason;             ///< why, for the person; empty for an ordinary one
};

PlannedTask plan_task(const MigrationSet& set, const Migration& migration, Direction direction,
                      int first_step, const Dialect& dialect);

/// Throws Error(files) for a mode that a version refuses.
std::vector<PlannedUnit> group_tasks(std::vector<PlannedTask> tasks, const PlanOptions& options,
                                     const Traits& traits);

/// The step after the last finished one. Throws Error(unsettled) when a finished step's file has changed.
int resume_step(const HistoryRow& row, const Script& script);

/// Throws Error(files) for an irreversible down, or one that was edited since it was recorded.
void require_down(const HistoryRow& row, const Migration& migration);

/// A version that stands between two states and cannot be gone around: interrupted, or half finished.
Error in_between(const HistoryRow& row, const Migration* migration);

/// Whether a file stands for a recorded checksum: it has it, or says so with `also-checksum`.
bool accepts(const Script& script, const std::string& checksum);

/// Above the newest file: applied by a newer checkout than this one.
bool is_ahead(const MigrationSet& set, Version version);

/// The commands with which a person decides an interrupted version.
std::string two_ways_out(const HistoryRow& row);

/// `7_x`, or `0007_x` as its files say; `migration` is null where there is none.
std::string label(const HistoryRow& row, const Migration* migration);

/// `version 0007_x was interrupted while applying (step 1 of 1, by … at …)`.
std::string interrupted_where(const HistoryRow& row, const Migration* migration);

/// Interrupted: nobody saw the end of its statement.
Problem unsettled(const HistoryRow& row, const Migration* migration);
Error down_without_file(const HistoryRow& row);

}  // namespace toolkit

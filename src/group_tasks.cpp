#include <utility>

#include "plan_parts.hpp"

namespace toolkit {

namespace {

// Every object of a transaction holds a lock; PostgreSQL's table for them is sized for some thousands.
constexpr std::size_t group_limit = 500;

bool needs_own_unit(const PlannedTask& task) { return task.no_transaction || task.foreign_keys_off; }

PlannedUnit unit_of(PlannedTask task) {
  PlannedUnit unit;
  unit.work.kind = task.no_transaction ? UnitKind::separate : UnitKind::transaction;
  unit.work.foreign_keys_off = task.foreign_keys_off;
  unit.reason = std::move(task.reason);
  unit.work.tasks.push_back(std::move(task.task));
  return unit;
}

// Statements commit by themselves here: a chain of versions of one direction, where the end of one and the
// claim of the next are one write.
std::vector<PlannedUnit> chains(std::vector<PlannedTask> tasks) {
  std::vector<PlannedUnit> units;
  for (PlannedTask& task : tasks) {
    if (units.empty() || units.back().work.tasks.back().direction != task.task.direction) {
      units.emplace_back();
      units.back().work.kind = UnitKind::separate;
      units.back().reason = "statements commit by themselves here: each version is claimed, run and finished";
    }
    units.back().work.tasks.push_back(std::move(task.task));
  }
  return units;
}

std::vector<PlannedUnit> one_each(std::vector<PlannedTask> tasks) {
  std::vector<PlannedUnit> units;
  units.reserve(tasks.size());
  for (PlannedTask& task : tasks) {
    units.push_back(unit_of(std::move(task)));
  }
  return units;
}

std::vector<PlannedUnit> groups(std::vector<PlannedTask> tasks) {
  std::vector<PlannedUnit> units;
  bool open = false;
  for (PlannedTask& task : tasks) {
    const bool alone = needs_own_unit(task);
    const bool ends = task.ends_group;
    if (!open || alone || units.back().work.tasks.size() >= group_limit) {
      units.push_back(unit_of(std::move(task)));
    } else {
      units.back().work.tasks.push_back(std::move(task.task));
      units.back().reason = "the database is empty: these versions share a transaction";
    }
    open = !alone && !ends;
  }
  return units;
}

std::string versions_that_cannot_share(const std::vector<PlannedTask>& tasks) {
  std::string list;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (needs_own_unit(tasks[i]) || (tasks[i].ends_group && i + 1 < tasks.size())) {
      list += (list.empty() ? "" : ", ") + std::to_string(tasks[i].task.version);
    }
  }
  return list;
}

void refuse_all(const std::vector<PlannedTask>& tasks, const Traits& traits) {
  if (!traits.transactional_ddl) {
    throw Error(ErrorKind::usage,
                "--transaction all is not possible here: this server commits every schema change by itself",
                "use --transaction each");
  }
  const std::string versions = versions_that_cannot_share(tasks);
  if (!versions.empty() && tasks.size() > 1) {
    throw Error(ErrorKind::usage,
                "--transaction all is not possible: these versions cannot share a transaction: " + versions,
                "use --transaction each; nothing was run");
  }
}

}  // namespace

std::vector<PlannedUnit> group_tasks(std::vector<PlannedTask> tasks, const PlanOptions& options,
                                     const Traits& traits) {
  if (options.transaction == TransactionMode::all) {
    refuse_all(tasks, traits);
  }
  if (!traits.transactional_ddl) {
    return chains(std::move(tasks));
  }
  if (options.transaction == TransactionMode::automatic && options.database_is_empty) {
    return groups(std::move(tasks));
  }
  if (options.transaction != TransactionMode::all || tasks.empty()) {
    return one_each(std::move(tasks));
  }
  PlannedUnit unit = unit_of(std::move(tasks.front()));
  unit.reason = "--transaction all";
  for (std::size_t i = 1; i < tasks.size(); ++i) {
    unit.work.tasks.push_back(std::move(tasks[i].task));
  }
  std::vector<PlannedUnit> units;
  units.push_back(std::move(unit));
  return units;
}

}  // namespace toolkit

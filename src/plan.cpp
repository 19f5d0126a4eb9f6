#include "toolkit/plan.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "plan_parts.hpp"

namespace toolkit {

namespace {

/// One version in one direction, chosen but not yet turned into work.
struct Chosen {
  const Migration* migration;
  Direction direction;
  int first_step = 1;
};

Error usage(std::string message, std::string advice = {}) {
  return {ErrorKind::usage, std::move(message), std::move(advice)};
}

bool is_applied(const History& history, Version version) {
  const HistoryRow* row = history.find(version);
  return row != nullptr && row->state == State::applied;
}

void require_known_target(const MigrationSet& set, Version target) {
  if (target != 0 && set.find(target) == nullptr) {
    throw usage("there is no version " + std::to_string(target),
                set.migrations.empty() ? "" : "the newest is " + set.migrations.back().digits);
  }
}

/// Where a half-finished version goes on: after its last finished step, when those are as they were.
int next_step(const HistoryRow* row, const Script& script) {
  if (row == nullptr || (row->state != State::applying && row->state != State::reverting)) {
    return 1;
  }
  return resume_step(*row, script);
}

std::vector<Chosen> choose_up(const MigrationSet& set, const History& history, const Request& request,
                              const PlanOptions& options) {
  for (const Problem& problem : find_problems(set, history)) {
    const bool above_target = request.target && problem.version > *request.target;
    const bool ahead = problem.kind == ErrorKind::missing && is_ahead(set, problem.version);
    if (problem.kind == ErrorKind::findings || (ahead && options.allow_ahead) ||
        (problem.kind == ErrorKind::unsettled && options.interrupted_goes_on)) {
      continue;
    }
    if (problem.kind != ErrorKind::late || (!options.allow_late && !above_target)) {
      throw error_of(problem);
    }
  }
  std::vector<Chosen> chosen;
  const auto limit = static_cast<std::size_t>(request.count.value_or(INT64_MAX));
  for (const Migration& migration : set.migrations) {
    if (chosen.size() >= limit || (request.target && migration.version > *request.target)) {
      break;
    }
    if (!is_applied(history, migration.version)) {
      chosen.push_back({&migration, Direction::up, next_step(history.find(migration.version), migration.up)});
    }
  }
  return chosen;
}

/// The file wins; the history serves only where there is none.
const Migration* find_way_back(const MigrationSet& set, const PlanOptions& options, Version version) {
  if (const Migration* migration = set.find(version)) {
    return migration;
  }
  const auto stored = std::find_if(options.stored_downs.begin(), options.stored_downs.end(),
                                   [version](const Migration& each) { return each.version == version; });
  return stored == options.stored_downs.end() ? nullptr : &*stored;
}

std::vector<Chosen> choose_down(const MigrationSet& set, const History& history, const PlanOptions& options,
                                std::size_t limit, Version floor) {
  std::vector<Chosen> chosen;
  for (auto row = history.rows.rbegin(); row != history.rows.rend(); ++row) {
    if (chosen.size() >= limit || row->version <= floor) {
      break;
    }
    const bool half_down = row->state == State::reverting;
    if (row->state == State::applying || (half_down && row->in_flight && !options.interrupted_goes_on)) {
      throw in_between(*row, set.find(row->version));
    }
    if (row->state != State::applied && !half_down) {
      continue;
    }
    const Migration* migration = find_way_back(set, options, row->version);
    if (migration == nullptr) {
      throw down_without_file(*row);
    }
    require_down(*row, *migration);
    chosen.push_back({migration, Direction::down, next_step(&*row, migration->down)});
  }
  return chosen;
}

std::vector<Chosen> choose_for_down_request(const MigrationSet& set, const History& history,
                                            const PlanOptions& options, const Request& request) {
  if (request.target && *request.target != 0 && !is_applied(history, *request.target)) {
    throw usage("version " + std::to_string(*request.target) +
                    " is not applied, so 'down --to' cannot leave it applied",
                "the current version is " + std::to_string(history.current()));
  }
  const bool unlimited = request.all || request.target.has_value();
  const auto limit = static_cast<std::size_t>(unlimited ? INT64_MAX : request.count.value_or(1));
  return choose_down(set, history, options, limit, request.target.value_or(0));
}

std::vector<Chosen> choose_redo(const MigrationSet& set, const History& history, const Request& request) {
  // A redo needs the up's file, so ways back from the history are of no use to it.
  std::vector<Chosen> chosen =
      choose_down(set, history, {}, static_cast<std::size_t>(request.count.value_or(1)), 0);
  std::vector<Chosen> ups;
  std::transform(chosen.rbegin(), chosen.rend(), std::back_inserter(ups), [](const Chosen& each) {
    return Chosen{each.migration, Direction::up, 1};
  });
  chosen.insert(chosen.end(), ups.begin(), ups.end());
  return chosen;
}

std::vector<Chosen> choose(const MigrationSet& set, const History& history, const Request& request,
                           const PlanOptions& options) {
  const Version current = history.current();
  if (request.target && request.kind != RequestKind::down) {
    require_known_target(set, *request.target);
  }
  switch (request.kind) {
    case RequestKind::up:
      if (request.target && *request.target < current) {
        throw usage("version " + std::to_string(*request.target) + " is below the current version " +
                        std::to_string(current),
                    "to go there use 'toolkit down --to' or 'toolkit goto'");
      }
      return choose_up(set, history, request, options);
    case RequestKind::down:
      return choose_for_down_request(set, history, options, request);
    case RequestKind::go_to:
      return request.target.value_or(0) >= current ? choose_up(set, history, request, options)
                                                   : choose_for_down_request(set, history, options, request);
    case RequestKind::redo:
      return choose_redo(set, history, request);
  }
  return {};
}

Version version_after(const History& history, const std::vector<Chosen>& chosen) {
  std::set<Version> applied;
  for (const HistoryRow& row : history.rows) {
    if (row.state == State::applied) {
      applied.insert(row.version);
    }
  }
  for (const Chosen& each : chosen) {
    if (each.direction == Direction::up) {
      applied.insert(each.migration->version);
    } else {
      applied.erase(each.migration->version);
    }
  }
  return applied.empty() ? 0 : *applied.rbegin();
}

}  // namespace

Plan make_plan(const MigrationSet& set, const History& history, const Request& request,
               const PlanOptions& options, const Dialect& dialect) {
  const std::vector<Chosen> chosen = choose(set, history, request, options);
  Plan plan;
  plan.from = history.current();
  plan.to = version_after(history, chosen);
  std::vector<PlannedTask> tasks;
  for (const Chosen& each : chosen) {
    PlannedTask task = plan_task(set, *each.migration, each.direction, each.first_step, dialect);
    if (request.kind == RequestKind::redo) {
      task.task.log_action = "redo";
    } else if (each.direction == Direction::up && each.migration->version < plan.from) {
      task.task.log_action = "allow-late";
    }
    const HistoryRow* row = history.find(each.migration->version);
    if (row != nullptr && row->in_flight) {
      plan.notes.push_back(label_of(task.task) + " was interrupted: a run first finds out what became of it");
    }
    if (set.find(each.migration->version) == nullptr) {
      plan.notes.push_back("the way down of " + label_of(task.task) +
                           " comes from the history: its files are not there");
    }
    tasks.push_back(std::move(task));
  }
  plan.units = group_tasks(std::move(tasks), options, dialect.traits());
  return plan;
}

bool same_work(const Plan& a, const Plan& b) {
  const auto flat = [](const Plan& plan) {
    std::vector<std::pair<Version, Direction>> work;
    for (const PlannedUnit& unit : plan.units) {
      for (const Task& task : unit.work.tasks) {
        work.emplace_back(task.version, task.direction);
      }
    }
    return work;
  };
  return flat(a) == flat(b);
}

}  // namespace toolkit

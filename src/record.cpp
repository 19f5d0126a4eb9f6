#include <nlohmann/json.hpp>

#include <algorithm>

#include "migrator_parts.hpp"
#include "plan_parts.hpp"

namespace toolkit {

namespace {

const HistoryRow& require_row(const History& history, Version version) {
  const HistoryRow* row = history.find(version);
  if (row == nullptr) {
    throw Error(ErrorKind::usage, "version " + std::to_string(version) + " is not recorded in this database",
                "'toolkit status' shows what is");
  }
  return *row;
}

void require_decision(const HistoryRow& row, Settlement decision, const MigrationSet& set) {
  const bool open = row.state == State::applying || row.state == State::reverting;
  const bool forgettable = row.state == State::applied && set.find(row.version) == nullptr;
  if (decision == Settlement::forgotten ? !forgettable : !open) {
    throw Error(ErrorKind::usage,
                "version " + std::to_string(row.version) + " is " + std::string(to_string(row.state)) +
                    " and needs no decision",
                decision == Settlement::forgotten
                    ? "only an applied version without files can be forgotten"
                    : "only an interrupted or half finished version is settled; to record one "
                      "as applied without running it use 'toolkit baseline --only'");
  }
}

Task task_of(const HistoryRow& row, const Migration* migration, const MigrationSet& set,
             const Dialect& dialect) {
  if (migration != nullptr) {
    return plan_task(set, *migration, Direction::up, 1, dialect).task;
  }
  Task task;
  task.version = row.version;
  task.name = row.name;
  task.step_count = row.steps;
  task.dialect = row.dialect;
  task.up_checksum = row.up_checksum;
  task.down_checksum = row.down_checksum;
  task.step_checksums = row.step_checksums;
  task.down_steps = "[]";
  return task;
}

/// Whether the history's row moves too. A row of this number under another name is another version's.
bool require_renumbering(const History& history, const Renumbering& renumbering, bool move_applied) {
  const HistoryRow* row = history.find(renumbering.from);
  if (row == nullptr || row->name != renumbering.name || row->state == State::pending ||
      row->state == State::reverted) {
    return false;
  }
  if (row->state != State::applied) {
    throw in_between(*row, nullptr);
  }
  if (history.find(renumbering.to) != nullptr) {
    throw Error(ErrorKind::usage,
                "the history of this database knows a version " + std::to_string(renumbering.to) + " already",
                "choose another number with --to");
  }
  if (!move_applied) {
    throw Error(ErrorKind::usage,
                "version " + std::to_string(row->version) + "_" + row->name + " is applied in this database",
                "to move it here too add --move-applied; every other database that has applied it needs the "
                "same, else it would run again under its new number");
  }
  return true;
}

}  // namespace

Parameters record_parameters(const Task& task, const RunContext& context, State state, Origin origin) {
  Parameters values = claim_parameters(task, context, UnitKind::transaction);
  values["state"] = std::string(to_string(state));
  values["origin"] = std::string(to_string(origin));
  values["step"] = std::int64_t{state == State::applied ? task.step_count : 0};
  return values;
}

std::vector<Version> Migrator::baseline(Version version, bool only, RunObserver& observer) {
  const MigrationSet& set = parts_->migrations();
  if (set.find(version) == nullptr) {
    throw Error(ErrorKind::usage, "there is no version " + std::to_string(version),
                "'toolkit list' shows those that are");
  }
  const std::unique_ptr<RunnerLock> lock = parts_->take_lock(observer);
  if (!parts_->read_history().exists) {
    parts_->create_history();
  }
  const History history = parts_->read_history();
  parts_->refuse_half_loaded(history);
  const RunContext context = parts_->make_context();
  std::vector<Version> recorded;
  in_transaction(parts_->open(), parts_->dialect->traits(), [&] {
    for (const Migration& migration : set.migrations) {
      const HistoryRow* row = history.find(migration.version);
      const bool free = row == nullptr || row->state == State::pending || row->state == State::reverted;
      const bool between =
          row != nullptr && (row->state == State::applying || row->state == State::reverting);
      if (between && migration.version <= version && (!only || migration.version == version)) {
        throw in_between(*row, &migration);
      }
      if (!free || migration.version > version || (only && migration.version != version)) {
        continue;
      }
      const Task task = plan_task(set, migration, Direction::up, 1, *parts_->dialect).task;
      parts_->open().query(context.sql.record,
                           record_parameters(task, context, State::applied, Origin::baseline), 0);
      parts_->open().query(context.sql.log, log_parameters(context, "baseline", migration.version, "{}"), 0);
      recorded.push_back(migration.version);
    }
  });
  return recorded;
}

void Migrator::settle(Version version, Settlement decision, RunObserver& observer) {
  const MigrationSet& set = parts_->migrations();
  require_row(parts_->read_history(), version);
  const std::unique_ptr<RunnerLock> lock = parts_->take_lock(observer);
  const History history = parts_->read_history();
  const HistoryRow& row = require_row(history, version);
  require_decision(row, decision, set);
  const RunContext context = parts_->make_context();
  const Task task = task_of(row, set.find(version), set, *parts_->dialect);
  const State state = decision == Settlement::applied                                   ? State::applied
                      : decision == Settlement::pending && row.state == State::applying ? State::pending
                                                                                        : State::reverted;
  const nlohmann::ordered_json detail = {
      {"from", to_string(row.state)}, {"to", to_string(state)}, {"step", row.step}, {"run_id", row.run_id}};
  in_transaction(parts_->open(), parts_->dialect->traits(), [&] {
    parts_->open().query(context.sql.record, record_parameters(task, context, state, Origin::settled), 0);
    parts_->open().query(context.sql.log, log_parameters(context, "settle", version, detail.dump()), 0);
  });
}

void Migrator::renumber(const Renumbering& renumbering, bool move_applied, RunObserver& observer) {
  const std::unique_ptr<RunnerLock> lock = parts_->take_lock(observer);
  const History history = parts_->read_history();
  const bool moves_row = require_renumbering(history, renumbering, move_applied);
  if (!moves_row && renumbering.moves.empty()) {
    throw Error(ErrorKind::usage,
                "no file has the number " + std::to_string(renumbering.from) +
                    ", and this database has not applied it as " + renumbering.name,
                "there is nothing to renumber here");
  }
  if (!history.exists) {
    move_files(renumbering.moves);
    return;
  }
  const RunContext context = parts_->make_context();
  const nlohmann::ordered_json detail = {{"from", std::to_string(renumbering.from)},
                                         {"to", std::to_string(renumbering.to)},
                                         {"name", renumbering.name},
                                         {"applied", moves_row}};
  in_transaction(
      parts_->open(), parts_->dialect->traits(),
      [&] {
        if (moves_row) {
          parts_->open().query(
              context.sql.renumber,
              {{"version", renumbering.from}, {"name", renumbering.name}, {"to", renumbering.to}}, 0);
        }
        parts_->open().query(context.sql.log,
                             log_parameters(context, "renumber", renumbering.to, detail.dump()), 0);
        move_files(renumbering.moves);
      },
      [&] { move_files_back(renumbering.moves); });
}

}  // namespace toolkit

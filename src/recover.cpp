#include "recover.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "plan_parts.hpp"
#include "stored_down.hpp"

namespace toolkit {

namespace {

using Json = nlohmann::ordered_json;

bool goes_up(const HistoryRow& row) { return row.state == State::applying; }

Error undecided(const HistoryRow& row, const Migration* migration, const std::string& why,
                const std::string& advice) {
  ErrorDetails details;
  details.kind = ErrorKind::unsettled;
  details.version = row.version;
  details.message = interrupted_where(row, migration) + ", and " + why;
  details.advice = advice;
  return Error(std::move(details));
}

/// Between two looks at the history the row lost its intent: where the lock does not hold, its runner lives.
Error moved_on(const HistoryRow& row) {
  ErrorDetails details;
  details.kind = ErrorKind::lock;
  details.version = row.version;
  details.claim_lost = true;
  details.message = "another runner is at work on version " + std::to_string(row.version);
  details.advice = "run again when it has ended; 'toolkit status' shows how far it is";
  return Error(std::move(details));
}

/// What the claim remembers of the statement that is in flight.
std::string mark_of(Migrator::Parts& parts, const HistoryRow& row) {
  const Rows mark = parts.open().query(parts.sql.read_mark, {{"version", row.version}}, 1);
  if (mark.empty() || !mark[0].at(0)) {
    throw moved_on(row);
  }
  return *mark[0][0];
}

/// The statement must be the one that was sent: an edited file would be judged by another's effects.
void require_same_step(const HistoryRow& row, const Migration& migration) {
  const Script& script = goes_up(row) ? migration.up : migration.down;
  const Json recorded = Json::parse(row.step_checksums, nullptr, false);
  const char* direction = goes_up(row) ? "up" : "down";
  const auto index = static_cast<std::size_t>(row.step);
  if (recorded.is_object() && recorded.contains(direction) && recorded[direction].size() > index &&
      index < script.steps.size()) {
    const Step& step = script.steps[index];
    const auto& also = step.directives.also_checksums;
    const std::string sent = recorded[direction][index].get<std::string>();
    if (sent == step.checksum || std::find(also.begin(), also.end(), sent) != also.end()) {
      return;
    }
  }
  throw undecided(
      row, &migration, "its file has changed since, so nobody can say what was sent",
      "restore the file, then run again; or look at the database and say which it is: " + two_ways_out(row));
}

Task interrupted_task(Migrator::Parts& parts, const HistoryRow& row) {
  const MigrationSet& set = parts.migrations();
  const Direction direction = goes_up(row) ? Direction::up : Direction::down;
  if (const Migration* migration = set.find(row.version)) {
    require_same_step(row, *migration);
    return plan_task(set, *migration, direction, row.step + 1, *parts.dialect).task;
  }
  if (goes_up(row)) {
    throw undecided(row, nullptr, "its file is not there any more",
                    "bring the file back and run again; or look at the database and say which it is: " +
                        two_ways_out(row));
  }
  const Rows stored = parts.open().query(parts.sql.read_down_steps, {{"version", row.version}}, 2);
  const ScriptSyntax syntax =
      parts.dialect->script_syntax(parts.open().server().flavour, parts.options.sql_mode);
  const Migration migration = migration_from_history(row, stored.at(0).at(0).value_or(""), syntax);
  require_same_step(row, migration);
  return plan_task(set, migration, direction, row.step + 1, *parts.dialect).task;
}

std::string states_of(const Judgement& judgement) {
  std::string text;
  if (!judgement.before.empty()) {
    text += "\nbefore: " + judgement.before;
  }
  if (!judgement.now.empty()) {
    text += "\nnow:    " + judgement.now;
  }
  return text;
}

/// The claim keeps the name of the run that made it; who settled it stands in the log.
void record(Migrator::Parts& parts, const HistoryRow& row, const Task& task, const Judgement& judgement,
            const RunContext& context) {
  RunContext of_claim = context;
  of_claim.run_id = row.run_id;
  const bool took_effect = judgement.verdict == Verdict::took_effect;
  const bool is_last = task.steps.size() < 2;
  const Json detail = {{"from", to_string(row.state)},
                       {"step", row.step + 1},
                       {"took_effect", took_effect},
                       {"evidence", judgement.evidence},
                       {"by", "toolkit"},
                       {"claimed_by", row.applied_by},
                       {"run_id", row.run_id}};
  in_transaction(parts.open(), parts.dialect->traits(), [&] {
    if (took_effect && is_last) {
      parts.open().query(context.sql.finish, finish_parameters(task, of_claim), 0);
    } else {
      parts.open().query(context.sql.take_back,
                         take_back_parameters(task, of_claim, row.step + (took_effect ? 1 : 0)), 0);
    }
    parts.open().query(context.sql.log,
                       log_parameters(context, "settle", row.version,
                                      detail.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)),
                       0);
  });
}

void settle_row(Migrator::Parts& parts, const HistoryRow& row, const RunContext& context,
                RunObserver& observer) {
  const Task task = interrupted_task(parts, row);
  const Migration* migration = parts.migrations().find(row.version);
  Judgement judgement;
  if (task.steps.empty()) {
    judgement = {Verdict::left_nothing, "there is no statement to run", "", ""};
  } else {
    judgement = parts.open().settle({task, mark_of(parts, row)}, context, observer);
  }
  if (judgement.verdict == Verdict::undecided) {
    throw undecided(
        row, migration,
        "whether its statement took effect cannot be told: " + judgement.evidence + states_of(judgement),
        "look at the database, then say which it is: " + two_ways_out(row));
  }
  record(parts, row, task, judgement, context);
  observer.note(nullptr,
                "version " + label(row, migration) + " was interrupted (by " + row.applied_by + " at " +
                    row.started_at + "): its statement " +
                    (judgement.verdict == Verdict::took_effect ? "took effect" : "left nothing behind") +
                    " (" + judgement.evidence + ")");
}

}  // namespace

std::vector<Version> settle_interrupted(Migrator::Parts& parts, const History& history,
                                        const RunContext& context, RunObserver& observer) {
  std::vector<Version> settled;
  for (const HistoryRow& row : history.rows) {
    if ((row.state == State::applying || row.state == State::reverting) && row.in_flight) {
      settle_row(parts, row, context, observer);
      settled.push_back(row.version);
    }
  }
  return settled;
}

void log_accepted_edits(Migrator::Parts& parts, const History& history, const RunContext& context) {
  for (const HistoryRow& row : history.rows) {
    const Migration* migration = parts.migrations().find(row.version);
    if (row.state != State::applied || migration == nullptr) {
      continue;
    }
    for (const auto& [direction, recorded, script] :
         {std::tuple("up", &row.up_checksum, &migration->up),
          std::tuple("down", &row.down_checksum, &migration->down)}) {
      const bool accepted =
          !recorded->empty() && *recorded != script->checksum && accepts(*script, *recorded);
      if (!accepted) {
        continue;
      }
      const Json detail = {{"direction", direction}, {"recorded", *recorded}, {"now", script->checksum}};
      Parameters values = log_parameters(context, "also-checksum", row.version, detail.dump());
      const Parameters asked = {
          {"action", values["action"]}, {"version", values["version"]}, {"detail", values["detail"]}};
      if (parts.open().query(context.sql.find_log, asked, 1).empty()) {
        parts.open().query(context.sql.log, values, 0);
      }
    }
  }
}

}  // namespace toolkit

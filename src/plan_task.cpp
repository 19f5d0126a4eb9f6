#include <nlohmann/json.hpp>

#include <algorithm>

#include "plan_parts.hpp"
#include "stored_down.hpp"

namespace toolkit {

namespace {

using Json = nlohmann::ordered_json;

Json checksums_of(const Script& script) {
  Json list = Json::array();
  for (const Step& step : script.steps) {
    list.push_back(step.checksum);
  }
  return list;
}

// *Persistent*: what a row keeps of both directions, so that a resume and a down without files can be
// checked.
std::string step_checksums(const Migration& migration) {
  return Json{{"up", checksums_of(migration.up)}, {"down", checksums_of(migration.down)}}.dump();
}

std::vector<Step> steps_to_run(const Script& script, int first_step) {
  std::vector<Step> steps;
  std::copy_if(script.steps.begin(), script.steps.end(), std::back_inserter(steps),
               [first_step](const Step& step) { return step.number >= first_step && !step.sql.empty(); });
  return steps;
}

std::vector<Step> steps_before(const Script& script, int first_step) {
  std::vector<Step> steps;
  std::copy_if(script.steps.begin(), script.steps.end(), std::back_inserter(steps),
               [first_step](const Step& step) { return step.number < first_step && !step.sql.empty(); });
  return steps;
}

void require_reason_for_no_transaction(const Step& step, const StatementTraits& traits,
                                       const Dialect& dialect) {
  if (step.directives.no_transaction && !traits.refuses_transaction &&
      dialect.traits().no_transaction_only_where_refused) {
    throw error_at(ErrorKind::files,
                   "no-transaction is only for a statement that refuses a transaction, and this one does not",
                   step.path, step.file_text, step.offset + step.first_token,
                   "remove the directive: without it the statement and its history row commit together");
  }
}

void apply_statement_traits(PlannedTask& planned, const Dialect& dialect) {
  for (const Step& step : planned.task.steps) {
    const StatementTraits traits = dialect.statement_traits(step.sql);
    require_reason_for_no_transaction(step, traits, dialect);
    if (traits.refuses_transaction && !planned.no_transaction) {
      planned.no_transaction = true;
      planned.reason = "this statement refuses a transaction";
    }
    planned.ends_group = planned.ends_group || traits.ends_group;
    if (traits.drops_table) {
      planned.foreign_keys_off = true;
    }
  }
  if (planned.foreign_keys_off && planned.reason.empty()) {
    planned.reason = "a table is dropped or rebuilt: foreign keys are off, and checked before the commit";
  }
}

}  // namespace

PlannedTask plan_task(const MigrationSet& set, const Migration& migration, Direction direction,
                      int first_step, const Dialect& dialect) {
  const Script& script = direction == Direction::up ? migration.up : migration.down;
  PlannedTask planned;
  Task& task = planned.task;
  task.version = migration.version;
  task.digits = migration.digits;
  task.name = migration.name;
  task.direction = direction;
  task.steps = steps_to_run(script, first_step);
  task.first_step = first_step;
  task.finished_steps = steps_before(script, first_step);
  task.step_count = static_cast<int>(script.steps.size());
  task.up_step_count = static_cast<int>(migration.up.steps.size());
  task.dialect = set.dialect;
  task.up_checksum = migration.up.checksum;
  task.down_checksum = migration.down.checksum;
  task.step_checksums = step_checksums(migration);
  task.down_steps = down_steps_json(migration.down);
  planned.no_transaction = script.no_transaction();
  planned.reason = planned.no_transaction ? "the file asks for no transaction" : "";
  apply_statement_traits(planned, dialect);
  return planned;
}

int resume_step(const HistoryRow& row, const Script& script) {
  const auto recorded = Json::parse(row.step_checksums, nullptr, false);
  const char* direction = row.state == State::applying ? "up" : "down";
  for (int step = 1; step <= row.step; ++step) {
    const auto index = static_cast<std::size_t>(step - 1);
    const bool known =
        recorded.is_object() && recorded.contains(direction) && recorded[direction].size() > index;
    if (!known || index >= script.steps.size() ||
        recorded[direction][index] != script.steps[index].checksum) {
      throw Error(ErrorKind::unsettled,
                  "step " + std::to_string(step) + " of version " + std::to_string(row.version) +
                      " is done, but its file has changed or is gone since",
                  "restore the file to go on after it, or decide with 'toolkit settle " +
                      std::to_string(row.version) + " --as applied|pending'");
    }
  }
  return row.step + 1;
}

void require_down(const HistoryRow& row, const Migration& migration) {
  if (migration.down.irreversible) {
    ErrorDetails details;
    details.kind = ErrorKind::files;
    details.version = row.version;
    details.position.path = migration.down.steps.front().path;
    details.message = "version " + migration.digits + "_" + migration.name +
                      " cannot be taken down: " + *migration.down.irreversible;
    details.advice = "nothing was run; choose a target at or above it, or restore a backup";
    throw Error(std::move(details));
  }
  if (row.down_checksum.empty() || accepts(migration.down, row.down_checksum)) {
    return;
  }
  ErrorDetails details;
  details.kind = ErrorKind::changed;
  details.version = row.version;
  details.position.path = migration.down.steps.front().path;
  details.message = "the down of version " + migration.digits + "_" + migration.name +
                    " was changed after the up was applied (recorded " + row.down_checksum + ", now " +
                    migration.down.checksum + ")";
  details.advice =
      "restore the file; or, where the new text is the right way back, add the line '-- toolkit: "
      "also-checksum " +
      row.down_checksum + "' to it";
  throw Error(std::move(details));
}

Error in_between(const HistoryRow& row, const Migration* migration) {
  if (row.in_flight) {
    return error_of(unsettled(row, migration));
  }
  const std::string version = std::to_string(row.version);
  return {
      ErrorKind::unsettled,
      "version " + label(row, migration) + " is half finished (" + std::string(to_string(row.state)) +
          ", step " + std::to_string(row.step) + " of " + std::to_string(row.steps) + " done)",
      "go on with it: 'toolkit up'; or decide: 'toolkit settle " + version +
          " --as applied' when the rest was done by hand, '--as pending' when all of it was undone by hand"};
}

Error down_without_file(const HistoryRow& row) {
  const std::string version = std::to_string(row.version);
  return {ErrorKind::missing,
          "version " + version + "_" + row.name + " is applied but its down file is not there",
          "bring its files back from version control, or use the way back that the history keeps: "
          "--from-history"};
}

}  // namespace toolkit

#include "stored_down.hpp"

#include <nlohmann/json.hpp>

#include <utility>

#include "toolkit/checksum.hpp"
#include "toolkit/error.hpp"

namespace toolkit {

namespace {

using Json = nlohmann::ordered_json;

Error unreadable(const HistoryRow& row) {
  return {
      ErrorKind::server,
      "the way back that the history keeps for version " + std::to_string(row.version) + " cannot be read",
      "bring the version's files back from version control"};
}

Step step_from(const Json& stored, const HistoryRow& row, int number, const ScriptSyntax& syntax) {
  if (!stored.is_object() || !stored.contains("sql") || !stored["sql"].is_string() ||
      !stored.value("no_transaction", Json(false)).is_boolean()) {
    throw unreadable(row);
  }
  Step step;
  step.number = number;
  step.path = "(history) " + std::to_string(row.version) + "_" + row.name + ".down." +
              std::to_string(number) + ".sql";
  step.file_text = stored["sql"].get<std::string>();
  step.checksum = checksum_of_text(step.file_text);
  step.directives.no_transaction = stored.value("no_transaction", false);
  if (stored.contains("irreversible") && stored["irreversible"].is_string()) {
    step.directives.irreversible = stored["irreversible"].get<std::string>();
  }
  const ScannedScript scanned = scan_migration(step.file_text, syntax, step.path);
  if (!scanned.statements.empty()) {
    const StatementRange& statement = scanned.statements.front();
    step.offset = statement.send_begin;
    step.sql = step.file_text.substr(statement.send_begin, statement.end - statement.send_begin);
    step.first_token = statement.begin - statement.send_begin;
  }
  return step;
}

}  // namespace

std::string down_steps_json(const Script& down) {
  Json list = Json::array();
  for (const Step& step : down.steps) {
    Json entry = {{"sql", canonical_text(step.file_text)},
                  {"no_transaction", step.directives.no_transaction}};
    if (step.directives.irreversible) {
      entry["irreversible"] = *step.directives.irreversible;
    }
    list.push_back(std::move(entry));
  }
  return list.dump();
}

Migration migration_from_history(const HistoryRow& row, const std::string& down_steps,
                                 const ScriptSyntax& syntax) {
  const Json stored = Json::parse(down_steps, nullptr, false);
  if (!stored.is_array() || stored.empty()) {
    throw unreadable(row);
  }
  Migration migration;
  migration.version = row.version;
  migration.digits = std::to_string(row.version);
  migration.name = row.name;
  migration.up.checksum = row.up_checksum;
  migration.up.steps.resize(static_cast<std::size_t>(row.steps));
  migration.down.level = "history";
  std::vector<std::string> checksums;
  for (const Json& entry : stored) {
    Step step = step_from(entry, row, static_cast<int>(checksums.size()) + 1, syntax);
    checksums.push_back(step.checksum);
    if (step.directives.irreversible) {
      migration.down.irreversible = step.directives.irreversible;
    }
    migration.down.steps.push_back(std::move(step));
  }
  migration.down.checksum = checksum_of_steps(checksums);
  if (migration.down.checksum != row.down_checksum) {
    throw Error(ErrorKind::changed,
                "the way back that the history keeps for version " + std::to_string(row.version) +
                    " does not have the checksum that was recorded with it (recorded " + row.down_checksum +
                    ", is " + migration.down.checksum + ")",
                "somebody edited the history; bring the version's files back from version control");
  }
  return migration;
}

}  // namespace toolkit

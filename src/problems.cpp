#include <algorithm>

#include "plan_parts.hpp"

namespace toolkit {

namespace {

std::string first_path(const Script& script) {
  return script.steps.empty() ? std::string() : script.steps.front().path;
}

Problem missing(const HistoryRow& row, bool ahead) {
  return {
      ErrorKind::missing,
      row.version,
      "version " + label(row, nullptr) + " is recorded as applied but has no file" +
          (ahead ? ": it is newer than every file here" : ""),
      std::string(ahead ? "use the newer checkout that applied it; or start this one all the same with "
                          "--allow-ahead; or "
                        : "") +
          "bring its files back from version control; or, where they are gone for good: 'toolkit settle " +
          std::to_string(row.version) + " --as forgotten'",
      {}};
}

Problem changed(const HistoryRow& row, const Migration& migration) {
  return {
      ErrorKind::changed, row.version,
      "version " + label(row, &migration) + " was changed after it was applied (applied " + row.up_checksum +
          ", now " + migration.up.checksum + ")",
      "restore the file and write the change as a new migration; or, where the new text means the same, add "
      "the line '-- toolkit: also-checksum " +
          row.up_checksum + "' to it",
      first_path(migration.up)};
}

/// No decision is needed: the next run goes on. Shown so that nobody wonders.
Problem half_finished(const HistoryRow& row, const Migration* migration) {
  return {ErrorKind::findings,
          row.version,
          "version " + label(row, migration) + " is half finished: step " + std::to_string(row.step) +
              " of " + std::to_string(row.steps) + " is done (" + std::string(to_string(row.state)) + ")",
          row.state == State::applying ? "'toolkit up' goes on with the next step"
                                       : "'toolkit down' goes on with the next step",
          {}};
}

Problem late(const Migration& migration, Version current) {
  return {ErrorKind::late, migration.version,
          "version " + migration.digits + "_" + migration.name + " is late: version " +
              std::to_string(current) + " is applied already",
          "run it now with --allow-late; or give it a number above " + std::to_string(current) +
              ": 'toolkit renumber " + migration.digits +
              "'; or record it without running: 'toolkit baseline --only " + migration.digits + "'",
          first_path(migration.up)};
}

bool is_pending(const HistoryRow* row) {
  return row == nullptr || row->state == State::pending || row->state == State::reverted;
}

}  // namespace

bool accepts(const Script& script, const std::string& checksum) {
  return script.checksum == checksum ||
         std::any_of(script.steps.begin(), script.steps.end(), [&](const Step& step) {
           const auto& also = step.directives.also_checksums;
           return std::find(also.begin(), also.end(), checksum) != also.end();
         });
}

bool is_ahead(const MigrationSet& set, Version version) {
  return set.migrations.empty() || version > set.migrations.back().version;
}

std::string two_ways_out(const HistoryRow& row) {
  const bool up = row.state == State::applying;
  const std::string version = std::to_string(row.version);
  return "'toolkit settle " + version + " --as applied' if " +
         (up ? "it took effect" : "it did not take effect and the version is still there") +
         ", 'toolkit settle " + version + " --as pending' if " + (up ? "it did not" : "the version is gone");
}

std::string label(const HistoryRow& row, const Migration* migration) {
  return (migration == nullptr ? std::to_string(row.version) : migration->digits) + "_" + row.name;
}

std::string interrupted_where(const HistoryRow& row, const Migration* migration) {
  return "version " + label(row, migration) + " was interrupted while " + std::string(to_string(row.state)) +
         " (step " + std::to_string(row.step + 1) + " of " + std::to_string(row.steps) + ", by " +
         row.applied_by + " at " + row.started_at + ")";
}

Problem unsettled(const HistoryRow& row, const Migration* migration) {
  return {
      ErrorKind::unsettled,
      row.version,
      interrupted_where(row, migration) + "; whether its statement took effect is not known yet",
      "the next run finds out, or asks; or look at the database and say which it is: " + two_ways_out(row),
      {}};
}

std::vector<Problem> find_problems(const MigrationSet& set, const History& history) {
  std::vector<Problem> problems;
  for (const HistoryRow& row : history.rows) {
    const Migration* migration = set.find(row.version);
    if ((row.state == State::applying || row.state == State::reverting) && row.in_flight) {
      problems.push_back(unsettled(row, migration));
    } else if (row.state == State::applying || row.state == State::reverting) {
      problems.push_back(half_finished(row, migration));
    } else if (row.state == State::applied && migration == nullptr) {
      problems.push_back(missing(row, is_ahead(set, row.version)));
    } else if (row.state == State::applied && !accepts(migration->up, row.up_checksum)) {
      problems.push_back(changed(row, *migration));
    }
  }
  const Version current = history.current();
  for (const Migration& migration : set.migrations) {
    if (migration.version < current && is_pending(history.find(migration.version))) {
      problems.push_back(late(migration, current));
    }
  }
  std::stable_sort(problems.begin(), problems.end(),
                   [](const Problem& a, const Problem& b) { return a.version < b.version; });
  return problems;
}

Error error_of(const Problem& problem) {
  ErrorDetails details;
  details.kind = problem.kind;
  details.message = problem.message;
  details.advice = problem.advice;
  details.version = problem.version;
  details.position.path = problem.path;
  return Error(std::move(details));
}

}  // namespace toolkit

#include <algorithm>

#include "migrator_parts.hpp"

namespace toolkit {

namespace {

/// A problem's word stands in place of the stored state: it is what a person must know first.
std::string shown_state(const std::vector<Problem>& problems, Version version, const std::string& stored) {
  for (const Problem& problem : problems) {
    if (problem.version != version) {
      continue;
    }
    switch (problem.kind) {
      case ErrorKind::changed:
        return "changed";
      case ErrorKind::missing:
        return "missing";
      case ErrorKind::late:
        return "late";
      default:
        break;
    }
  }
  return stored;
}

StatusLine line_of(const Migration& migration, const HistoryRow* row, const std::vector<Problem>& problems) {
  StatusLine line;
  line.version = migration.version;
  line.digits = migration.digits;
  line.name = migration.name;
  line.up_checksum = migration.up.checksum;
  line.state = shown_state(problems, migration.version,
                           row == nullptr ? "pending" : std::string(to_string(row->state)));
  if (row != nullptr) {
    line.up_checksum = row->up_checksum;
    line.duration_ms = row->duration_ms;
  }
  if (row != nullptr && row->state == State::applied) {
    line.applied_at = row->finished_at;
  }
  return line;
}

/// An open intent under a held lock is a version at work, not one that was interrupted. Asks the server only
/// where there is such a version.
void tell_what_still_runs(Connection& database, const HistoryPlace& place, std::vector<Problem>& problems) {
  std::optional<LockState> lock;
  for (Problem& problem : problems) {
    if (problem.kind != ErrorKind::unsettled) {
      continue;
    }
    if (!lock) {
      lock = database.lock_state(place);
    }
    if (lock->holder) {
      problem.kind = ErrorKind::findings;
      problem.message += "; a runner holds the lock, so it may be at work: " + describe(*lock->holder);
      problem.advice = "wait for it; 'toolkit lock status' shows it";
    }
  }
}

StatusLine line_without_file(const HistoryRow& row, const std::vector<Problem>& problems) {
  StatusLine line;
  line.version = row.version;
  line.digits = std::to_string(row.version);
  line.name = row.name;
  line.up_checksum = row.up_checksum;
  line.duration_ms = row.duration_ms;
  line.state = shown_state(problems, row.version, std::string(to_string(row.state)));
  line.applied_at = row.state == State::applied ? row.finished_at : "";
  return line;
}

}  // namespace

LockState Migrator::lock_state() {
  Connection& database = parts_->open();
  return database.lock_state(parts_->place);
}

std::vector<ServerNote> Migrator::inspect() { return parts_->open().inspect(); }

StatusReport Migrator::status() {
  const MigrationSet& set = parts_->migrations();
  const History history = parts_->read_history();
  StatusReport report;
  report.server = parts_->open().server();
  report.has_history = history.exists;
  report.current = history.current();
  report.problems = find_problems(set, history);
  tell_what_still_runs(parts_->open(), parts_->place, report.problems);
  try {
    parts_->refuse_half_loaded(history);
  } catch (const Error& half) {
    report.problems.push_back({half.kind(), 0, half.details().message, half.details().advice, ""});
  }
  for (const Migration& migration : set.migrations) {
    report.migrations.push_back(line_of(migration, history.find(migration.version), report.problems));
  }
  for (const HistoryRow& row : history.rows) {
    // A version that is pending or reverted and has no file is nothing that anybody waits for.
    if (set.find(row.version) == nullptr && row.state != State::pending && row.state != State::reverted) {
      report.migrations.push_back(line_without_file(row, report.problems));
    }
  }
  std::sort(report.migrations.begin(), report.migrations.end(),
            [](const StatusLine& a, const StatusLine& b) { return a.version < b.version; });
  for (const StatusLine& line : report.migrations) {
    ++report.counts[line.state];
  }
  return report;
}

}  // namespace toolkit

#include <sqlite3.h>

#include "connection.hpp"
#include "dialect.hpp"
#include "errors.hpp"
#include "file_system.hpp"
#include "native.hpp"
#include "script_syntax.hpp"

namespace toolkit::sqlite {

namespace {

/// VACUUM INTO refuses a file that is there, and an interrupted one may have left half a file.
bool writes_a_copy(std::string_view statement) {
  const std::vector<std::string> words = leading_words(statement, script_syntax(), 3);
  return !words.empty() && words.front() == "VACUUM" && words.back() == "INTO";
}

}  // namespace

// What refuses a transaction here (VACUUM, some PRAGMAs) gives the same when it runs once more; the plan lets
// nothing else run outside of one.
Judgement SqliteConnection::settle(const Interrupted& interrupted, const RunContext&, RunObserver&) {
  const Step& step = interrupted.task.steps.front();
  if (SqliteDialect().statement_traits(step.sql).refuses_transaction && !writes_a_copy(step.sql)) {
    return {Verdict::left_nothing, "running this statement again gives the same", "", ""};
  }
  if (step.directives.applied_if) {
    const MigrationAuthorizer authorizer(handle(), {});
    const NativeOutcome outcome = run_native(handle(), *step.directives.applied_if);
    if (outcome.code != SQLITE_OK || outcome.has_parameter || outcome.has_rest) {
      return {Verdict::undecided, "its probe failed: " + last_error(handle()).message, "", ""};
    }
    const std::string said = outcome.first_column.empty() ? std::string() : outcome.first_column.front();
    return {says_yes(said) ? Verdict::took_effect : Verdict::left_nothing,
            "its probe answers " + (said.empty() ? "nothing" : "'" + said + "'"), "", ""};
  }
  return {Verdict::undecided,
          writes_a_copy(step.sql) ? "the copy that it writes may be whole, half or absent"
                                  : "the toolkit would have run it in a transaction",
          "", ""};
}

// BEGIN IMMEDIATE is the lock, and it lives for one version: between two there is no holder to show.
LockState SqliteConnection::lock_state(const HistoryPlace&) {
  LockState state;
  const int writer = writer_of(server_.database);
  if (writer != 0) {
    LockHolder holder;
    holder.session = std::to_string(writer);  // the nearest thing to one: its process
    const std::string name = name_of_process(writer);
    holder.application = name.empty() ? "a process" : "the process " + name;
    holder.running = "a write transaction";
    state.holder = holder;
  }
  return state;
}

std::vector<ServerNote> SqliteConnection::inspect() {
  std::vector<ServerNote> notes;
  const std::string network = network_file_system_of(server_.database);
  if (!network.empty()) {
    notes.push_back({"file system",
                     "the file stands on " + network + ", where locks between processes may not hold",
                     "keep it on a local disk, or let one process at a time use it"});
  }
  const std::string why = why_not_writable(server_.database);
  if (!why.empty()) {
    notes.push_back({"rights", why, "run as the user that owns it"});
  }
  return notes;
}

// A file of migrations may have set them; what they cost is the file itself when the machine or the process
// stops in a transaction (sqlite.org/pragma.html). They are the session's, so nothing stays changed.
void SqliteConnection::require_safe_session(RunObserver& observer) {
  const std::string network = has_told_place_ ? std::string() : network_file_system_of(server_.database);
  has_told_place_ = true;
  if (!network.empty()) {
    observer.note(nullptr, "the file stands on " + network + ", where locks between processes may not hold");
  }
  if (server_.database == ":memory:") {
    return;
  }
  const std::string journal = first_value(handle(), "PRAGMA journal_mode");
  if (journal == "off" || journal == "memory") {
    run_native(handle(), "PRAGMA journal_mode = DELETE");
    observer.note(nullptr, "journal_mode " + journal + " would lose the file in a crash: DELETE is used");
  }
  if (first_value(handle(), "PRAGMA synchronous") == "0") {
    run_native(handle(), "PRAGMA synchronous = FULL");
    observer.note(nullptr, "synchronous OFF would lose the file in a crash: FULL is used");
  }
}

}  // namespace toolkit::sqlite

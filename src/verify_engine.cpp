#include "verify_engine.hpp"

#include <algorithm>
#include <utility>

#include "verify_database.hpp"
#include "verify_rows.hpp"
#include "verify_session.hpp"

namespace toolkit {

namespace {

using Clock = std::chrono::steady_clock;

std::int64_t milliseconds_since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count();
}

std::string first_path(const Script& script) {
  return script.steps.empty() ? std::string() : script.steps.front().path;
}

/// The failure without its trailing line end, for one cell of a report.
std::string sentence_of(const Error& failure) {
  std::string text = describe(failure.details());
  while (!text.empty() && text.back() == '\n') {
    text.pop_back();
  }
  return text;
}

class EngineRun {
 public:
  EngineRun(const Dialect& dialect, const VerifyTarget& target, const VerifyOptions& options,
            const VerifyVoice& voice)
      : dialect_(dialect), target_(target), options_(options), voice_(voice) {
    report_.engine = target.label.empty() ? target.flavour : target.label;
    report_.flavour = target.flavour;
  }

  EngineReport run() {
    try {
      begin();
      for (const Migration& migration : set_.migrations) {
        stop_if_asked();
        verify_version(migration);
      }
      finish();
    } catch (const Error& failure) {
      if (options_.migrator.stop.stop_requested()) {
        throw;
      }
      add({"start", 0, "", CheckResult::fail, sentence_of(failure), "", {}, 0});
    }
    return std::move(report_);
  }

 private:
  void begin() {
    server_ = std::make_unique<VerifyServer>(dialect_, target_);
    open_database();
    set_ = session_->migrations();
    report_.server = session_->connection().server().product + " " + session_->connection().server().version;
    report_.flavour = session_->connection().server().flavour;
    voice_.began(report_.server, set_.migrations.size());
  }

  /// A new database as it is before the first migration.
  void open_database() {
    rows_.reset();
    session_.reset();
    if (database_) {
      server_->drop_database(*database_);
    }
    database_ = server_->create_database();
    if (!options_.prepare.empty()) {
      VerifySession administrator(dialect_, server_->as_administrator(*database_), options_.migrator);
      administrator.run_file(options_.prepare);
    }
    session_ = std::make_unique<VerifySession>(dialect_, *database_, options_.migrator);
    const std::string base = reserved_file("base");
    if (!base.empty()) {
      session_->run_file(base);
    }
    rows_ = options_.rows ? std::make_unique<SampleRows>(session_->connection(), dialect_, options_.seed)
                          : nullptr;
  }

  /// The file of that name for this dialect: its own, its fallback's, the shared one; empty for none.
  std::string reserved_file(const std::string& stem) const {
    const std::map<std::string, std::string> reserved = read_folder(options_.migrator.folder).reserved;
    std::vector<std::string> names = {stem + "." + report_.flavour + ".sql"};
    names.push_back(stem + "." + dialect_.traits().name + ".sql");
    names.push_back(stem + ".sql");
    for (const std::string& name : names) {
      if (const auto file = reserved.find(name); file != reserved.end()) {
        return file->second;
      }
    }
    return {};
  }

  bool is_wanted(const Migration& migration) const {
    return migration.version >= options_.from.value_or(0) &&
           (!options_.only || *options_.only == migration.version);
  }

  void verify_version(const Migration& migration) {
    if (broken_) {
      if (is_wanted(migration)) {
        add(migration, "up", CheckResult::skip, "an earlier version failed", {}, first_path(migration.up));
      }
      return;
    }
    if (!is_wanted(migration)) {
      broken_ = !up(migration, "up");
      return;
    }
    const Catalog before = session_->catalog();
    take_rows(migration, before);
    if (!first_up(migration)) {
      return;
    }
    const Catalog after = session_->catalog();
    compare_rows_after(migration.up, rows_before_, after);
    down_and_up_again(migration, before, after);
    report_rows(migration);
  }

  /// Sample rows into what is new, and a look at the rows that this version may touch.
  void take_rows(const Migration& migration, const Catalog& before) {
    row_findings_.clear();
    rows_before_.clear();
    if (rows_ == nullptr) {
      return;
    }
    rows_->fill(before);
    tables_ = rows_->concerned(before, before, migration.up, migration.down);
    rows_before_ = rows_->read(before, tables_);
  }

  void compare_rows_after(const Script& script, const std::map<std::string, TableRows>& expected,
                          const Catalog& now) {
    if (rows_ == nullptr || tables_.empty()) {
      return;
    }
    rows_now_ = rows_->read(now, tables_);
    const ScriptSyntax syntax = dialect_.script_syntax(report_.flavour, options_.migrator.sql_mode);
    for (RowFinding& finding : compare_rows(expected, rows_now_, script, syntax)) {
      row_findings_.push_back(std::move(finding));
    }
  }

  void report_rows(const Migration& migration) {
    if (rows_ == nullptr || tables_.empty()) {
      return;
    }
    CheckResult result = CheckResult::pass;
    std::string reason;
    for (const RowFinding& finding : row_findings_) {
      result = finding.is_stated && result != CheckResult::fail ? CheckResult::note : CheckResult::fail;
      reason += (reason.empty() ? "" : "; ") + finding.text;
    }
    const bool failed = std::any_of(row_findings_.begin(), row_findings_.end(),
                                    [](const RowFinding& finding) { return !finding.is_stated; });
    add(migration, "rows",
        failed                        ? CheckResult::fail
        : result == CheckResult::pass ? result
                                      : CheckResult::note,
        reason, {}, first_path(migration.up));
  }

  /// The first up, over the sample rows. One that fails only because of them is a finding, not the end.
  bool first_up(const Migration& migration) {
    const auto start = Clock::now();
    const std::optional<std::string> failure = try_run(migration, Direction::up);
    if (!failure) {
      add(migration, "up", CheckResult::pass, "", {}, first_path(migration.up), milliseconds_since(start));
      return true;
    }
    if (rows_ != nullptr && !rows_before_.empty() && rebuild_to(migration)) {
      add(migration, "up", CheckResult::pass, "", {}, first_path(migration.up));
      add(migration, "rows", CheckResult::fail, "refuses existing rows: " + *failure, {},
          first_path(migration.up), milliseconds_since(start));
      return false;
    }
    add(migration, "up", CheckResult::fail, *failure, {}, first_path(migration.up),
        milliseconds_since(start));
    broken_ = true;
    return false;
  }

  std::optional<std::string> try_run(const Migration& migration, Direction direction) {
    try {
      session_->run(migration, direction);
      return std::nullopt;
    } catch (const Error& failure) {
      stop_if_asked();
      return sentence_of(failure);
    }
  }

  void down_and_up_again(const Migration& migration, const Catalog& before, const Catalog& after) {
    if (migration.down.irreversible) {
      skip_down(migration, "irreversible: " + *migration.down.irreversible);
      return;
    }
    if (const std::string why = why_unproven(migration); !why.empty()) {
      skip_down(migration, why);
      return;
    }
    const std::map<std::string, TableRows> kept = what_is_kept();
    const bool clean = down(migration, before);
    if (clean) {
      compare_rows_after(migration.down, kept, before);
    }
    if (!clean || !up(migration, "up-again")) {
      require_rebuilt(migration);
      return;
    }
    compare(migration, "up-again", after, migration.up);
  }

  void skip_down(const Migration& migration, const std::string& why) {
    add(migration, "down", CheckResult::skip, why, {}, first_path(migration.down));
  }

  /// The rows, and of these the columns, that the up has left as they were: the down must leave them too.
  std::map<std::string, TableRows> what_is_kept() const {
    std::map<std::string, TableRows> kept;
    for (const auto& [name, before] : rows_before_) {
      const auto now = rows_now_.find(name);
      if (now != rows_now_.end()) {
        kept[name] = common_rows(before, now->second);
      }
    }
    return kept;
  }

  std::string why_unproven(const Migration& migration) const {
    for (const Step& step : migration.down.steps) {
      const std::string_view why = dialect_.statement_traits(step.sql).unproven;
      if (!why.empty() && !options_.sqlite_drop_column) {
        return std::string(why);
      }
    }
    return {};
  }

  bool up(const Migration& migration, const char* check) {
    const auto start = Clock::now();
    const std::optional<std::string> failure = try_run(migration, Direction::up);
    if (failure) {
      add(migration, check, CheckResult::fail, *failure, {}, first_path(migration.up),
          milliseconds_since(start));
    }
    return !failure;
  }

  /// False when the database does not stand at the version before now.
  bool down(const Migration& migration, const Catalog& before) {
    const auto start = Clock::now();
    if (const std::optional<std::string> failure = try_run(migration, Direction::down)) {
      add(migration, "down", CheckResult::fail, *failure, {}, first_path(migration.down),
          milliseconds_since(start));
      return false;
    }
    return compare(migration, "down", before, migration.down, milliseconds_since(start));
  }

  /// Adds the check; true when nothing differs logically.
  bool compare(const Migration& migration, const char* check, const Catalog& expected, const Script& script,
               std::int64_t duration = 0) {
    std::vector<Difference> differences = diff(expected, session_->catalog());
    const CheckResult result = judge(differences);
    const std::string reason =
        result == CheckResult::pass ? "" : reason_of(differences, std::string_view(check) == "down");
    add(migration, check, result, reason, std::move(differences), first_path(script), duration);
    return result != CheckResult::fail;
  }

  static std::string reason_of(const std::vector<Difference>& differences, bool is_down) {
    const std::string count = std::to_string(differences.size());
    return (is_down ? "the way back does not restore the schema: " : "the second up gives another schema: ") +
           count + (differences.size() == 1 ? " difference" : " differences");
  }

  CheckResult judge(const std::vector<Difference>& differences) const {
    CheckResult result = CheckResult::pass;
    for (const Difference& difference : differences) {
      const bool counts = difference.difference_class == DifferenceClass::logical || options_.strict ||
                          (difference.difference_class == DifferenceClass::physical &&
                           dialect_.traits().restores_column_order);
      result = counts ? CheckResult::fail : std::max(result, CheckResult::note);
      if (counts) {
        break;
      }
    }
    return result;
  }

  /// A new database with everything up to this version, without rows from before, so that the rest is still
  /// proven. False when its ups do not pass there either.
  bool rebuild_to(const Migration& last) {
    voice_.note("a new database is brought to version " + last.digits + ", so that the rest is still proven");
    open_database();
    for (const Migration& migration : set_.migrations) {
      if (migration.version > last.version) {
        break;
      }
      if (try_run(migration, Direction::up)) {
        return false;
      }
    }
    return true;
  }

  void require_rebuilt(const Migration& last) {
    if (!rebuild_to(last)) {
      add(last, "up", CheckResult::fail, "it does not go up in a new database either", {},
          first_path(last.up));
      broken_ = true;
    }
  }

  void finish() {
    if (broken_) {
      add({"fresh", 0, "", CheckResult::skip, "a version failed", "", {}, 0});
      return;
    }
    report_.migrated = session_->catalog();
    report_coverage();
    verify_fresh();
    if (options_.keep) {
      report_.url = database_->display();
      report_.holder = server_->keep();
    }
  }

  void report_coverage() {
    if (rows_ == nullptr) {
      return;
    }
    std::string reason;
    for (const auto& [table, why] : rows_->not_covered()) {
      reason += (reason.empty() ? "" : "; ") + table + ": " + why;
    }
    const std::size_t missing = rows_->not_covered().size();
    add({"rows",
         0,
         "",
         missing == 0 ? CheckResult::pass : CheckResult::note,
         missing == 0 ? ""
                      : std::to_string(missing) + " of " + std::to_string(rows_->covered()) +
                            " tables are not covered by sample rows: " + reason,
         "",
         {},
         0});
  }

  void verify_fresh() {
    const std::string path = reserved_file("schema");
    if (path.empty()) {
      add({"fresh",
           0,
           "",
           CheckResult::skip,
           "there is no schema." + report_.flavour + ".sql or schema.sql beside the migrations",
           "",
           {},
           0});
      return;
    }
    const auto start = Clock::now();
    const DatabaseUrl fresh = server_->create_database();
    Check check{"fresh", 0, "", CheckResult::pass, "", path, {}, 0};
    try {
      VerifySession session(dialect_, fresh, options_.migrator);
      session.run_file(path);
      check.differences = diff(report_.migrated, session.catalog());
      check.result = judge(check.differences);
      check.reason = check.differences.empty()
                         ? ""
                         : "a fresh installation differs from a migrated one: " +
                               std::to_string(check.differences.size()) +
                               (check.differences.size() == 1 ? " difference" : " differences");
    } catch (const Error& failure) {
      check.result = CheckResult::fail;
      check.reason = sentence_of(failure);
    }
    check.duration_ms = milliseconds_since(start);
    server_->drop_database(fresh);
    add(std::move(check));
  }

  void add(const Migration& migration, const char* check, CheckResult result, std::string reason,
           std::vector<Difference> differences, std::string file, std::int64_t duration = 0) {
    add({check, migration.version, migration.digits + "_" + migration.name, result, std::move(reason),
         std::move(file), std::move(differences), duration});
  }

  void add(Check check) {
    voice_.checked(check);
    report_.checks.push_back(std::move(check));
  }

  void stop_if_asked() const {
    if (options_.migrator.stop.stop_requested()) {
      throw Error(ErrorKind::interrupted, "interrupted");
    }
  }

  const Dialect& dialect_;
  const VerifyTarget& target_;
  const VerifyOptions& options_;
  const VerifyVoice& voice_;
  EngineReport report_;
  std::unique_ptr<VerifyServer> server_;
  std::optional<DatabaseUrl> database_;
  std::unique_ptr<VerifySession> session_;
  MigrationSet set_;                  ///< outlives the sessions
  std::unique_ptr<SampleRows> rows_;  ///< null without rows
  std::set<std::string> tables_;      ///< that the version at work may touch
  std::map<std::string, TableRows> rows_before_;
  std::map<std::string, TableRows> rows_now_;
  std::vector<RowFinding> row_findings_;
  bool broken_ = false;  ///< no database stands at the version before the next one
};

}  // namespace

EngineReport verify_engine(const Dialect& dialect, const VerifyTarget& target, const VerifyOptions& options,
                           const VerifyVoice& voice) {
  return EngineRun(dialect, target, options, voice).run();
}

}  // namespace toolkit

#include "verify_engine.hpp"

#include <algorithm>
#include <utility>

#include "toolkit/schema_file.hpp"
#include "verify_version.hpp"

namespace toolkit {

namespace {

class EngineRun {
 public:
  EngineRun(const Dialect& dialect, const VerifyTarget& target, const VerifyOptions& options,
            const VerifyVoice& voice)
      : dialect_(dialect), target_(target), options_(options), voice_(voice), checks_(report_, voice) {
    report_.engine = target.label.empty() ? target.flavour : target.label;
    report_.flavour = target.flavour;
  }

  EngineReport run() {
    try {
      begin();
    } catch (const Error& failure) {
      rethrow_when_stopped();
      checks_.add_of_all("start", CheckResult::fail, sentence_of(failure));
      return std::move(report_);
    }
    for (const Migration& migration : place_->set().migrations) {
      place_->stop_if_asked();
      verify_version(migration);
    }
    try {
      finish();
    } catch (const Error& failure) {
      rethrow_when_stopped();
      checks_.add_of_all("fresh", CheckResult::fail, why_it_ends(failure));
    }
    return std::move(report_);
  }

 private:
  /// In a handler: what happens while the user stops the command is no finding.
  void rethrow_when_stopped() const {
    if (options_.migrator.stop.stop_requested()) {
      throw;
    }
  }

  /// The server went away, or something else that no statement of the set is to blame for.
  static std::string why_it_ends(const Error& failure) {
    return "verify could not go on: " + sentence_of(failure);
  }

  void begin() {
    place_ = std::make_unique<Workplace>(dialect_, target_, options_, voice_.note);
    const ServerInfo& server = place_->server();
    report_.server = server.product + " " + server.version;
    report_.flavour = server.flavour;
    voice_.began(report_.server, place_->set().migrations.size());
    refuse_what_reaches_beyond();
  }

  /// On a server that is not ours only the databases are.
  void refuse_what_reaches_beyond() const {
    if (!target_.server || options_.disposable) {
      return;
    }
    for (const Migration& migration : place_->set().migrations) {
      for (const Script* script : {&migration.up, &migration.down}) {
        for (const Step& step : script->steps) {
          const std::string_view what = dialect_.statement_traits(step.sql).beyond_database;
          if (!what.empty()) {
            throw Error(ErrorKind::usage,
                        step.path + ": the statement reaches " + std::string(what) +
                            ", beyond a database of verify's own",
                        "leave --on away for a server of verify's own, or say --disposable when this one "
                        "may be changed");
          }
        }
      }
    }
  }

  bool is_wanted(const Migration& migration) const {
    return migration.version >= options_.from.value_or(0) &&
           (!options_.only || *options_.only == migration.version);
  }

  void verify_version(const Migration& migration) {
    if (broken_) {
      if (is_wanted(migration)) {
        checks_.add(migration, "up", migration.up, CheckResult::skip, "an earlier version failed");
      }
      return;
    }
    if (!is_wanted(migration)) {
      bring_up(migration);
      return;
    }
    VersionProof proof(*place_, checks_, options_, migration);
    try {
      broken_ = !proof.prove();
    } catch (const Error& failure) {
      rethrow_when_stopped();
      broken_ = true;
      checks_.add(migration, proof.check_at(), proof.script_at(), CheckResult::fail, why_it_ends(failure));
    }
    if (!proof.locks().empty()) {
      report_.locks.push_back({migration.version, label_of(migration), proof.locks()});
    }
  }

  void bring_up(const Migration& migration) {
    std::optional<std::string> failure;
    try {
      failure = place_->run(migration, Direction::up);
    } catch (const Error& error) {
      rethrow_when_stopped();
      failure = why_it_ends(error);
    }
    broken_ = failure.has_value();
    if (broken_) {
      checks_.add(migration, "up", migration.up, CheckResult::fail, *failure);
    }
  }

  void finish() {
    if (broken_) {
      checks_.add_of_all("fresh", CheckResult::skip, "a version failed");
      return;
    }
    report_coverage();
    if (place_->has_objects_of_rows() && !place_->rebuild_to(place_->set().migrations.back())) {
      checks_.add_of_all("fresh", CheckResult::fail, "the versions do not go up without rows");
      return;
    }
    report_.migrated = place_->catalog();
    verify_fresh();
    if (options_.keep) {
      place_->keep(report_);
    }
  }

  void report_coverage() {
    const SampleRows* rows = place_->rows();
    if (rows == nullptr) {
      return;
    }
    std::string reason;
    for (const auto& [table, why] : rows->not_covered()) {
      reason += (reason.empty() ? "" : "; ") + table + ": " + why;
    }
    const std::size_t missing = rows->not_covered().size();
    if (missing > 0) {
      reason = std::to_string(missing) + " of " + std::to_string(rows->covered()) +
               " tables are not covered by sample rows: " + reason;
    }
    for (const std::string& refused : rows->given_but_refused()) {
      reason += (reason.empty() ? "" : "; ") + refused;
    }
    checks_.add_of_all("rows", reason.empty() ? CheckResult::pass : CheckResult::note, reason);
  }

  /// Empty when the file says that it holds the newest version.
  std::string why_stale(const std::string& path) const {
    const ScriptSyntax syntax = dialect_.script_syntax(report_.flavour, options_.migrator.sql_mode);
    const std::optional<Version> version =
        schema_version_of(read_file(path, options_.migrator.folder.file_size_limit), syntax, path);
    const Migration& newest = place_->set().migrations.back();
    const std::string advice = "; 'toolkit schema dump' writes it anew";
    if (!version) {
      return "it lacks the line '-- toolkit: schema-version " + newest.digits + "'" + advice;
    }
    return *version == newest.version ? ""
                                      : "it says schema-version " + std::to_string(*version) +
                                            ", the newest migration is " + label_of(newest) + advice;
  }

  void verify_fresh() {
    const std::string path = place_->reserved_file("schema");
    if (path.empty() || place_->set().migrations.empty()) {
      checks_.add_of_all(
          "fresh", CheckResult::skip,
          path.empty() ? "there is no schema." + report_.flavour + ".sql or schema.sql beside the migrations"
                       : "there are no migrations");
      return;
    }
    const Stopwatch watch;
    Check check{"fresh", 0, "", CheckResult::pass, "", path, {}, 0};
    try {
      place_->with_fresh_database([&](VerifySession& session) {
        session.run_file(path);
        check.differences = diff(report_.migrated, session.catalog());
      });
      check.result = judge(check.differences, dialect_.traits(), options_.strict);
      if (!check.differences.empty()) {
        check.reason = "a fresh installation differs from a migrated one: " + count_of(check.differences);
      }
      if (const std::string stale = why_stale(path); !stale.empty()) {
        check.result = CheckResult::fail;
        check.reason = stale + (check.reason.empty() ? "" : "; " + check.reason);
      }
    } catch (const Error& failure) {
      check.result = CheckResult::fail;
      check.reason = sentence_of(failure);
    }
    check.duration_ms = watch.milliseconds();
    checks_.add(std::move(check));
  }

  const Dialect& dialect_;
  const VerifyTarget& target_;
  const VerifyOptions& options_;
  const VerifyVoice& voice_;
  EngineReport report_;
  Checks checks_;
  std::unique_ptr<Workplace> place_;
  bool broken_ = false;  ///< no database stands at the version before the next one
};

}  // namespace

EngineReport verify_engine(const Dialect& dialect, const VerifyTarget& target, const VerifyOptions& options,
                           const VerifyVoice& voice) {
  return EngineRun(dialect, target, options, voice).run();
}

}  // namespace toolkit

#include "verify_version.hpp"

#include <algorithm>
#include <utility>

#include "catalog_name.hpp"
#include "row_statements.hpp"

namespace toolkit {

namespace {

bool has_trigger(const Catalog& catalog) {
  return std::any_of(catalog.objects.begin(), catalog.objects.end(), [](const auto& object) {
    return std::any_of(object->children.begin(), object->children.end(),
                       [](const CatalogObject& child) { return child.kind == "trigger"; });
  });
}

}  // namespace

bool VersionProof::prove() {
  Catalog before = place_.catalog();
  take_rows(before);
  if (!first_up(before)) {
    return false;
  }
  const Catalog after = place_.catalog();
  check_at_ = "rows";
  compare_rows_after(migration_.up, rows_before_, after);
  const bool stands = prove_way_back(before, after);
  report_rows();
  if (place_.rows() != nullptr) {
    place_.rows()->leave_out({});
  }
  return stands;
}

/// Sample rows into what is new (a trigger may make tables for them, which is nothing of this version), and a
/// look at the rows that this version may touch.
void VersionProof::take_rows(Catalog& before) {
  if (place_.rows() == nullptr) {
    return;
  }
  place_.rows()->fill(before);
  if (has_trigger(before)) {
    Catalog filled = place_.catalog();
    if (!diff(before, filled).empty()) {
      place_.rows_make_objects();
      before = std::move(filled);
    }
  }
  tables_ = place_.rows()->concerned(before, before, migration_.up, migration_.down);
  rows_before_ = place_.rows()->read(before, tables_);
}

bool VersionProof::passes_over_empty_targets(Catalog& before) {
  std::set<std::string> targets;
  for (const auto& object : before.objects) {
    const bool is_target =
        object->kind == "table" &&
        std::any_of(migration_.up.steps.begin(), migration_.up.steps.end(), [&](const Step& step) {
          return inserted_table(step.sql, syntax()) == last_part(object->name);
        });
    // One that the version makes anew is its own, whatever had that name before.
    const bool is_made_here = std::any_of(
        migration_.up.steps.begin(), migration_.up.steps.end(),
        [&](const Step& step) { return creates_table(step.sql, syntax(), last_part(object->name)); });
    if (is_target && !is_made_here) {
      targets.insert(last_part(object->name));
    }
  }
  if (targets.empty() || rows_before_.empty() || !place_.rebuild_before(migration_)) {
    return false;
  }
  place_.rows()->leave_out(std::move(targets));
  before = place_.catalog();
  take_rows(before);
  return !run_up();
}

std::optional<std::string> VersionProof::run_up() {
  as_before_ = why_unproven().empty() ? std::nullopt : place_.copy();
  return place_.run(migration_, Direction::up, LockReporting::observed, &locks_);
}

/// Over the sample rows. One that fails only because of them is a finding, not the end.
bool VersionProof::first_up(Catalog& before) {
  const Stopwatch watch;
  const std::optional<std::string> failure = run_up();
  const int refused = place_.failed_step();
  if (!failure || passes_over_empty_targets(before)) {
    checks_.add(migration_, "up", migration_.up, CheckResult::pass, "", watch.milliseconds());
    return true;
  }
  const bool passes_without_rows = !rows_before_.empty() && place_.rebuild_before(migration_) && !run_up();
  if (!passes_without_rows) {
    checks_.add(migration_, "up", migration_.up, CheckResult::fail, *failure, watch.milliseconds());
    return false;
  }
  checks_.add(migration_, "up", migration_.up, CheckResult::pass, "");
  // A rule that the version adds is one that it states, and what a change of rows computes may not be there
  // for rows at the limits of their types: such rows of ours are no fault of it.
  const bool is_stated = states_refusal(migration_.up, syntax()) || changes_rows(refused);
  const CheckResult result = is_stated ? CheckResult::note : CheckResult::fail;
  checks_.add(migration_, "rows", migration_.up, result, "refuses existing rows: " + *failure,
              watch.milliseconds());
  // The rest is proven without rows.
  tables_.clear();
  rows_before_.clear();
  return true;
}

bool VersionProof::prove_way_back(const Catalog& before, const Catalog& after) {
  if (migration_.down.irreversible) {
    return skip_way_back("irreversible: " + *migration_.down.irreversible, after);
  }
  if (const std::string why = why_unproven(); !why.empty()) {
    return skip_way_back(why, after);
  }
  const std::map<std::string, TableRows> kept = what_is_kept();
  const bool clean = down(before);
  if (clean) {
    compare_rows_after(migration_.down, kept, before);
    for (RowFinding& finding : rows_left_behind(rows_before_, rows_now_)) {
      row_findings_.push_back(std::move(finding));
    }
  }
  return (clean && up_again(after)) || rebuild();
}

/// The rest is proven all the same: from a copy of the database as it was before.
bool VersionProof::skip_way_back(const std::string& why, const Catalog& after) {
  checks_.add(migration_, "down", migration_.down, CheckResult::skip, why);
  if (!as_before_) {
    return true;
  }
  place_.go_on_in(*as_before_);
  return up_again(after) || rebuild();
}

/// The rows, and of these the columns, that the up has left as they were: the down must leave them too.
std::map<std::string, TableRows> VersionProof::what_is_kept() const {
  std::map<std::string, TableRows> kept;
  const RowStatements said = row_statements(migration_.up, syntax());
  for (const auto& [name, before] : rows_before_) {
    const auto now = find_table(rows_now_, name, said.renamed);
    if (now != rows_now_.end()) {
      kept[now->first] = common_rows(before, now->second, column_moves(said, name));
    }
  }
  return kept;
}

bool VersionProof::changes_rows(int step_of_up) const {
  const std::vector<Step>& steps = migration_.up.steps;
  const auto fills_own_table = [&](const Step& step) {
    const std::string target = inserted_table(step.sql, syntax());
    return std::any_of(steps.begin(), steps.end(), [&](const Step& other) {
      return !target.empty() && creates_table(other.sql, syntax(), target);
    });
  };
  return std::any_of(steps.begin(), steps.end(), [&](const Step& step) {
    return (step_of_up == 0 || step.number == step_of_up) &&
           place_.dialect().statement_traits(step.sql).is_row_change && !fills_own_table(step);
  });
}

std::string VersionProof::why_unproven() const {
  for (const Step& step : migration_.down.steps) {
    const std::string_view why = place_.dialect().statement_traits(step.sql).unproven;
    if (!why.empty() && !options_.sqlite_drop_column) {
      return std::string(why);
    }
  }
  return {};
}

/// False when the database does not stand at the version before now.
bool VersionProof::down(const Catalog& before) {
  check_at_ = "down";
  const Stopwatch watch;
  if (const std::optional<std::string> failure = place_.run(migration_, Direction::down)) {
    checks_.add(migration_, "down", migration_.down, CheckResult::fail, *failure, watch.milliseconds());
    return false;
  }
  return compare("down", migration_.down, before, watch.milliseconds());
}

bool VersionProof::up_again(const Catalog& after) {
  check_at_ = "up-again";
  const Stopwatch watch;
  if (const std::optional<std::string> failure =
          place_.run(migration_, Direction::up, LockReporting::asked, &locks_)) {
    checks_.add(migration_, "up-again", migration_.up, CheckResult::fail, *failure, watch.milliseconds());
    return false;
  }
  compare("up-again", migration_.up, after, watch.milliseconds());
  return true;
}

/// Adds the check; true when nothing differs that counts.
bool VersionProof::compare(const char* check, const Script& script, const Catalog& expected,
                           std::int64_t duration) {
  std::vector<Difference> differences = diff(expected, place_.catalog());
  const CheckResult result = judge(differences, place_.dialect().traits(), options_.strict);
  const bool is_down = &script == &migration_.down;
  const std::string reason =
      (is_down ? "the way back does not restore the schema: " : "the second up gives another schema: ") +
      count_of(differences);
  checks_.add(migration_, check, script, result, result == CheckResult::pass ? "" : reason, duration,
              std::move(differences));
  return result != CheckResult::fail;
}

void VersionProof::compare_rows_after(const Script& script, const std::map<std::string, TableRows>& expected,
                                      const Catalog& now) {
  if (tables_.empty()) {
    return;
  }
  std::set<std::string> tables = tables_;
  for (const auto& [from, to] : row_statements(script, syntax()).renamed) {
    for (const auto& object : now.objects) {
      if (object->kind == "table" && last_part(object->name) == to) {
        tables.insert(object->name);
      }
    }
  }
  rows_now_ = place_.rows()->read(now, tables);
  for (RowFinding& finding :
       compare_rows(expected, rows_now_, script, syntax(), migration_.down.irreversible.has_value())) {
    row_findings_.push_back(std::move(finding));
  }
}

ScriptSyntax VersionProof::syntax() const {
  return place_.dialect().script_syntax(place_.server().flavour, options_.migrator.sql_mode);
}

void VersionProof::report_rows() {
  if (tables_.empty()) {
    return;
  }
  std::string reason;
  bool fails = false;
  for (const RowFinding& finding : row_findings_) {
    fails = fails || !finding.is_stated;
    reason += (reason.empty() ? "" : "; ") + finding.text;
  }
  const CheckResult result = fails                   ? CheckResult::fail
                             : row_findings_.empty() ? CheckResult::pass
                                                     : CheckResult::note;
  checks_.add(migration_, "rows", migration_.up, result, reason);
}

bool VersionProof::rebuild() {
  if (place_.rebuild_to(migration_)) {
    return true;
  }
  checks_.add(migration_, "up", migration_.up, CheckResult::fail,
              "it does not go up in a new database either");
  return false;
}

}  // namespace toolkit

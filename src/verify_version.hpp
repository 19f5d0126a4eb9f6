#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "verify_workplace.hpp"

/// One version proven: up over sample rows, down, up again, with catalogs and rows compared in between.
namespace toolkit {

class VersionProof {
 public:
  VersionProof(Workplace& place, Checks& checks, const VerifyOptions& options, const Migration& migration)
      : place_(place), checks_(checks), options_(options), migration_(migration) {}

  /// Brings the database from the version before to this one. False when none could be brought there, so
  /// that nothing behind it can be proven.
  bool prove();

  /// The check that is under way: where an Error that `prove` throws came from.
  const char* check_at() const { return check_at_; }
  const Script& script_at() const {
    return std::string_view(check_at_) == "down" ? migration_.down : migration_.up;
  }

  /// What it took when it last went up.
  const std::vector<LockTaken>& locks() const { return locks_; }

 private:
  void take_rows(Catalog& before);
  /// False when nothing behind it can be proven.
  bool first_up(Catalog& before);
  /// A version that copies rows into a table of an earlier one: that table gets no rows of ours.
  bool passes_over_empty_targets(Catalog& before);
  /// What stands against it; before it, a copy of the database where the down is not run.
  std::optional<std::string> run_up();
  bool prove_way_back(const Catalog& before, const Catalog& after);
  bool skip_way_back(const std::string& why, const Catalog& after);
  bool up_again(const Catalog& after);
  bool down(const Catalog& before);
  bool compare(const char* check, const Script& script, const Catalog& expected, std::int64_t duration);
  void compare_rows_after(const Script& script, const std::map<std::string, TableRows>& expected,
                          const Catalog& now);
  std::map<std::string, TableRows> what_is_kept() const;
  std::string why_unproven() const;
  /// Whether a step of the up, or its only one, changes rows; not that it fills a table that the up makes, as
  /// one that writes a table anew: that rule is the new table's.
  bool changes_rows(int step_of_up) const;
  ScriptSyntax syntax() const;
  bool rebuild();
  void report_rows();

  Workplace& place_;
  Checks& checks_;
  const VerifyOptions& options_;
  const Migration& migration_;
  const char* check_at_ = "up";
  std::optional<DatabaseUrl> as_before_;  ///< a copy from before the up, where the down is not run
  std::vector<LockTaken> locks_;
  std::set<std::string> tables_;  ///< that the version may touch
  std::map<std::string, TableRows> rows_before_;
  std::map<std::string, TableRows> rows_now_;
  std::vector<RowFinding> row_findings_;
};

}  // namespace toolkit

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "toolkit/dialect.hpp"
#include "toolkit/history.hpp"
#include "toolkit/migration_set.hpp"
#include "toolkit/unit_of_work.hpp"

namespace toolkit {

enum class RequestKind { up, down, go_to, redo };

/// What a person asks for.
struct Request {
  RequestKind kind = RequestKind::up;
  std::optional<std::int64_t> count;  ///< up N, down N, redo N; bare: up all, down 1, redo 1
  std::optional<Version> target;      ///< --to V, goto V; 0 is empty
  bool all = false;                   ///< down --all

  static Request up() { return {}; }
  static Request up_to(Version version) { return {RequestKind::up, {}, version, false}; }
  static Request down_to(Version version) { return {RequestKind::down, {}, version, false}; }
};

/// How versions share transactions, see design section 5.
enum class TransactionMode {
  automatic,  ///< groups on an empty transactional database, else one each
  each,       ///< one transaction per version
  all,        ///< one for the whole plan; refused where a version cannot share
};

struct PlanOptions {
  TransactionMode transaction = TransactionMode::automatic;
  bool interrupted_goes_on = false;  ///< for a plan that only shows: an interrupted version runs its step
                                     ///< again; a run has settled it before it plans
  bool allow_late = false;           ///< run versions below the highest applied one
  bool allow_ahead = false;          ///< applied versions above the newest file are no error
  bool database_is_empty = false;    ///< no history row and no table of a user
  std::vector<Migration>
      stored_downs;  ///< by version: ways back from the history, for versions without files
};

/// Something that stands against running: computed from files and history, never stored.
struct Problem {
  ErrorKind kind = ErrorKind::changed;  ///< changed, missing, late, unsettled; findings: half finished
  Version version = 0;
  std::string message;
  std::string advice;
  std::string path;  ///< the file concerned, may be empty
};

/// A unit and why it has the borders it has.
struct PlannedUnit {
  UnitOfWork work;
  std::string reason;  ///< empty for the ordinary one transaction per version
};

/// Ordered work, decided before touching anything.
struct Plan {
  Version from = 0;  ///< the highest applied version before
  Version to = 0;    ///< and after
  std::vector<PlannedUnit> units;
  std::vector<std::string> notes;  ///< for a person: an edited down that is not run, …

  bool is_empty() const { return units.empty(); }
};

/// Pure. Everything wrong between a set and a history, by version: changed, missing, late, unsettled.
std::vector<Problem> find_problems(const MigrationSet& set, const History& history);

/// Pure. Decides what to run. `dialect` contributes facts only. Throws Error: usage (a target below the
/// current version for up, an unknown target, a target that is not applied for down), changed, missing, late
/// (for what goes up), unsettled, files (an irreversible down, an edited down that would run, a finished step
/// that was edited, a transaction mode that a version refuses: naming the versions).
Plan make_plan(const MigrationSet& set, const History& history, const Request& request,
               const PlanOptions& options, const Dialect& dialect);

/// Pure. The one error for a problem, for callers that cannot go on.
Error error_of(const Problem& problem);

/// Pure. Whether two runs of the planner are about the same versions in the same order and direction.
bool same_work(const Plan& a, const Plan& b);

/// Pure. The plan for a person: transaction borders, files, reasons; `with_sql` adds the statements.
std::string describe_plan(const Plan& plan, bool with_sql);

}  // namespace toolkit

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "toolkit/diff.hpp"
#include "toolkit/migrate.hpp"
#include "toolkit/parity.hpp"
#include "toolkit/registry.hpp"

/// Proving a migration set: on each engine, in an empty database of its own, every version goes up, down and
/// up again, and the catalogs and rows are compared; then the fresh schema is held against the migrated one.
namespace toolkit {

/// One engine to prove the set on.
struct VerifyTarget {
  std::string flavour;   ///< postgresql, mysql, mariadb, sqlite
  std::string programs;  ///< folder with the server's programs; empty: found on this machine, else in a
                         ///< container; "compose": in a container
  std::optional<DatabaseUrl>
      server;         ///< instead: a server that is there; databases `toolkit_v_…` are made on it
  std::string label;  ///< how reports call it; empty: the flavour
};

struct VerifyOptions {
  MigratorOptions migrator;  ///< folder, timeouts, sql_mode, stop; the rest is verify's own
  std::vector<VerifyTarget> targets;
  std::optional<Version> from;      ///< versions below it go up without being proven
  std::optional<Version> only;      ///< only this one is proven
  bool rows = true;                 ///< put sample rows in, and compare them
  bool strict = false;              ///< physical and cosmetic differences fail too
  bool sqlite_drop_column = false;  ///< run downs that drop a column where the library can
  bool keep = false;                ///< leave the sandboxes, and report their URLs
  int jobs = 0;                     ///< engines at once; 0: all
  std::uint64_t seed = 1;           ///< of the sample rows
  /// A file that runs first, as administrator, and one with rows for tables that take no sample rows; empty
  /// for none. `prepare.mysql.sql` beside `prepare.sql` is for MySQL and MariaDB.
  std::string prepare;
  std::string rows_file;
  bool disposable = false;  ///< a given server may be changed beyond the databases of verify's own
  bool parity = true;       ///< hold the migrated catalogs of all engines against the first one's
  std::vector<ParityAllowance> allowances;  ///< differences between dialects that are meant
};

enum class CheckResult { pass, fail, skip, note };

/// What was checked, and how it went.
struct Check {
  std::string check;  ///< up, down, up-again, rows, fresh, start
  Version version = 0;
  std::string label;  ///< `0007_add_calls_stats`; empty where the check is of no version
  CheckResult result = CheckResult::pass;
  std::string reason;  ///< one sentence; empty for a pass
  std::string file;    ///< to look at; may be empty
  std::vector<Difference> differences;
  std::int64_t duration_ms = 0;
};

/// What a version took when it went up, by object.
struct VersionLocks {
  Version version = 0;
  std::string label;
  std::vector<LockTaken> locks;
};

struct EngineReport {
  std::string engine;  ///< the target's label
  std::string flavour;
  std::string server;    ///< "PostgreSQL 15.20"; empty when it did not start
  std::string url;       ///< with `keep`: of the database that was left, without a password
  bool is_held = false;  ///< with `keep`: the server is ours, and lives as long as VerifyReport::holder
  std::vector<Check> checks;
  std::vector<VersionLocks> locks;  ///< of the versions that took any
  Catalog migrated;                 ///< what all migrations lead to; empty when the run ended early
  bool ok() const;                  ///< no check failed
};

/// The engines held against each other, and the versions that the set has for each.
struct VerifyParity {
  CheckResult result = CheckResult::skip;  ///< pass, fail, or skip where fewer than two engines ended
  std::string reason;                      ///< of a skip
  ParityReport report;  ///< the first engine in the order of the targets that ended is the reference
  std::vector<std::string> notes;  ///< versions that do nothing on an engine, with what their file says
};

struct VerifyReport {
  int holder = 0;  ///< with `keep`: the process whose end ends the servers that are held; 0 for none
  std::vector<EngineReport> engines;   ///< in the order of the targets
  std::optional<VerifyParity> parity;  ///< nothing where it was left out
  bool ok() const;
};

/// Told what happens while it happens, from several threads, one call at a time.
class VerifyObserver {
 public:
  virtual ~VerifyObserver() = default;
  virtual void began(const std::string& engine, const std::string& server, std::size_t versions) = 0;
  virtual void checked(const std::string& engine, const Check& check) = 0;
  virtual void note(const std::string& engine, const std::string& text) = 0;
};

/// Runs it. Starts and ends servers; changes nothing else. Throws Error(files, usage, interrupted) for what
/// stands against beginning; what goes wrong on one engine is a failed check of that engine. Safe to repeat.
VerifyReport verify(const Registry& dialects, const VerifyOptions& options, VerifyObserver& observer);

/// Whether this machine has programs of the flavour, or can run it in a container. Asks `docker compose`
/// once.
bool can_verify_on(const Dialect& dialect, const std::string& flavour);

/// Pure. `postgresql,sqlite`, `postgresql:/usr/lib/postgresql/15/bin`, `mysql=URL` or a URL itself: engines
/// by flavour (aliases are read), each with its programs' folder or a server. Throws Error(usage).
std::vector<VerifyTarget> parse_targets(const std::vector<std::string>& words, const Registry& dialects);

}  // namespace toolkit

#pragma once

#include <concepts>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "toolkit/catalog.hpp"
#include "toolkit/migrate.hpp"
#include "toolkit/url.hpp"
#include "toolkit/verify.hpp"

/// For the test suites of products: throw-away databases at any version of a folder of migrations, and the
/// checks of `toolkit verify` as assertions. CMake: find_package(migration-toolkit), and the target
/// migration-toolkit::testing. Works with doctest, GoogleTest and Catch2, and knows none of them:
/// docs/testing.md has an example for each.
///
/// One server per engine and process is started when it is first needed, and ends with the process, however
/// that ends (see sandbox.hpp). Every function here may be called from several threads at once; a child made
/// by fork leaves its parent's servers and databases alone, and starts its own.
namespace toolkit::testing {

/// What is proven or installed: a folder, and what belongs to it. A string is enough where the folder is all.
struct Migrations {
  Migrations(const char* folder);  // NOLINT(google-explicit-constructor): as a plain string
  Migrations(std::string folder);  // NOLINT(google-explicit-constructor)

  /// As a `toolkit.toml` says it: folders, `[verify] prepare` and `rows`, allowances of parity with their
  /// reasons. `env` is a table [env.NAME]. Reads the file and the environment as the command does. Throws
  /// Error(configuration).
  static Migrations configured(const std::string& config, const std::string& env = {});

  MigratorOptions migrator;         ///< the folder, timeouts, sql_mode, place of the history
  std::string prepare;              ///< runs first, as administrator; see VerifyOptions
  std::string rows_file;            ///< rows for tables that take no sample rows; see VerifyOptions
  bool rows = true;                 ///< round trips over sample rows
  bool strict = false;              ///< physical and cosmetic differences fail too
  bool sqlite_drop_column = false;  ///< run downs that drop a column where the library can
  std::vector<ParityAllowance> allowances;
};

/// The engines that tests run on, by the names that every function here takes: a flavour (postgresql, mysql,
/// mariadb, sqlite), one with its programs (`postgresql:/usr/lib/postgresql/15/bin`), or the URL of a server
/// on which databases `toolkit_v_…` may be made and dropped.
///
/// TOOLKIT_TEST_ENGINES, a list of these with commas, says which; without it they are those whose server
/// programs are here (SQLite always). What this build or this machine lacks is then told on standard error,
/// once. One that is asked for may also come from `docker compose`. Starts nothing. Throws Error(usage,
/// configuration, server) for an engine that was asked for and is not there: nothing is left out silently.
std::vector<std::string> engines();

/// The same for a product that supports these: TOOLKIT_TEST_ENGINES picks from them (what it leaves out is
/// told on standard error, once), and without it each of them must be there, else Error(server).
std::vector<std::string> engines(const std::vector<std::string>& supported);

class Engine;  ///< the inside

/// An empty or filled database of one test; dropped with it, with the sessions in it. One thread uses it.
class Database {
 public:
  /// For the functions below, which make them.
  Database(std::shared_ptr<Engine> engine, DatabaseUrl parts, HistoryPlace history);
  ~Database();
  Database(Database&& other) noexcept;
  Database& operator=(Database&& other) noexcept;

  /// Whole, with a password where the server has one: for the code under test.
  const std::string& url() const { return url_; }
  const DatabaseUrl& parts() const { return parts_; }  ///< the same, taken apart
  const std::string& engine() const;                   ///< as it was asked for
  const std::string& server() const;                   ///< "PostgreSQL 15.20"
  const std::string& flavour() const;                  ///< whose files are chosen: `mariadb`

  /// Runs one statement, as it is, in a session of its own. Throws Error(server).
  void execute(std::string_view statement) const;

  /// The first value of a query's first row; nothing for NULL and without a row. Throws Error(server).
  std::optional<std::string> value(std::string_view query) const;

  /// Takes the database up or down to a version, 0 for none. Throws Error as `up` and `down` say it.
  void go_to(const Migrations& migrations, Version version) const;

  /// The structure as it is now, less the history. Reads only.
  Catalog catalog() const;

 private:
  std::shared_ptr<Engine> engine_;
  DatabaseUrl parts_;
  HistoryPlace history_;
  std::string url_;
};

/// A database with nothing in it, as an ordinary role. Starts the server on first use. Throws Error(server,
/// usage, configuration).
Database empty_database(const std::string& engine);

/// A database with the migrations up to `version` applied (0: only what `prepare` and the base file make), or
/// all of them, with the rows that they wrote and with the history, so that `toolkit status` says so too.
///
/// The first call for a version runs the migrations; later ones copy what came out, which takes some tens of
/// milliseconds (docs/testing.md has the figures). Where a copy is not possible (a server given by URL; on
/// MySQL and MariaDB grants on tables, packages, tables with system versioning) the migrations run each time.
/// Files that have changed since are seen. Throws Error(files, migration, server, usage).
Database at_version(const Migrations& migrations, const std::string& engine, Version version);
Database at_newest(const Migrations& migrations, const std::string& engine);

/// `database.catalog()`: compare with `diff`, write with `catalog_text`.
Catalog snapshot(const Database& database);

template <typename Type>
concept GoogleAssertionResult = requires(const Type& result) {
  { result.failure_message() } -> std::convertible_to<const char*>;
}
&&std::copy_constructible<Type>&& requires { Type(true) << std::string(); };

/// The outcome of a check. Goes into an assertion as it is: CHECK(check_…), EXPECT_TRUE(check_…),
/// REQUIRE(check_…), each of which then shows the message.
struct [[nodiscard]] Result {
  bool ok = false;
  /// For a person, several lines without an end of line: what was checked, then each finding with its
  /// version, object, property, what it is and what it should be, and the file to look at. When `ok`: what
  /// passed, and what was skipped or noted, with reasons.
  std::string message;

  explicit operator bool() const { return ok; }
  friend std::ostream& operator<<(std::ostream& out, const Result& result) { return out << result.message; }

  /// GoogleTest shows the message of an AssertionResult only.
  template <GoogleAssertionResult Assertion>
  operator Assertion() const {  // NOLINT(google-explicit-constructor)
    return Assertion(ok) << message;
  }
};

/// Proves that each version (or this one) goes up, comes down to what was there before, and goes up again,
/// over sample rows: `toolkit verify` on one engine. The whole set is proven once for engine and process, on
/// a server of its own, and each call reads that; files that have changed since are proven again. Skips (an
/// irreversible version) do not fail, and are in the message. What goes wrong, a server that does not start
/// included, is a result and never an exception.
Result check_round_trip(const Migrations& migrations, const std::string& engine,
                        std::optional<Version> version = std::nullopt);

/// Whether the fresh schema (`schema.sql` beside the migrations) gives what the migrations give. That there
/// is none fails. No exceptions, as above.
Result check_fresh(const Migrations& migrations, const std::string& engine);

/// Whether the migrations give the same logical schema on these engines, two or more, and the same versions:
/// the table in docs/parity.md, less the allowances, of which a stale one fails. No exceptions, as above.
Result check_parity(const Migrations& migrations, const std::vector<std::string>& engines);

}  // namespace toolkit::testing

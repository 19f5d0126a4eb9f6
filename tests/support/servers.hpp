#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "native.hpp"
#include "toolkit/sandbox.hpp"

namespace toolkit::test {

/// A server that the tests of this run use.
struct TestServer {
  std::string engine;  ///< postgresql, mysql, mariadb, sqlite: whose files are chosen on it
  std::string url;     ///< as one who may create databases; for SQLite a file in a folder of the run
  std::string label;   ///< "mariadb 1": unique; the name of a subcase
};

/// All engines, in the order of output.
const std::vector<std::string>& all_engines();

/// The servers of an engine: those of TOOLKIT_TEST_POSTGRESQL_URL, TOOLKIT_TEST_MYSQL_URL and
/// TOOLKIT_TEST_MARIADB_URL (lists separated by blanks; a mysql:// URL may name a MariaDB), and where the
/// variable is not set one that is started from local binaries at the first call and lives until
/// `stop_test_servers`. Empty when there is none: told once on standard error, and std::runtime_error instead
/// when TOOLKIT_TEST_REQUIRE (engines separated by blanks or commas, or `all`) names the engine.
/// (A view as parameter, because g++ 13 warns where a reference is returned and a temporary string given.)
const std::vector<TestServer>& test_servers(std::string_view engine);

/// Those of all engines.
std::vector<TestServer> test_servers();

/// Whether `test_servers(engine)` can be expected to have one, or has to; starts nothing. For
/// `* doctest::skip(!is_server_expected("mysql"))`.
bool is_server_expected(const std::string& engine);

/// A sandbox of an engine, for tests that want a server of their own. Throws Error(server) where the build
/// leaves the dialect out.
std::unique_ptr<Sandbox> start_sandbox(const std::string& engine, const SandboxOptions& options);

/// Whether `start_sandbox` finds binaries.
bool has_local_server(const std::string& engine);

/// Ends what was started. A test's main calls it; where a run dies, the sandboxes' guardians do it.
void stop_test_servers();

/// An empty database of one test, named t_<pid>_<n>; dropped at the end of the scope, with sessions in it.
class TestDatabase {
 public:
  explicit TestDatabase(const TestServer& server);
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  const TestServer& server() const { return server_; }
  const std::string& url() const { return url_; }
  const std::string& name() const { return name_; }  ///< the path for SQLite

  /// A session of its own for each call, so that none stands in the way of the code under test.
  void run(std::string_view sql) const { connect()->run(sql); }
  std::vector<TextRow> rows(std::string_view sql) const { return connect()->rows(sql); }
  std::string value(std::string_view sql) const { return connect()->value(sql); }

  /// For what needs a session that stays: an open transaction, a lock.
  std::unique_ptr<NativeSession> connect() const { return open_native(url_); }

 private:
  TestServer server_;
  std::string name_;
  std::string url_;
};

}  // namespace toolkit::test

/// The body that follows runs as one subcase for each server of the run:
///     FOR_EACH_SERVER(server) { TestDatabase database(server); … }
#define FOR_EACH_SERVER(server)                                                                  \
  for (const ::toolkit::test::TestServer& server : ::toolkit::test::test_servers()) /* NOLINT */ \
  DOCTEST_SUBCASE((server).label.c_str())

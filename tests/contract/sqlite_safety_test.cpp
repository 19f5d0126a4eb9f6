#include <doctest/doctest.h>

#include <unistd.h>
#include <thread>

#include "project.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

#define SQLITE_TEST(name) TEST_CASE("sqlite: " name* doctest::skip(!is_server_expected("sqlite")))

class OneVersion : public Project {
 public:
  OneVersion(const std::string& up, const std::string& down = "-- toolkit: irreversible a test")
      : Project(test_servers("sqlite").at(0), {{"0001_a.up.sql", up}, {"0001_a.down.sql", down}}) {
    options.folder.dialects = {"sqlite"};
  }

  RunReport up_with(const std::string& url_options) {
    return Migrator(dialects(), database.url() + url_options, options).run(Request::up(), listener);
  }
};

std::string failure_of(const RunReport& report) {
  return report.failed ? report.failed->message + " | " + report.failed->advice : "none";
}

}  // namespace

SQLITE_TEST("migration text neither writes other files nor loads code, unless that is allowed") {
  const std::string copy = "-- toolkit: no-transaction\nVACUUM INTO '";
  OneVersion project("SELECT 1");
  const std::string target = (project.folder / "copy.db").string();
  project.write({{"0001_a.up.sql", copy + target + "'"}});
  CHECK(failure_of(project.up()) ==
        "the statement would reach the file " + target +
            ", which migrations may not | a copy of the database: allow_vacuum_into = true under [sqlite] in "
            "toolkit.toml, or ?allow_vacuum_into=on in the URL");
  CHECK_FALSE(std::filesystem::exists(target));
  CHECK(failure_of(project.up_with("?allow_vacuum_into=on")) == "none");
  CHECK(std::filesystem::exists(target));

  OneVersion loading("SELECT load_extension('nope')");
  CHECK(failure_of(loading.up()) ==
        "the statement would load code into this process, which migrations may not | allow_load_extension = "
        "true "
        "under [sqlite] in toolkit.toml, or ?allow_load_extension=on in the URL");
  // Allowed, the library itself says that there is no such file.
  const RunReport tried = loading.up_with("?allow_load_extension=on");
  REQUIRE(tried.failed);
  CHECK(tried.failed->message.find("nope") != std::string::npos);
  CHECK(tried.failed->message.find("cannot open shared object file") != std::string::npos);
}

SQLITE_TEST("a plain VACUUM and ordinary schemas are not in the way of the stricter session") {
  Project project(
      test_servers("sqlite").at(0),
      {{"0001_a.up.1.sql",
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT CHECK (json_valid(body)), "
        "size INTEGER AS (length(body)))"},
       {"0001_a.up.2.sql", "CREATE VIRTUAL TABLE found USING fts5(body, content=notes, content_rowid=id)"},
       {"0001_a.up.3.sql",
        "CREATE TRIGGER fill AFTER INSERT ON notes BEGIN INSERT INTO found(rowid, body) "
        "VALUES (new.id, new.body); END"},
       {"0001_a.up.4.sql", "CREATE VIEW sizes AS SELECT json_extract(body, '$.a') AS a, size FROM notes"},
       {"0001_a.up.5.sql", "INSERT INTO notes (body) VALUES ('{\"a\":7}')"},
       {"0001_a.down.sql", "-- toolkit: irreversible a test"},
       {"0002_b.up.sql", "-- toolkit: no-transaction\nVACUUM"},
       {"0002_b.down.sql", "-- toolkit: irreversible a test"}});
  CHECK(project.outcome(Request::up()) == " +1 +2");
  CHECK(project.database.value("SELECT a || ' ' || size FROM sizes") == "7 7");
  CHECK(project.database.value("SELECT count(*) FROM found('a')") == "1");
}

SQLITE_TEST("a journal that a crash would not survive is not used") {
  Project project(test_servers("sqlite").at(0),
                  {{"0001_a.up.sql", "-- toolkit: no-transaction\nPRAGMA journal_mode = MEMORY"},
                   {"0001_a.down.sql", "-- toolkit: irreversible a test"},
                   {"0002_b.up.sql", "-- toolkit: no-transaction\nPRAGMA synchronous = OFF"},
                   {"0002_b.down.sql", "-- toolkit: irreversible a test"}});
  CHECK(project.outcome(Request::up()) == " +1 +2");
  CHECK(project.listener.was_told("journal_mode memory would lose the file in a crash: DELETE is used"));
  CHECK(project.listener.was_told("synchronous OFF would lose the file in a crash: FULL is used"));
}

SQLITE_TEST("a reader that holds the file at COMMIT is waited for") {
  OneVersion project("CREATE TABLE a (n INTEGER)");
  project.database.run("CREATE TABLE filler (n INTEGER); INSERT INTO filler VALUES (1), (2)");
  REQUIRE(project.database.value("PRAGMA journal_mode") == "delete");
  const auto reader = project.database.connect();
  reader->run("BEGIN");
  REQUIRE(reader->value("SELECT count(*) FROM filler") == "2");
  std::thread ends([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    reader->run("COMMIT");
  });
  const auto start = std::chrono::steady_clock::now();
  const RunReport report = project.up();
  ends.join();
  CHECK_FALSE(report.failed);
  CHECK(std::chrono::steady_clock::now() - start > std::chrono::milliseconds(600));
  CHECK(project.states() == "1 applied 1/1");
}

SQLITE_TEST("a down that is refused leaves the row as it was, and an interrupted VACUUM runs again") {
  OneVersion project("-- toolkit: no-transaction\nVACUUM", "-- toolkit: no-transaction\nVACUUM nope");
  const std::string row =
      "SELECT state, step, started_at, finished_at, duration_ms, run_id, applied_by, tool_version, mark FROM "
      "toolkit_history WHERE version = 1";
  REQUIRE_FALSE(project.up().failed);
  const auto applied = project.database.rows(row);
  const RunReport refused = project.run(down());
  REQUIRE(refused.failed);
  CHECK(refused.failed->message == "unknown database nope");
  CHECK(project.database.rows(row) == applied);

  project.database.run(
      "UPDATE toolkit_history SET state = 'applying', step = 0, finished_at = NULL, mark = "
      "'{\"format\":1}' WHERE version = 1");
  const RunReport again = project.up();
  CHECK(again.settled == std::vector<Version>{1});
  CHECK(project.states() == "1 applied 1/1");
}

SQLITE_TEST("who writes to the file is shown while it does, and keeps its lock") {
  for (const std::string mode : {"delete", "wal"}) {
    CAPTURE(mode);
    OneVersion project("SELECT 1");
    const auto writer = project.database.connect();
    writer->run("PRAGMA journal_mode = " + mode);
    writer->run("CREATE TABLE t (n INTEGER)");
    CHECK_FALSE(project.migrator().lock_state().holder);
    writer->run("BEGIN IMMEDIATE");
    for (int look = 0; look < 2; ++look) {
      const std::optional<LockHolder> holder = project.migrator().lock_state().holder;
      REQUIRE(holder);
      CHECK(describe(*holder) == "session " + std::to_string(::getpid()) +
                                     ", the process contract_tests, running: a write transaction");
    }
    writer->run("INSERT INTO t VALUES (1)");
    writer->run("COMMIT");
    CHECK_FALSE(project.migrator().lock_state().holder);
  }
}

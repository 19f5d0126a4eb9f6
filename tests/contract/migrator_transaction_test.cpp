#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "project.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

const FileTree second_step_fails = {
    {"0001_a.up.1.sql", "CREATE TABLE a (n INTEGER)"}, {"0001_a.up.2.sql", "INSERT INTO absent VALUES (1)"},
    {"0001_a.up.3.sql", "CREATE TABLE c (n INTEGER)"}, {"0001_a.down.sql", "DROP TABLE a"},
    {"0002_b.up.sql", "CREATE TABLE b (n INTEGER)"},   {"0002_b.down.sql", "DROP TABLE b"}};

/// Five versions, the fourth of which a server refuses.
FileTree fourth_fails() {
  FileTree files = three_tables();
  files["0004_d.up.sql"] = "INSERT INTO absent VALUES (1)";
  files["0004_d.down.sql"] = "DROP TABLE d";
  files["0005_e.up.sql"] = "CREATE TABLE e (n INTEGER)";
  files["0005_e.down.sql"] = "DROP TABLE e";
  return files;
}

}  // namespace

TEST_CASE("a failing step leaves nothing of its version, or what is true where statements commit") {
  FOR_EACH_SERVER(server) {
    Project project(server, second_step_fails);
    const RunReport report = project.up();
    REQUIRE(report.failed);
    CHECK(report.exit_code() == ExitCode::failed);
    CHECK(report.failed->kind == ErrorKind::migration);
    CHECK(report.failed->version == 1);
    CHECK(report.failed->step == 2);
    CHECK(report.failed->statement == "INSERT INTO absent VALUES (1)");
    CHECK(report.failed->position.path == (project.folder / "0001_a.up.2.sql").string());
    CHECK(report.failed->position.line == 1);
    CHECK(report.failed_label == "0001_a");
    REQUIRE(report.untouched.size() == 1);
    CHECK(report.untouched[0].version == 2);
    CHECK(report.to == 0);
    CHECK(project.log() == "failed 1");
    if (project.is_transactional()) {
      CHECK_FALSE(project.has_table("a"));
      CHECK(project.states() == "");
    } else {
      CHECK(project.has_table("a"));
      CHECK(project.states() == "1 applying 1/3");
    }
    // The corrected file: step 1 is not run again where it stayed.
    project.write({{"0001_a.up.2.sql", "INSERT INTO a VALUES (7)"}});
    CHECK(project.outcome(Request::up()) == " +1 +2");
    CHECK(project.database.rows("SELECT n FROM a") == std::vector<TextRow>{{"7"}});
    CHECK(project.states() == "1 applied 3/3, 2 applied 1/1");
    CHECK(project.has_table("c"));
  }
}

TEST_CASE("mysql: a finished step that was edited is for a person to decide, and a down is refused" *
          doctest::skip(!is_server_expected("mariadb"))) {
  FOR_EACH_SERVER(server) {
    Project project(server, second_step_fails);
    if (project.is_transactional()) {
      continue;
    }
    project.up();
    project.write({{"0001_a.up.1.sql", "CREATE TABLE a (n BIGINT)"}});
    CHECK(project.refusal(Request::up()) ==
          "error: step 1 of version 1 is done, but its file has changed or is gone since\n"
          "  next: restore the file to go on after it, or decide with 'toolkit settle 1 --as "
          "applied|pending'\n");
    CHECK(project.refusal(down()) ==
          "error: version 0001_a is half finished (applying, step 1 of 3 done)\n"
          "  next: go on with it: 'toolkit up'; or decide: 'toolkit settle 1 --as applied' when the rest was "
          "done by "
          "hand, '--as pending' when all of it was undone by hand\n");
    CHECK(project.states() == "1 applying 1/3");
  }
}

TEST_CASE("a failing down leaves its version applied, with the rows it had") {
  FOR_EACH_SERVER(server) {
    FileTree files = three_tables();
    files["0003_c.down.1.sql"] = "DROP TABLE absent";
    files["0003_c.down.2.sql"] = "DROP TABLE c";
    files.erase("0003_c.down.sql");
    Project project(server, files);
    project.up();
    const std::string row = "SELECT * FROM toolkit_history WHERE version = 3";
    const std::vector<TextRow> before = project.database.rows(row);
    CHECK(project.outcome(counted(RequestKind::down, 2)) == " failed 3 untouched -2");
    CHECK(project.database.rows(row) == before);
    CHECK(project.states() == "1 applied 1/1, 2 applied 1/1, 3 applied 1/1");
    CHECK(project.has_table("c"));
    CHECK(project.log() == "failed 3");
  }
}

TEST_CASE("each: what was applied before the failure stays") {
  FOR_EACH_SERVER(server) {
    Project project(server, fourth_fails());
    project.options.transaction = TransactionMode::each;
    CHECK(project.outcome(Request::up()) == " +1 +2 +3 failed 4 untouched +5");
    CHECK(project.states().find("1 applied 1/1, 2 applied 1/1, 3 applied 1/1") == 0);
    CHECK(project.migrator().status().current == 3);
    CHECK(project.has_table("c"));
    CHECK_FALSE(project.has_table("e"));
  }
}

TEST_CASE("auto: on an empty database a failing group leaves nothing; elsewhere each stands for itself") {
  FOR_EACH_SERVER(server) {
    Project project(server, fourth_fails());
    if (project.is_transactional()) {
      CHECK(project.outcome(Request::up()) == " failed 4 untouched +1 +2 +3 +5");
      CHECK(project.states() == "");
      CHECK_FALSE(project.has_table("a"));
      project.database.run("CREATE TABLE of_somebody (n INTEGER)");
    }
    CHECK(project.outcome(Request::up()) == " +1 +2 +3 failed 4 untouched +5");
    CHECK(project.has_table("a"));
  }
}

TEST_CASE("all: the whole plan or nothing, and refused where that cannot be") {
  FOR_EACH_SERVER(server) {
    Project project(server, fourth_fails());
    project.database.run("CREATE TABLE of_somebody (n INTEGER)");
    project.options.transaction = TransactionMode::all;
    if (!project.is_transactional()) {
      CHECK(
          project.refusal(Request::up()) ==
          "error: --transaction all is not possible here: this server commits every schema change by itself\n"
          "  next: use --transaction each\n");
      CHECK_FALSE(project.has_table("toolkit_history"));
      continue;
    }
    CHECK(project.outcome(Request::up()) == " failed 4 untouched +1 +2 +3 +5");
    CHECK_FALSE(project.has_table("a"));
    project.write({{"0004_d.up.sql", "CREATE TABLE d (n INTEGER)"}});
    CHECK(project.outcome(Request::up()) == " +1 +2 +3 +4 +5");
    const std::string refuses =
        project.is("sqlite") ? "-- toolkit: no-transaction\nVACUUM" : "CREATE INDEX CONCURRENTLY i ON a (n)";
    project.write({{"0006_f.up.sql", refuses},
                   {"0006_f.down.sql", "DROP TABLE a"},
                   {"0007_g.up.sql", "CREATE TABLE g (n INTEGER)"},
                   {"0007_g.down.sql", "DROP TABLE g"}});
    CHECK(project.refusal(Request::up()) ==
          "error: --transaction all is not possible: these versions cannot share a transaction: 6\n"
          "  next: use --transaction each; nothing was run\n");
    CHECK_FALSE(project.has_table("g"));
  }
}

TEST_CASE("auto falls back to one by one where versions cannot share, and says so" *
          doctest::skip(!is_server_expected("postgresql"))) {
  for (const TestServer& server : test_servers("postgresql")) {
    // 55006: ALTER TABLE on a table that has pending trigger events of the same transaction.
    Project project(server,
                    {{"0001_a.up.sql", "CREATE TABLE a (n INTEGER PRIMARY KEY)"},
                     {"0001_a.down.sql", "DROP TABLE a"},
                     {"0002_b.up.sql",
                      "CREATE TABLE b (n INTEGER REFERENCES a (n) DEFERRABLE INITIALLY DEFERRED, m INTEGER)"},
                     {"0002_b.down.sql", "DROP TABLE b"},
                     {"0003_c.up.1.sql", "INSERT INTO a VALUES (1)"},
                     {"0003_c.up.2.sql", "INSERT INTO b VALUES (1, 1)"},
                     {"0003_c.down.sql", "DELETE FROM b"},
                     {"0004_d.up.sql", "ALTER TABLE b ALTER COLUMN m SET NOT NULL"},
                     {"0004_d.down.sql", "ALTER TABLE b ALTER COLUMN m DROP NOT NULL"}});
    CHECK(project.outcome(Request::up()) == " +1 +2 +3 +4");
    CHECK(project.listener.was_told("rolled back, running them one by one"));
    CHECK(project.database.value("SELECT count(*) FROM b") == "1");
    CHECK(project.states() == "1 applied 1/1, 2 applied 1/1, 3 applied 2/2, 4 applied 1/1");
  }
}

TEST_CASE("an error at COMMIT belongs to its version") {
  FOR_EACH_SERVER(server) {
    const FileTree project_files = {
        {"0001_a.up.sql", "CREATE TABLE a (n INTEGER PRIMARY KEY)"},
        {"0001_a.down.sql", "DROP TABLE a"},
        {"0002_b.up.sql", "CREATE TABLE b (n INTEGER REFERENCES a (n) DEFERRABLE INITIALLY DEFERRED)"},
        {"0002_b.mysql.up.sql", "CREATE TABLE b (n INTEGER)"},
        {"0002_b.down.sql", "DROP TABLE b"},
        {"0003_c.up.sql", "INSERT INTO b VALUES (7)"},
        {"0003_c.down.sql", "DELETE FROM b"}};
    Project project(server, project_files);
    project.options.folder.dialects = {"postgresql", "mysql", "sqlite"};
    if (!project.is_transactional()) {
      continue;  // there is no deferred constraint
    }
    project.options.transaction = TransactionMode::each;
    const RunReport report = project.up();
    REQUIRE(report.failed);
    CHECK(report.done.size() == 2);
    CHECK(report.failed->version == 3);
    CHECK(report.failed->kind == ErrorKind::migration);
    CHECK(report.failed->position.path == (project.folder / "0003_c.up.sql").string());
    CHECK(report.failed_label == "0003_c");
    CHECK(project.database.value("SELECT count(*) FROM b") == "0");
    CHECK(project.states() == "1 applied 1/1, 2 applied 1/1");
    CHECK(project.outcome(Request::up_to(2)) == "");
    // In a group nobody knows whose it is; one by one it is told.
    Project group(server, project_files);
    group.options.folder.dialects = project.options.folder.dialects;
    CHECK(group.outcome(Request::up()) == " +1 +2 failed 3");
    CHECK(group.listener.was_told("rolled back, running them one by one"));
  }
}

TEST_CASE("runners at the same time apply every version once") {
  FOR_EACH_SERVER(server) {
    FileTree files;
    for (int version = 1; version <= 12; ++version) {
      const std::string stem = std::to_string(version) + "_v";
      files[stem + ".up.sql"] = version == 1 ? std::string("CREATE TABLE hits (n INTEGER)")
                                             : "INSERT INTO hits VALUES (" + std::to_string(version) + ")";
      files[stem + ".down.sql"] = "DELETE FROM hits WHERE n = " + std::to_string(version);
    }
    Project project(server, files);
    project.options.transaction = TransactionMode::each;
    Project::dialects();
    std::atomic<int> done = 0;
    std::atomic<int> failed = 0;
    std::vector<std::thread> runners;
    runners.reserve(3);
    for (int i = 0; i < 3; ++i) {
      runners.emplace_back([&] {
        try {
          const RunReport report = project.migrator().run(Request::up());
          done += static_cast<int>(report.done.size());
          failed += report.failed ? 1 : 0;
        } catch (const std::exception& error) {
          MESSAGE(error.what());
          ++failed;
        }
      });
    }
    for (std::thread& runner : runners) {
      runner.join();
    }
    CHECK(done == 12);
    CHECK(failed == 0);
    CHECK(project.database.value("SELECT count(*) FROM hits") == "11");
    CHECK(project.database.value("SELECT count(DISTINCT n) FROM hits") == "11");
    CHECK(project.database.value("SELECT count(*) FROM toolkit_history WHERE state = 'applied'") == "13");
  }
}

TEST_CASE("the claim alone keeps two runners apart: one gets the version, the other is told") {
  FOR_EACH_SERVER(server) {
    Project project(server, three_tables());
    project.run(Request::up_to(1));
    const Plan plan = project.migrator().plan(Request::up_to(2));
    const DatabaseUrl url = parse_url(project.database.url());
    const Dialect& dialect = Project::dialects().for_url(url);
    // The lock's name is empty: nobody holds it and nobody asks for it.
    const auto context_for = [&](Connection& connection, char run) {
      RunContext context;
      context.place.schema = connection.server().default_schema;
      context.sql = dialect.history_sql(context.place);
      context.run_id = std::string(32, run);
      context.applied_by = "test@host 1";
      return context;
    };
    const auto first = dialect.open(url, {});
    const auto second = dialect.open(url, {});
    SilentObserver observer;
    first->run(plan.units.at(0).work, context_for(*first, '1'), observer);
    const ErrorDetails lost =
        test::thrown_by([&] { second->run(plan.units.at(0).work, context_for(*second, '2'), observer); });
    CHECK(lost.claim_lost);
    CHECK(lost.version == 2);
    CHECK(lost.message == "another runner has taken version 2");
    CHECK(project.database.value("SELECT run_id FROM toolkit_history WHERE version = 2") ==
          std::string(32, '1'));
    // The session of the one that lost is whole.
    second->run(project.migrator().plan(Request::up_to(3)).units.at(0).work, context_for(*second, '2'),
                observer);
    CHECK(project.states() == "1 applied 1/1, 2 applied 1/1, 3 applied 1/1");
  }
}

TEST_CASE("a wait for a table is bounded, tried again, and says what to do") {
  FOR_EACH_SERVER(server) {
    Project project(server, three_tables());
    project.run(Request::up_to(1));
    project.write({{"0002_b.up.sql", "ALTER TABLE a ADD COLUMN m INTEGER"}});
    project.options.timeouts.object_lock =
        project.is_mysql() ? std::chrono::milliseconds(1000) : std::chrono::milliseconds(100);
    project.options.retries = 1;
    const auto other = project.database.connect();
    if (project.is_mysql()) {
      other->run("START TRANSACTION");
      other->rows("SELECT * FROM a");
    } else {
      other->run(project.is("sqlite") ? "BEGIN IMMEDIATE" : "BEGIN; LOCK TABLE a");
    }
    const RunReport report = project.up();
    REQUIRE(report.failed);
    CHECK(report.failed->kind == ErrorKind::timeout);
    CHECK(report.failed->version == 2);
    CHECK_FALSE((report.failed->advice + report.failed->hint).empty());
    CHECK(report.exit_code() == ExitCode::failed);
    CHECK(report.done.empty());
    CHECK(project.listener.was_told("; trying again in "));
    other->run("ROLLBACK");
    CHECK(project.outcome(Request::up()) == " +2 +3");
  }
}

TEST_CASE("a wait that ends in time is no failure") {
  FOR_EACH_SERVER(server) {
    Project project(server, three_tables());
    project.run(Request::up_to(1));
    project.write({{"0002_b.up.sql", "ALTER TABLE a ADD COLUMN m INTEGER"}});
    project.options.timeouts.object_lock =
        project.is_mysql() ? std::chrono::milliseconds(1000) : std::chrono::milliseconds(50);
    project.options.retries = 20;
    const auto other = project.database.connect();
    if (project.is_mysql()) {
      other->run("START TRANSACTION");
      other->rows("SELECT * FROM a");
    } else {
      other->run(project.is("sqlite") ? "BEGIN IMMEDIATE" : "BEGIN; LOCK TABLE a");
    }
    // The lock goes as soon as the first attempt is told to have failed.
    struct Releaser : Listener {
      void note(const Task* task, const std::string& text) override {
        Listener::note(task, text);
        if (text.find("trying again") != std::string::npos && session != nullptr) {
          session->run("ROLLBACK");
          session = nullptr;
        }
      }
      NativeSession* session = nullptr;
    } releaser;
    releaser.session = other.get();
    const RunReport report = project.migrator().run(Request::up(), releaser);
    CHECK_FALSE(report.failed);
    CHECK(releaser.finished_tasks == " +2 +3");
    CHECK(releaser.session == nullptr);
  }
}

TEST_CASE("a setting that a file changes does not reach the next file, and is told") {
  FOR_EACH_SERVER(server) {
    Project project(
        server,
        {{"0001_a.mysql.up.sql", "SET SESSION sql_mode = 'ANSI_QUOTES'"},
         {"0001_a.postgresql.up.sql", "SET TimeZone = 'Asia/Tokyo'"},
         {"0001_a.sqlite.up.sql", "PRAGMA recursive_triggers = ON"},
         {"0001_a.down.sql", "-- toolkit: irreversible no"},
         {"0002_b.mysql.up.sql", "CREATE TABLE b AS SELECT @@SESSION.sql_mode AS setting"},
         {"0002_b.postgresql.up.sql", "CREATE TABLE b AS SELECT current_setting('TimeZone') AS setting"},
         {"0002_b.sqlite.up.sql",
          "CREATE TABLE b AS SELECT recursive_triggers AS setting FROM pragma_recursive_triggers"},
         {"0002_b.down.sql", "-- toolkit: irreversible no"}});
    project.options.transaction = TransactionMode::each;
    CHECK(project.outcome(Request::up()) == " +1 +2");
    const std::string setting = project.database.value("SELECT setting FROM b");
    if (project.is_mysql()) {
      CHECK(setting == project.database.value("SELECT @@GLOBAL.sql_mode"));
      CHECK(project.listener.was_told("1: the file leaves the session's sql_mode changed"));
    } else if (project.is("postgresql")) {
      CHECK(setting == "UTC");
      CHECK(project.listener.was_told("TimeZone"));
    } else {
      CHECK(setting == "0");
      CHECK(project.listener.notes ==
            std::vector<std::string>{
                "1: the file leaves these settings of the session changed: recursive_triggers; they were set "
                "back"});
    }
  }
}

TEST_CASE("statements that refuse a transaction run without one and are recorded" *
          doctest::skip(!is_server_expected("postgresql"))) {
  for (const TestServer& server : test_servers("postgresql")) {
    Project project(
        server, {{"0001_a.up.sql", "CREATE TABLE a (n INTEGER)"},
                 {"0001_a.down.sql", "DROP TABLE a"},
                 {"0002_b.up.1.sql", "-- toolkit: no-transaction\nCREATE INDEX CONCURRENTLY a_n ON a (n)"},
                 {"0002_b.up.2.sql", "INSERT INTO a VALUES (1)"},
                 {"0002_b.down.sql", "-- toolkit: no-transaction\nDROP INDEX CONCURRENTLY a_n"}});
    CHECK(project.outcome(Request::up()) == " +1 +2");
    CHECK(project.states() == "1 applied 1/1, 2 applied 2/2");
    CHECK(project.database.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_n'::regclass") ==
          "t");
    CHECK(project.outcome(redo()) == " -2 +2");
    CHECK(project.log() == "redo 2, redo 2");
    CHECK(project.outcome(down()) == " -2");
    CHECK(project.states() == "1 applied 1/1, 2 reverted 0/1");
  }
}

TEST_CASE("a stop between two versions ends the run with a truthful history") {
  FOR_EACH_SERVER(server) {
    Project project(server, three_tables());
    project.options.transaction = TransactionMode::each;
    std::stop_source source;
    project.options.stop = source.get_token();
    struct Stopper : Listener {
      explicit Stopper(std::stop_source& which) : stop(which) {}
      void finished(const Task& task, std::chrono::milliseconds duration) override {
        Listener::finished(task, duration);
        stop.request_stop();
      }
      std::stop_source& stop;
    } stopper(source);
    const RunReport report = project.migrator().run(Request::up(), stopper);
    REQUIRE(report.failed);
    CHECK(report.failed->kind == ErrorKind::interrupted);
    CHECK(stopper.finished_tasks == " +1");
    CHECK(report.done.size() == 1);
    // Where the end of one version and the claim of the next are one write, the next was begun: it is told as
    // the one that was interrupted, and its claim went back.
    CHECK(report.untouched.size() == (project.is_transactional() ? 2U : 1U));
    CHECK(project.states() ==
          (project.is_transactional() ? "1 applied 1/1" : "1 applied 1/1, 2 pending 0/1"));
    project.options.stop = {};
    CHECK(project.migrator().status().current == 1);
    CHECK(project.outcome(Request::up()) == " +2 +3");
  }
}

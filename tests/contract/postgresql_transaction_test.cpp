#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "postgresql_fixture.hpp"

using namespace toolkit;
using namespace toolkit::test;

TEST_SUITE_BEGIN("postgresql transaction" * doctest::skip(!is_server_expected("postgresql")));

TEST_CASE_FIXTURE(PostgresqlFixture, "a version and its row commit together, and its down too") {
  run(make_task(1, {"CREATE TABLE a (id int)", "INSERT INTO a VALUES (1)"}));
  CHECK(state(1) == "applied 2/2");
  CHECK(database.value("SELECT id FROM a") == "1");
  CHECK(told.lines == std::vector<std::string>{"started 1", "finished 1"});
  run(make_task(1, {"DROP TABLE a"}, Direction::down));
  CHECK(state(1) == "reverted 0/1");
  CHECK_FALSE(has_table("a"));
  run(make_task(1, {"CREATE TABLE a (id int)"}));
  CHECK(state(1) == "applied 1/1");
}

TEST_CASE_FIXTURE(PostgresqlFixture, "a version without a statement is recorded") {
  run(make_task(1, {}));
  CHECK(state(1) == "applied 1/1");
}

TEST_CASE_FIXTURE(PostgresqlFixture, "a failure leaves nothing of any version of the transaction") {
  const ErrorDetails details = failure({make_task(1, {"CREATE TABLE a (id int)"}),
                                        make_task(2, {"CREATE TABLE b (id int)", "CREATE TABEL c (id int)"}),
                                        make_task(3, {"CREATE TABLE d (id int)"})});
  CHECK(describe(details) ==
        "2.sql:1:8: syntax error at or near \"TABEL\"\n"
        "    CREATE TABEL c (id int);\n"
        "           ^\n"
        "  SQLSTATE 42601\n"
        "  next: the file needs exactly one statement that this server's version knows\n");
  CHECK(state(1) == "");
  CHECK(state(2) == "");
  CHECK_FALSE(has_table("a"));
  CHECK(told.lines == std::vector<std::string>{"started 1", "started 2"});
  run(make_task(1, {"CREATE TABLE a (id int)"}));
  CHECK(state(1) == "applied 1/1");
}

TEST_CASE_FIXTURE(PostgresqlFixture, "positions are characters of the file, not bytes") {
  const ErrorDetails details =
      failure(make_task(1, {"-- \xC3\xA9t\xC3\xA9\nSELECT '\xE2\x82\xAC', nme FROM pg_class"}));
  CHECK(details.position.line == 2);
  CHECK(details.position.column == 13);
  CHECK(details.position_is_exact);
  CHECK(details.sqlstate == "42703");
}

TEST_CASE_FIXTURE(PostgresqlFixture, "an error at COMMIT belongs to the version") {
  run(make_task(1, {"CREATE TABLE a (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)"}));
  const ErrorDetails details = failure(make_task(2, {"INSERT INTO a VALUES (1), (1)"}));
  CHECK(details.version == 2);
  CHECK(details.kind == ErrorKind::migration);
  CHECK(details.message == "at COMMIT: duplicate key value violates unique constraint \"a_id_key\"");
  CHECK(state(2) == "");
}

TEST_CASE_FIXTURE(PostgresqlFixture, "a claim that another runner has is told as such") {
  run(make_task(1, {"CREATE TABLE a (id int)"}));
  const ErrorDetails up = failure(make_task(1, {"CREATE TABLE a2 (id int)"}));
  CHECK(up.claim_lost);
  CHECK(up.kind == ErrorKind::lock);
  CHECK_FALSE(has_table("a2"));
  const ErrorDetails down = failure(make_task(2, {"DROP TABLE a"}, Direction::down));
  CHECK(down.claim_lost);
  CHECK(has_table("a"));
}

TEST_CASE_FIXTURE(PostgresqlFixture, "of two runners at once, one applies and the other loses the claim") {
  const Task task = make_task(1, {"CREATE TABLE a (id int)", "SELECT pg_sleep(0.3)"});
  std::string other;
  std::thread second([&] {
    const auto connection2 = open();
    RunContext context2 = make_context();
    context2.run_id = "fedcba9876543210fedcba9876543210";
    Told told2;
    UnitOfWork unit;
    unit.tasks = {task};
    try {
      connection2->run(unit, context2, told2);
      other = "applied";
    } catch (const Error& error) {
      other = error.details().claim_lost ? "lost" : error.what();
    }
  });
  std::string mine = "applied";
  try {
    run(task);
  } catch (const Error& error) {
    mine = error.details().claim_lost ? "lost" : error.what();
  }
  second.join();
  CHECK((mine == "applied") != (other == "applied"));
  CHECK((mine == "lost") != (other == "lost"));
  CHECK(state(1) == "applied 2/2");
}

TEST_CASE_FIXTURE(PostgresqlFixture, "a statement that ends the transaction is noticed at once") {
  for (const char* statement : {"COMMIT", "ROLLBACK"}) {
    CAPTURE(statement);
    const Version version = statement[0] == 'C' ? 1 : 2;
    const ErrorDetails details = failure(make_task(version, {statement, "CREATE TABLE behind (id int)"}));
    CHECK(details.message == "the statement ended the transaction that the toolkit holds");
    CHECK(details.kind == ErrorKind::migration);
    CHECK_FALSE(has_table("behind"));
  }
}

TEST_CASE_FIXTURE(PostgresqlFixture, "division by zero in a migration is its own error, no lost claim") {
  const ErrorDetails details = failure(make_task(1, {"SELECT 1/0"}));
  CHECK_FALSE(details.claim_lost);
  CHECK(details.message == "division by zero");
}

TEST_CASE_FIXTURE(PostgresqlFixture, "a second statement and a COPY with the client never run") {
  CHECK(failure(make_task(1, {"CREATE TABLE a (id int); CREATE TABLE b (id int)"})).sqlstate == "42601");
  CHECK(failure(make_task(1, {"COPY pg_class TO STDOUT"})).message ==
        "COPY that speaks to the client has no place in a migration");
  CHECK_THROWS_AS(connection->execute("COPY toolkit_log FROM STDIN"), Error);
  run(make_task(1, {"CREATE TABLE a (id int)"}));
  CHECK(state(1) == "applied 1/1");
}

TEST_CASE_FIXTURE(PostgresqlFixture,
                  "texts and answers larger than any buffer pass, thousands of messages too") {
  const std::string large = "SELECT '" + std::string(6'000'000, 'x') + "'";
  std::vector<Task> tasks;
  for (Version version = 1; version <= 4; ++version) {
    tasks.push_back(make_task(version, {large, large}));
  }
  for (Version version = 5; version <= 1'000; ++version) {
    tasks.push_back(make_task(version, {"CREATE TABLE IF NOT EXISTS a (id int)"}));
  }
  run(tasks);
  CHECK(database.value("SELECT count(*) FROM toolkit_history WHERE state = 'applied' AND version > 0") ==
        "1000");
}

TEST_CASE_FIXTURE(PostgresqlFixture, "notices reach the observer") {
  run(make_task(1, {"DO $$ BEGIN RAISE WARNING 'careful' USING HINT = 'do x'; END $$"}));
  run(make_task(2, {"DROP TABLE IF EXISTS nope"}));
  CHECK(told.has("note 1 WARNING: careful (do x)"));
  CHECK(told.has("note 2 NOTICE: table \"nope\" does not exist, skipping"));
}

TEST_CASE_FIXTURE(PostgresqlFixture, "a setting or role that a file leaves changed is told and set back") {
  database.run("CREATE ROLE " + database.name() + "_r");
  run({make_task(1, {"SELECT set_config('search_path', '', false)"}),
       make_task(2, {"CREATE TABLE a (id int)"})});
  run(make_task(3, {"SET ROLE " + database.name() + "_r"}));
  run(make_task(4, {"SET default_transaction_read_only = on"}));
  run(make_task(5, {"SET LOCAL work_mem = '8MB'"}));
  run(make_task(6, {"CREATE TABLE b (id int)"}));
  const std::string settings = " the file leaves these settings of the session changed: ";
  CHECK(told.has("note 1" + settings + "search_path; they were set back"));
  CHECK(told.has("note 3 the file leaves the session's role changed; it was set back"));
  CHECK(told.has("note 4" + settings + "default_transaction_read_only; they were set back"));
  CHECK_FALSE(told.has("note 5" + settings + "work_mem; they were set back"));
  CHECK(database.value("SELECT tableowner FROM pg_tables WHERE tablename = 'b'") != database.name() + "_r");
  database.run("DROP ROLE " + database.name() + "_r");
}

TEST_CASE_FIXTURE(PostgresqlFixture, "a lock wait is bounded and says who is in the way") {
  run(make_task(1, {"CREATE TABLE crowded (id int)"}));
  const auto other = database.connect();
  other->run("BEGIN");
  other->run("LOCK TABLE crowded IN ACCESS EXCLUSIVE MODE");
  Task task = make_task(2, {"ALTER TABLE crowded ADD COLUMN b int"});
  task.steps[0].directives.lock_timeout = std::chrono::milliseconds(200);
  const ErrorDetails details = failure(task);
  CHECK(details.kind == ErrorKind::timeout);
  CHECK(details.sqlstate == "55P03");
  CHECK(connection->is_worth_retrying(details));
  CHECK(details.message.find("canceling statement due to lock timeout; process ") == 0);
  CHECK(details.message.find("holds a lock on crowded") != std::string::npos);
  CHECK(state(2) == "");
  other->run("ROLLBACK");
  run(task);
  CHECK(state(2) == "applied 1/1");
}

TEST_CASE_FIXTURE(PostgresqlFixture, "who blocks is seen while the statement waits, and told") {
  run(make_task(1, {"CREATE TABLE narrow (id int)"}));
  const auto other = database.connect();
  other->run("BEGIN");
  other->run("/* of somebody else */ SELECT count(*) FROM narrow");
  Task task = make_task(2, {"TRUNCATE narrow"});
  task.steps[0].directives.lock_timeout = std::chrono::milliseconds(1'500);
  const ErrorDetails details = failure(task);
  const std::string pid = other->value("SELECT pg_backend_pid()");
  CHECK(details.message.find("canceling statement due to lock timeout; it was blocked by process " + pid +
                             " (") == 0);
  CHECK(details.message.find(", idle in transaction, transaction since ") != std::string::npos);
  CHECK(details.message.find(" UTC: \"/* of somebody else */ SELECT count(*) FROM narrow\")") !=
        std::string::npos);
  REQUIRE_FALSE(told.waits.empty());
  CHECK(told.waits.front().find("a lock, blocked by process " + pid) == 0);
  other->run("ROLLBACK");
  // The session that looked is gone with the unit.
  CHECK(database.value("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND"
                       " application_name = 'toolkit'") == "1");
}

TEST_CASE_FIXTURE(PostgresqlFixture, "a deadlock names the other one, and can be tried again") {
  run(make_task(1, {"CREATE TABLE x (id int)", "CREATE TABLE y (id int)"}));
  const auto other = database.connect();
  other->run("SET deadlock_timeout = '60s'");  // so that it is this run that the server ends
  other->run("BEGIN");
  other->run("LOCK TABLE x IN ACCESS EXCLUSIVE MODE");
  const std::string pid = other->value("SELECT pg_backend_pid()");
  std::thread crossing([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    other->run("LOCK TABLE y IN ACCESS EXCLUSIVE MODE");
  });
  Task task =
      make_task(2, {"LOCK TABLE y IN ACCESS EXCLUSIVE MODE", "LOCK TABLE x IN ACCESS EXCLUSIVE MODE"});
  task.steps[1].directives.lock_timeout = std::chrono::seconds(20);
  const ErrorDetails details = failure(task);
  crossing.join();
  CHECK(details.sqlstate == "40P01");
  CHECK(details.message.find("deadlock detected; with process " + pid + " (") == 0);
  CHECK(connection->is_worth_retrying(details));
}

TEST_CASE_FIXTURE(PostgresqlFixture, "a statement timeout is one, and its step's alone") {
  Task task = make_task(1, {"SELECT 1", "SELECT pg_sleep(30)"});
  task.steps[1].directives.statement_timeout = std::chrono::milliseconds(100);
  const ErrorDetails details = failure(task);
  CHECK(details.kind == ErrorKind::timeout);
  CHECK(details.step == 2);
  CHECK(details.message == "canceling statement due to statement timeout");
  CHECK_FALSE(connection->is_worth_retrying(details));
  run(make_task(2, {"SELECT pg_sleep(0.2)"}));
}

TEST_CASE_FIXTURE(PostgresqlFixture,
                  "cancel from another thread stops the statement, and the session lives") {
  std::thread canceller([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    connection->cancel();
  });
  const ErrorDetails details = failure(make_task(1, {"CREATE TABLE a (id int)", "SELECT pg_sleep(30)"}));
  canceller.join();
  CHECK(details.sqlstate == "57014");
  CHECK_FALSE(has_table("a"));
  run(make_task(1, {"CREATE TABLE a (id int)"}));
}

TEST_CASE_FIXTURE(PostgresqlFixture, "a stop is heard while a statement runs") {
  std::stop_source stop;
  context.stop = stop.get_token();
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    stop.request_stop();
  });
  CHECK(failure(make_task(1, {"SELECT pg_sleep(30)"})).sqlstate == "57014");
  stopper.join();
  CHECK(failure(make_task(1, {"SELECT 1"})).kind == ErrorKind::interrupted);
}

TEST_CASE_FIXTURE(PostgresqlFixture, "a lost connection is told, and nothing is left behind") {
  const ErrorDetails details =
      failure(make_task(1, {"CREATE TABLE a (id int)", "SELECT pg_terminate_backend(pg_backend_pid())",
                            "CREATE TABLE b (id int)"}));
  CHECK(details.connection_lost);
  CHECK(details.kind == ErrorKind::connection);
  CHECK(details.version == 1);
  CHECK(details.step == 2);
  CHECK(details.position.path == "1.sql");
  CHECK(details.source_line == "SELECT pg_terminate_backend(pg_backend_pid());");
  CHECK(state(1) == "");
  CHECK_FALSE(has_table("a"));
  CHECK_THROWS_AS(connection->query(context.sql.read, {}, 17), Error);
}

TEST_SUITE_END();

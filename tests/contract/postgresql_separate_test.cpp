#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "postgresql_fixture.hpp"

using namespace toolkit;
using namespace toolkit::test;

TEST_SUITE_BEGIN("postgresql separate" * doctest::skip(!is_server_expected("postgresql")));

TEST_CASE_FIXTURE(PostgresqlFixture, "statements that refuse a transaction run behind a committed intent") {
  const auto held = lock();
  run(make_task(1, {"CREATE TABLE a (id int)"}));
  run(make_task(2, {"CREATE INDEX CONCURRENTLY a_id ON a (id)"}), UnitKind::separate);
  run(make_task(3, {"VACUUM a", "VACUUM toolkit_log"}), UnitKind::separate);
  CHECK(state(2) == "applied 1/1");
  CHECK(state(3) == "applied 2/2");
  run(make_task(2, {"DROP INDEX CONCURRENTLY a_id"}, Direction::down), UnitKind::separate);
  CHECK(state(2) == "reverted 0/1");
}

TEST_CASE_FIXTURE(PostgresqlFixture, "in a transaction the server refuses them and the advice says how") {
  const ErrorDetails details = failure(make_task(1, {"VACUUM"}));
  CHECK(details.sqlstate == "25001");
  CHECK(details.advice.find("-- toolkit: no-transaction") != std::string::npos);
}

TEST_CASE_FIXTURE(PostgresqlFixture, "without the lock nothing is claimed") {
  const ErrorDetails details = failure(make_task(1, {"VACUUM"}), UnitKind::separate);
  CHECK(details.kind == ErrorKind::lock);
  CHECK(details.message == "this session does not hold the lock between runners");
  CHECK(state(1) == "");
}

TEST_CASE_FIXTURE(PostgresqlFixture, "an answered error takes the claim back to the last finished step") {
  const auto held = lock();
  const ErrorDetails first = failure(make_task(1, {"VACUUM nope"}), UnitKind::separate);
  CHECK(first.kind == ErrorKind::migration);
  CHECK(first.sqlstate == "42P01");
  CHECK(state(1) == "pending 0/1");
  run(make_task(1, {"VACUUM"}), UnitKind::separate);
  CHECK(state(1) == "applied 1/1");

  failure(make_task(2, {"VACUUM", "VACUUM nope"}), UnitKind::separate);
  CHECK(state(2) == "applying 1/2");
  Task rest = make_task(2, {"VACUUM nope", "VACUUM"});
  rest.steps.erase(rest.steps.begin());
  rest.first_step = 2;
  run(rest, UnitKind::separate);
  CHECK(state(2) == "applied 2/2");

  failure(make_task(1, {"VACUUM nope"}, Direction::down), UnitKind::separate);
  CHECK(state(1) == "applied 1/1");
}

TEST_CASE_FIXTURE(PostgresqlFixture,
                  "a connection lost inside leaves the intent, and says that nothing is known") {
  const auto held = lock();
  const ErrorDetails details =
      failure(make_task(1, {"SELECT pg_terminate_backend(pg_backend_pid())"}), UnitKind::separate);
  CHECK(details.connection_lost);
  CHECK(state(1) == "applying 0/1 in flight");
}

TEST_CASE_FIXTURE(PostgresqlFixture, "an invalid index of a failed attempt does not stay") {
  const auto held = lock();
  database.run("CREATE TABLE a (id int)");
  database.run("INSERT INTO a VALUES (1), (1)");
  const ErrorDetails details =
      failure(make_task(1, {"CREATE UNIQUE INDEX CONCURRENTLY a_id ON a (id)"}), UnitKind::separate);
  CHECK(details.sqlstate == "23505");
  CHECK(details.message == "could not create unique index \"a_id\"");
  CHECK(told.has("note 1 the invalid index public.a_id that this attempt left was dropped"));
  CHECK(state(1) == "pending 0/1");
  CHECK(database.value("SELECT count(*) FROM pg_index WHERE indrelid = 'a'::regclass") == "0");
}

TEST_CASE_FIXTURE(PostgresqlFixture, "an invalid index with its name is dropped and built again") {
  const auto held = lock();
  database.run("CREATE TABLE a (id int)");
  for (const char* exists : {"", "IF NOT EXISTS "}) {
    CAPTURE(exists);
    database.run("CREATE INDEX a_id ON a (id)");
    database.run("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'a_id'::regclass");
    told = {};
    run(make_task(exists[0] == 0 ? 1 : 2,
                  {"CREATE INDEX CONCURRENTLY " + std::string(exists) + "a_id ON a (id)"}),
        UnitKind::separate);
    const std::string number = exists[0] == 0 ? "1" : "2";
    CHECK(told.has("note " + number +
                   " the invalid index public.a_id of an earlier attempt was dropped, it is built again"));
    CHECK(state(exists[0] == 0 ? 1 : 2) == "applied 1/1");
    CHECK(database.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_id'::regclass") == "t");
    database.run("DROP INDEX a_id");
  }
  database.run("CREATE INDEX a_id ON a (id)");
  CHECK(failure(make_task(3, {"CREATE INDEX CONCURRENTLY a_id ON a (id)"}), UnitKind::separate).sqlstate ==
        "42P07");
  CHECK(database.value("SELECT count(*) FROM pg_index WHERE indrelid = 'a'::regclass") == "1");
}

TEST_CASE_FIXTURE(PostgresqlFixture, "a build that ran into a lock timeout leaves no invalid index") {
  const auto held = lock();
  database.run("CREATE TABLE a (id int)");
  const auto other = database.connect();
  other->run("BEGIN");
  other->run("INSERT INTO a VALUES (1)");
  std::thread ends([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(900));
    other->run("COMMIT");
  });
  Task task = make_task(1, {"CREATE INDEX CONCURRENTLY a_id ON a (id)"});
  task.steps[0].directives.lock_timeout = std::chrono::milliseconds(300);
  const ErrorDetails details = failure(task, UnitKind::separate);
  ends.join();
  CHECK(details.sqlstate == "55P03");
  CHECK(connection->is_worth_retrying(details));
  CHECK(told.has("note 1 the invalid index public.a_id that this attempt left was dropped"));
  CHECK(database.value("SELECT count(*) FROM pg_index WHERE indrelid = 'a'::regclass") == "0");
  run(task, UnitKind::separate);
  CHECK(state(1) == "applied 1/1");
}

TEST_CASE_FIXTURE(PostgresqlFixture, "a build waits for a transaction that is open for longer than 3 s") {
  const auto held = lock();
  database.run("CREATE TABLE a (id int)");
  const auto other = database.connect();
  other->run("BEGIN");
  other->run("INSERT INTO a VALUES (1)");
  std::thread ends([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(3'400));
    other->run("COMMIT");
  });
  run(make_task(1, {"CREATE INDEX CONCURRENTLY a_id ON a (id)"}), UnitKind::separate);
  ends.join();
  CHECK(state(1) == "applied 1/1");
  CHECK(database.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_id'::regclass") == "t");
}

// Its first half cannot be run again: once taken back, the version would have failed for ever.
TEST_CASE_FIXTURE(PostgresqlFixture, "a partition whose detaching was begun keeps its intent") {
  if (std::stoi(database.value("SHOW server_version_num")) < 140'000) {
    return;
  }
  const auto held = lock();
  database.run("CREATE TABLE a (id int) PARTITION BY LIST (id)");
  database.run("CREATE TABLE a1 PARTITION OF a FOR VALUES IN (1)");
  Task task = make_task(1, {"ALTER TABLE a DETACH PARTITION a1 CONCURRENTLY"});
  task.steps[0].directives.lock_timeout = std::chrono::milliseconds(300);
  {
    const auto other = database.connect();
    other->run("BEGIN");
    other->run("SELECT * FROM a");
    const ErrorDetails details = failure(task, UnitKind::separate);
    CHECK(details.sqlstate == "55P03");
    CHECK(details.advice == "the partition is being detached already; the next run ends that");
    CHECK(state(1) == "applying 0/1 in flight");
  }
  const std::string mark = database.value("SELECT mark FROM toolkit_history WHERE version = 1");
  const Judgement judgement = connection->settle({task, mark}, context, told);
  CHECK(judgement.verdict == Verdict::took_effect);
  CHECK(database.value("SELECT count(*) FROM pg_inherits") == "0");
}

TEST_CASE_FIXTURE(PostgresqlFixture, "an index is built next to a runner that waits for the lock") {
  auto held = lock();
  database.run("CREATE TABLE a (id int)");
  std::string second = "nothing";
  std::thread waiter([&] {
    const auto other = open();
    Told ignored;
    const auto theirs = other->lock({context.place, std::chrono::seconds(20)}, ignored);
    second = ignored.waits.empty() ? "at once" : "waited";
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  run(make_task(1, {"CREATE INDEX CONCURRENTLY a_id ON a (id)"}), UnitKind::separate);
  held.reset();
  waiter.join();
  CHECK(second == "waited");
  CHECK(state(1) == "applied 1/1");
}

TEST_CASE_FIXTURE(PostgresqlFixture, "a down that the server refuses leaves the row as it was") {
  const auto held = lock();
  const std::string row =
      "SELECT started_at, finished_at, duration_ms, run_id, applied_by, tool_version, state, step "
      "FROM toolkit_history WHERE version = 1";
  run(make_task(1, {"CREATE TABLE a (id int)"}));
  const auto before = database.rows(row);
  context.run_id = std::string(32, 'f');
  context.applied_by = "another@host 2";
  failure(make_task(1, {"VACUUM nope"}, Direction::down), UnitKind::separate);
  CHECK(database.rows(row) == before);
}

TEST_CASE_FIXTURE(PostgresqlFixture, "a statement that opens a transaction is rolled back and told") {
  const auto held = lock();
  Task task = make_task(1, {"BEGIN"});
  task.steps[0].directives.no_transaction = true;
  CHECK(failure(task, UnitKind::separate).message == "the statement opened a transaction");
  CHECK(state(1) == "pending 0/1");
}

TEST_CASE_FIXTURE(PostgresqlFixture, "an error of a step inside a transaction takes the claim back") {
  const auto held = lock();
  database.run("CREATE TABLE a (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)");
  failure(make_task(1, {"VACUUM a", "INSERT INTO nope VALUES (1)"}), UnitKind::separate);
  CHECK(state(1) == "applying 1/2");
  const ErrorDetails at_commit =
      failure(make_task(2, {"INSERT INTO a VALUES (1), (1)", "VACUUM a"}), UnitKind::separate);
  CHECK(at_commit.message == "at COMMIT: duplicate key value violates unique constraint \"a_id_key\"");
  CHECK(at_commit.position.path == "2.sql");
  CHECK(state(2) == "pending 0/2");
}

TEST_CASE_FIXTURE(PostgresqlFixture, "settings that a file leaves changed do not reach the next") {
  const auto held = lock();
  run(make_task(1, {"SET work_mem = '8MB'"}), UnitKind::separate);
  CHECK(
      told.has("note 1 the file leaves these settings of the session changed: work_mem; they were set back"));
  CHECK(connection->query("SELECT current_setting('work_mem')", {}, 1)[0][0] != "8MB");
}

TEST_CASE_FIXTURE(PostgresqlFixture, "one holds the lock, the other hears of it and gives up in time") {
  const auto second = open();
  std::unique_ptr<RunnerLock> held = lock();
  Told waiting;
  try {
    second->lock({context.place, std::chrono::milliseconds(300)}, waiting);
    FAIL("no error");
  } catch (const Error& error) {
    const std::string message = error.what();
    CHECK(error.kind() == ErrorKind::lock);
    CHECK(message.find("another runner holds the lock of this database: process ") == 0);
    CHECK(message.find("(toolkit, user ") != std::string::npos);
  }
  CHECK_FALSE(waiting.waits.empty());
  HistoryPlace elsewhere = context.place;
  elsewhere.table = "other_history";
  CHECK_NOTHROW(second->lock({elsewhere, std::chrono::milliseconds(0)}, waiting));
  held.reset();
  CHECK_NOTHROW(second->lock({context.place, std::chrono::milliseconds(0)}, waiting));
}

TEST_SUITE_END();

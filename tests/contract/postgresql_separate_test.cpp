#include <doctest/doctest.h>

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

TEST_CASE_FIXTURE(PostgresqlFixture, "an invalid index is named, also where IF NOT EXISTS reports success") {
  const auto held = lock();
  database.run("CREATE TABLE a (id int)");
  database.run("INSERT INTO a VALUES (1), (1)");
  const ErrorDetails details =
      failure(make_task(1, {"CREATE UNIQUE INDEX CONCURRENTLY a_id ON a (id)"}), UnitKind::separate);
  CHECK(details.sqlstate == "23505");
  CHECK(details.advice ==
        "the invalid index a_id is there, perhaps of this attempt: DROP INDEX CONCURRENTLY a_id, then run "
        "again");
  CHECK(state(1) == "pending 0/1");
  const ErrorDetails again = failure(
      make_task(1, {"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS a_id ON a (id)"}), UnitKind::separate);
  CHECK(again.message == "the server reported success over an invalid index");
  CHECK(state(1) == "pending 0/1");
}

TEST_CASE_FIXTURE(PostgresqlFixture, "a statement that opens a transaction is rolled back and told") {
  const auto held = lock();
  CHECK(failure(make_task(1, {"BEGIN"}), UnitKind::separate).message == "the statement opened a transaction");
  CHECK(state(1) == "pending 0/1");
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

#ifdef TOOLKIT_WITH_MYSQL

#include <thread>

#include "mysql_fixture.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

std::string create_table(int number) {
  return "CREATE TABLE t" + std::to_string(number) + " (id int PRIMARY KEY)";
}

std::string row_of(const TestDatabase& database, Version version) {
  const std::vector<TextRow> rows = database.rows(
      "SELECT state, started_at, finished_at, duration_ms, run_id, applied_by, mark FROM "
      "toolkit_history WHERE version = " +
      std::to_string(version));
  std::string text;
  for (const std::string& field : rows.at(0)) {
    text += field + "|";
  }
  return text;
}

}  // namespace

TEST_CASE(
    "mysql: the history stands on InnoDB, compares bytes, and is made once however often it is asked for") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner first(database);
    MysqlRunner second(database);
    CHECK(database.rows("SELECT engine, table_collation FROM information_schema.tables WHERE table_schema = "
                        "DATABASE() ORDER BY table_name") ==
          std::vector<TextRow>{{"InnoDB", "utf8mb4_bin"}, {"InnoDB", "utf8mb4_bin"}});
    CHECK(database.rows("SELECT version, name, state, step FROM toolkit_history") ==
          std::vector<TextRow>{{"0", "format", "applied", "1"}});
  }
}

TEST_CASE("mysql: a history on another engine is refused before anything runs") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner runner(database);
    database.run("ALTER TABLE toolkit_history ENGINE=MyISAM");
    const auto lock = runner.lock();
    const ErrorDetails error = runner.failure({task_of(1, create_table(1))});
    CHECK(describe(error) ==
          "error: the history table `" + database.name() +
              "`.`toolkit_history` stands on the engine MyISAM, not on InnoDB: a crash could lose "
              "its rows\n  next: ALTER TABLE `" +
              database.name() + "`.`toolkit_history` ENGINE=InnoDB\n");
    CHECK(database.value("SELECT count(*) FROM information_schema.tables WHERE table_schema = DATABASE()") ==
          "2");
  }
}

TEST_CASE("mysql: a chain of ups and downs is recorded version by version") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner runner(database);
    const auto lock = runner.lock();
    runner.run(
        {task_of(1, create_table(1)), task_of(2, std::vector<std::string>{}), task_of(3, create_table(3))});
    CHECK(states(database) == "1 applied 1/1, 2 applied 0/0, 3 applied 1/1");
    CHECK(runner.told.lines ==
          Lines{"started 1", "finished 1", "started 2", "finished 2", "started 3", "finished 3"});
    CHECK(database.value(
              "SELECT count(*) FROM toolkit_history WHERE mark IS NOT NULL OR (version > 0 AND (finished_at "
              "< started_at OR duration_ms < 0 OR duration_ms IS NULL))") == "0");
    CHECK(database.value("SELECT down_steps FROM toolkit_history WHERE version = 3") ==
          task_of(3, "x").down_steps);

    runner.run({task_of(3, "DROP TABLE t3", Direction::down), task_of(1, "DROP TABLE t1", Direction::down)});
    CHECK(states(database) == "1 reverted 0/1, 2 applied 0/0, 3 reverted 0/1");
    runner.run({task_of(1, create_table(1)), task_of(3, create_table(3))});
    CHECK(states(database) == "1 applied 1/1, 2 applied 0/0, 3 applied 1/1");
    CHECK(database.value("SELECT count(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND "
                         "table_name IN ('t1', 't3')") == "2");
  }
}

TEST_CASE("mysql: times are RFC 3339 in UTC with microseconds, whatever the session's time zone") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner runner(database);
    const auto lock = runner.lock();
    runner.run({task_of(1, "SET time_zone = '+05:30'"), task_of(2, create_table(2))});
    const Rows rows = runner.connection->query(runner.context.sql.read, {}, 17);
    REQUIRE(rows.size() == 3);
    for (const std::size_t column : {12U, 13U}) {
      const std::string text = rows[1][column].value_or("");
      REQUIRE(text.size() == 27);
      CHECK(text[10] == 'T');
      CHECK(text[26] == 'Z');
    }
    CHECK(database.value(
              "SELECT ABS(TIMESTAMPDIFF(SECOND, finished_at, UTC_TIMESTAMP())) < 60 FROM toolkit_history "
              "WHERE version = 1") == "1");
    CHECK(rows[2][16] == "0");
  }
}

TEST_CASE("mysql: an answered error takes the claim back and leaves what was done") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner runner(database);
    const auto lock = runner.lock();
    const ErrorDetails error = runner.failure(
        {task_of(1, create_table(1)), task_of(2, "CREATE TABLE t1 (x int)"), task_of(3, create_table(3))});
    CHECK(error.version == 2);
    CHECK(error.native_code == "1050");
    CHECK(error.kind == ErrorKind::migration);
    CHECK(states(database) == "1 applied 1/1, 2 pending 0/1");
    runner.run({task_of(2, create_table(2))});
    CHECK(states(database) == "1 applied 1/1, 2 applied 1/1");
  }
}

TEST_CASE("mysql: a refused down leaves its row as it was") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner runner(database, 'a');
    {
      const auto lock = runner.lock();
      runner.run({task_of(1, create_table(1)), task_of(2, create_table(2))});
    }
    const std::string first = row_of(database, 1);
    const std::string second = row_of(database, 2);
    database.run("DROP TABLE t1");
    MysqlRunner other(database, 'b');
    const auto lock = other.lock();
    CHECK(other.failure({task_of(1, "DROP TABLE t1", Direction::down)}).native_code == "1051");
    CHECK(row_of(database, 1) == first);
    // The same behind a chain.
    CHECK(other
              .failure({task_of(2, "DROP TABLE t2", Direction::down),
                        task_of(1, "DROP TABLE t1", Direction::down)})
              .version == 1);
    CHECK(row_of(database, 1) == first);
    CHECK(row_of(database, 2) != second);
    CHECK(states(database) == "1 applied 1/1, 2 reverted 0/1");
  }
}

TEST_CASE("mysql: steps are recorded one by one, and an interrupted version goes on where it stands") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner runner(database);
    const auto lock = runner.lock();
    const Task task = task_of(
        1, std::vector<std::string>{create_table(1), "INSERT INTO t1 VALUES (1)", "CREATE TABLE t1 (x int)"});
    const ErrorDetails error = runner.failure({task});
    CHECK(error.step == 3);
    CHECK(states(database) == "1 applying 2/3");
    CHECK(database.value("SELECT mark IS NULL FROM toolkit_history WHERE version = 1") == "1");
    Task rest = task;
    rest.first_step = 3;
    rest.steps = {step_of(create_table(3), 3)};
    runner.run({rest});
    CHECK(states(database) == "1 applied 3/3");
    CHECK(database.value("SELECT count(*) FROM t1") == "1");
  }
}

TEST_CASE("mysql: while a statement runs its intent is committed and says what it is") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner runner(database);
    const auto lock = runner.lock();
    runner.run(
        {task_of(1, "CREATE TABLE seen (version bigint, state varchar(16), mark text) ENGINE=InnoDB"),
         task_of(2, "INSERT INTO seen SELECT version, state, mark FROM toolkit_history WHERE version = 2"),
         task_of(
             3, "CREATE TABLE seen3 AS SELECT version, state, mark FROM toolkit_history WHERE version = 3")});
    CHECK(database.value("SELECT state FROM seen") == "applying");
    CHECK(database.value("SELECT mark LIKE '{\"format\":1,\"class\":\"row-change\",\"tag\":%' FROM seen") ==
          "1");
    CHECK(database.value("SELECT state FROM seen3") == "applying");
    CHECK(database.value("SELECT mark LIKE '{\"format\":1,\"class\":\"statement\",\"tag\":%' FROM seen3") ==
          "1");
  }
}

TEST_CASE("mysql: a version that another runner has is never run, alone and in a chain") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner runner(database);
    const auto lock = runner.lock();
    runner.run({task_of(2, create_table(2)), task_of(3, std::vector<std::string>{}),
                task_of(4, std::vector<std::string>{})});
    database.run(
        "UPDATE toolkit_history SET state = 'applying', run_id = 'other', mark = '{}' WHERE version = 3");
    const std::string theirs = row_of(database, 3);

    ErrorDetails error = runner.failure({task_of(3, create_table(3))});
    CHECK(error.claim_lost);
    CHECK(error.kind == ErrorKind::lock);
    CHECK(error.message == "another runner has taken version 3");
    CHECK(runner.failure({task_of(1, create_table(1)), task_of(3, create_table(3))}).claim_lost);
    CHECK(runner.failure({task_of(4, "DO 1", Direction::down), task_of(3, "DO 1", Direction::down)})
              .claim_lost);
    CHECK(states(database) == "1 applied 1/1, 2 applied 1/1, 3 applying 0/0, 4 reverted 0/1");
    CHECK(row_of(database, 3) == theirs);
    CHECK(database.value("SELECT count(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND "
                         "table_name = 't3'") == "0");
  }
}

TEST_CASE("mysql: without the lock nothing is claimed") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner runner(database);
    const ErrorDetails error = runner.failure({task_of(1, create_table(1))});
    CHECK(error.claim_lost);
    CHECK(error.message ==
          "version 1 could not be claimed: the lock between runners is lost, or the version is gone");
    CHECK(states(database).empty());
    runner.context.lock_name.clear();  // a run that goes without
    runner.run({task_of(1, create_table(1)), task_of(2, create_table(2))});
    CHECK(states(database) == "1 applied 1/1, 2 applied 1/1");
  }
}

TEST_CASE("mysql: two runners without a lock, one claim") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner first(database, 'a');
    MysqlRunner second(database, 'b');
    database.run("CREATE TABLE done (version int, run_id char(1)) ENGINE=InnoDB");
    constexpr int rounds = 40;
    const auto race = [&](MysqlRunner& runner, char id) {
      runner.context.lock_name.clear();
      for (int i = 1; i <= rounds; ++i) {
        const std::string number = std::to_string(i);
        try {
          runner.run({task_of(i, "INSERT INTO done VALUES (" + number + ", '" + id + "')")});
        } catch (const Error& error) {
          CHECK_MESSAGE((error.details().claim_lost || runner.connection->is_worth_retrying(error.details())),
                        error.what());
        }
      }
    };
    std::thread other([&] { race(second, 'b'); });
    race(first, 'a');
    other.join();
    CHECK(database.value("SELECT count(*) FROM done") == std::to_string(rounds));
    CHECK(database.value("SELECT count(DISTINCT version) FROM done") == std::to_string(rounds));
    CHECK(database.value("SELECT count(*) FROM toolkit_history WHERE state = 'applied' AND version > 0") ==
          std::to_string(rounds));
  }
}

TEST_CASE("mysql: a row of the log shares the transaction of the change it tells of") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner runner(database);
    const auto lock = runner.lock();
    Task late = task_of(1, create_table(1));
    late.log_action = "allow-late";
    runner.run({late, task_of(2, create_table(2))});
    CHECK(database.rows("SELECT action, version, run_id FROM toolkit_log") ==
          std::vector<TextRow>{{"allow-late", "1", std::string(32, 'a')}});
    CHECK(states(database) == "1 applied 1/1, 2 applied 1/1");
  }
}

#endif

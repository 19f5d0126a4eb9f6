#ifdef TOOLKIT_WITH_MYSQL

#include <algorithm>
#include <chrono>
#include <thread>

#include "mysql_fixture.hpp"

using namespace toolkit;
using namespace toolkit::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* settings =
    "CONCAT_WS(' ', @@SESSION.time_zone, @@character_set_client, @@foreign_key_checks + 0, @@unique_checks + "
    "0, "
    "@@autocommit + 0, "
    "@@lock_wait_timeout, @@innodb_lock_wait_timeout, @@sort_buffer_size)";

using Steps = std::vector<std::string>;

Task with_limit(Task task, std::chrono::milliseconds limit) {
  task.steps.at(0).directives.statement_timeout = limit;
  return task;
}

std::chrono::milliseconds since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
}

}  // namespace

TEST_CASE("mysql: every migration finds the same settings, whatever the one before did") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner runner(database);
    const auto lock = runner.lock();
    const std::string server_mode =
        runner.connection->query("SELECT @@sql_mode", {}, 1).at(0).at(0).value_or("");
    const std::string buffer = database.value("SELECT @@sort_buffer_size");
    const std::string see = std::string("INSERT INTO seen SELECT ") + settings + ", @@sql_mode";
    runner.run({task_of(1, "CREATE TABLE seen (s text, m text) ENGINE=InnoDB"), task_of(2, see),
                task_of(3,
                        "SET SESSION time_zone = '+05:00', sql_mode = 'ANSI_QUOTES', foreign_key_checks = 0, "
                        "sort_buffer_size = 400000"),
                task_of(4, see), task_of(5, "SET NAMES latin1"), task_of(6, see),
                task_of(7,
                        "CREATE PROCEDURE p() BEGIN SET SESSION unique_checks = 0; SET SESSION "
                        "lock_wait_timeout = 77; END"),
                task_of(8, "CALL p()"), task_of(9, see)});
    const std::string expected = "+00:00 utf8mb4 1 1 1 5 30 " + buffer;
    CHECK(database.value("SELECT GROUP_CONCAT(DISTINCT s) FROM seen") == expected);
    CHECK(database.value("SELECT GROUP_CONCAT(DISTINCT m SEPARATOR ';') FROM seen") == server_mode);
    CHECK(database.value("SELECT down_steps FROM toolkit_history WHERE version = 6") ==
          task_of(6, "x").down_steps);
    const auto told = [&](const std::string& text) {
      return std::count(runner.told.notes.begin(), runner.told.notes.end(), text);
    };
    CHECK(
        told(
            "the file leaves the session's time_zone changed (+05:00); it is set back before the next one") ==
        1);
    CHECK(told("the file leaves the session's sort_buffer_size changed (400000); it is set back before the "
               "next one") == 1);
    CHECK(told("the file leaves the session's unique_checks changed (OFF); it is set back before the next "
               "one") == 1);
  }
}

TEST_CASE("mysql: a SET holds for the steps behind it, not for the next version") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner runner(database);
    const auto lock = runner.lock();
    runner.run({task_of(1, Steps{"CREATE TABLE p (id int PRIMARY KEY) ENGINE=InnoDB",
                                 "CREATE TABLE c (p int, FOREIGN KEY (p) REFERENCES p (id)) ENGINE=InnoDB"}),
                task_of(2, Steps{"SET @old = @@foreign_key_checks, foreign_key_checks = 0", "SET @id = 7",
                                 "INSERT INTO c VALUES (@id)", "DROP TABLE p", "DELETE FROM c",
                                 "INSERT INTO c VALUES (@id + 1)", "SET foreign_key_checks = @old"}),
                task_of(3, "CREATE TABLE p (id int PRIMARY KEY) ENGINE=InnoDB"),
                task_of(4, "CREATE TABLE seen AS SELECT @@foreign_key_checks + 0 AS f")});
    CHECK(database.value("SELECT GROUP_CONCAT(p) FROM c") == "8");
    CHECK(database.value("SELECT f FROM seen") == "1");
    CHECK(runner.told.notes.empty());
  }
}

TEST_CASE("mysql: an interrupted version goes on with what its finished steps left in the session") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    const std::vector<std::string> steps = {"SET foreign_key_checks = 0, @a = 5", "SET @id = 7",
                                            "INSERT INTO c SELECT @id + @a + n FROM later"};
    {
      MysqlRunner runner(database);
      const auto lock = runner.lock();
      runner.run(
          {task_of(1, Steps{"CREATE TABLE p (id int PRIMARY KEY) ENGINE=InnoDB",
                            "CREATE TABLE c (p int, FOREIGN KEY (p) REFERENCES p (id)) ENGINE=InnoDB"})});
      CHECK(runner.failure({task_of(2, steps)}).native_code == "1146");
    }
    MysqlRunner runner(database);
    const auto lock = runner.lock();
    runner.run({task_of(9, Steps{"CREATE TABLE later AS SELECT 1 AS n"})});
    const auto behind = [](const std::vector<std::string>& all, int first) {
      Task task = task_of(2, all);
      task.first_step = first;
      task.finished_steps.assign(task.steps.begin(), task.steps.begin() + first - 1);
      task.steps.erase(task.steps.begin(), task.steps.begin() + first - 1);
      return task;
    };
    runner.run({behind(steps, 3)});
    CHECK(database.value("SELECT GROUP_CONCAT(p) FROM c") == "13");
    // What was computed before something else changed cannot be made again.
    Task lost =
        behind(Steps{"SET @n = (SELECT MAX(p) FROM c)", "DELETE FROM c", "INSERT INTO c VALUES (@n)"}, 3);
    lost.version = 3;
    const ErrorDetails error = runner.failure({lost});
    CHECK(error.kind == ErrorKind::unsettled);
    CHECK(error.message ==
          "a step of 3_v2 that is still to run needs @N, which a finished one has left in a session "
          "that is gone; tables or rows have changed since");
    CHECK(database.value("SELECT GROUP_CONCAT(p) FROM c") == "13");
  }
}

TEST_CASE("mysql: a configured sql_mode and a file's lock-timeout are in force") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner runner(database);
    const auto lock = runner.lock();
    runner.context.sql_mode = "ANSI_QUOTES";
    Task second = task_of(2, "INSERT INTO \"seen\" SELECT @@sql_mode, @@lock_wait_timeout");
    second.steps[0].directives.lock_timeout = 1500ms;
    runner.run({task_of(1, "CREATE TABLE \"seen\" (m text, w int) ENGINE=InnoDB"), second,
                task_of(3, "INSERT INTO seen SELECT @@sql_mode, @@lock_wait_timeout")});
    CHECK(database.rows("SELECT m, w FROM seen ORDER BY w") ==
          std::vector<TextRow>{{"ANSI_QUOTES", "2"}, {"ANSI_QUOTES", "5"}});
  }
}

TEST_CASE("mysql: a wait for a lock is bounded and says who holds transactions") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner runner(database);
    const auto lock = runner.lock();
    runner.run({task_of(1, "CREATE TABLE t (id int PRIMARY KEY) ENGINE=InnoDB")});
    const auto other = database.connect();
    other->run("START TRANSACTION");
    other->run("INSERT INTO t VALUES (1)");
    const std::string holder = other->value("SELECT CONNECTION_ID()");
    Task task = task_of(2, "ALTER TABLE t ADD v int");
    task.steps[0].directives.lock_timeout = 1s;
    const auto start = std::chrono::steady_clock::now();
    const ErrorDetails error = runner.failure({task});
    CHECK(since(start) < 4s);
    CHECK(error.native_code == "1205");
    CHECK(error.kind == ErrorKind::timeout);
    CHECK(runner.connection->is_worth_retrying(error));
    if (!error.hint.empty()) {  // needs the right PROCESS
      CHECK_MESSAGE(error.hint.find("connection " + holder + " of ") != std::string::npos, error.hint);
    }
    CHECK(states(database) == "1 applied 1/1, 2 pending 0/1");
    other->run("COMMIT");
    runner.run({task});
    CHECK(states(database) == "1 applied 1/1, 2 applied 1/1");
  }
}

TEST_CASE("mysql: a statement-timeout stops the statement, and the next one runs") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner runner(database);
    const auto lock = runner.lock();
    const auto start = std::chrono::steady_clock::now();
    const ErrorDetails error = runner.failure({with_limit(
        task_of(1, "CREATE TABLE slow AS SELECT SLEEP(1) FROM information_schema.columns LIMIT 30"), 300ms)});
    CHECK(since(start) < 10s);
    CHECK(error.kind == ErrorKind::timeout);
    CHECK(error.message == "the statement ran longer than its limit of 300 ms");
    CHECK(states(database) == "1 pending 0/1");
    runner.run({with_limit(task_of(1, "CREATE TABLE quick (i int)"), 30s),
                task_of(2, "CREATE TABLE quick2 (i int)")});
    CHECK(states(database) == "1 applied 1/1, 2 applied 1/1");
  }
}

TEST_CASE("mysql: a cancel from another thread stops the statement on the server and takes the claim back") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner runner(database);
    const auto lock = runner.lock();
    runner.connection->cancel();  // nothing runs: nothing happens
    std::thread stopper([&] {
      std::this_thread::sleep_for(400ms);
      runner.connection->cancel();
    });
    const auto start = std::chrono::steady_clock::now();
    const ErrorDetails error = runner.failure(
        {task_of(1, "CREATE TABLE one (i int)"),
         task_of(2, "CREATE TABLE slow AS SELECT SLEEP(1) FROM information_schema.columns LIMIT 30"),
         task_of(3, "CREATE TABLE three (i int)")});
    stopper.join();
    CHECK(since(start) < 10s);
    CHECK(error.kind == ErrorKind::interrupted);
    CHECK(error.version == 2);
    CHECK(states(database) == "1 applied 1/1, 2 pending 0/1");
    runner.run({task_of(2, "CREATE TABLE two (i int)")});  // the session is as good as before
    CHECK(states(database) == "1 applied 1/1, 2 applied 1/1");
  }
}

TEST_CASE("mysql: when the session dies the intent stays, and nobody guesses") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    const auto admin = open_native(server.url);
    MysqlRunner runner(database);
    const auto lock = runner.lock();
    const std::string id = runner.connection->query("SELECT CONNECTION_ID()", {}, 1).at(0).at(0).value_or("");
    std::thread killer([&] {
      std::this_thread::sleep_for(400ms);
      admin->run("KILL " + id);
    });
    const ErrorDetails error = runner.failure(
        {task_of(1, "CREATE TABLE one (i int)"),
         task_of(2, "CREATE TABLE slow AS SELECT SLEEP(1) FROM information_schema.columns LIMIT 20")});
    killer.join();
    CHECK(error.connection_lost);
    CHECK(error.kind == ErrorKind::connection);
    CHECK(error.version == 2);
    CHECK(states(database) == "1 applied 1/1, 2 applying 0/1");
    CHECK(database.value("SELECT mark IS NOT NULL FROM toolkit_history WHERE version = 2") == "1");
  }
}

// A new session in its place would have neither the lock nor the settings, and nobody would notice.
TEST_CASE("mysql: a session that is gone between two statements stays gone") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    const auto admin = open_native(server.url);
    MysqlRunner runner(database);
    const auto lock = runner.lock();
    runner.run({task_of(1, "CREATE TABLE t (i int)")});
    const std::string id = runner.connection->query("SELECT CONNECTION_ID()", {}, 1).at(0).at(0).value_or("");
    admin->run("KILL " + id);
    while (admin->value("SELECT COUNT(*) FROM information_schema.processlist WHERE id = " + id) != "0") {
      std::this_thread::sleep_for(5ms);
    }
    const std::string sessions =
        "SELECT COUNT(*) FROM information_schema.processlist WHERE db = '" + database.name() + "'";
    const std::string before = admin->value(sessions);
    for (int again = 0; again < 3; ++again) {
      CHECK(runner.failure({task_of(2, "INSERT INTO t VALUES (1)")}).connection_lost);
      CHECK_THROWS_AS(runner.connection->query("SELECT 1", {}, 1), Error);
      CHECK_THROWS_AS(runner.connection->execute("SELECT 1"), Error);
    }
    CHECK(admin->value(sessions) == before);
    CHECK(database.value("SELECT COUNT(*) FROM t") == "0");
    CHECK(states(database) == "1 applied 1/1");
  }
}

TEST_CASE("mysql: the lock has one holder, and a waiter is told who") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner first(database);
    MysqlRunner second(database);
    const std::string id = first.connection->query("SELECT CONNECTION_ID()", {}, 1).at(0).at(0).value_or("");
    auto held = first.lock();
    try {
      const auto none = second.lock(1500ms);
      FAIL("both hold it");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::lock);
      CHECK(error.details().message.find("another runner holds the lock: connection " + id) == 0);
    }
    REQUIRE_FALSE(second.told.waits.empty());
    CHECK(second.told.waits[0].find("the lock between runners, held by connection " + id) == 0);
    held.reset();
    CHECK(second.lock(0ms) != nullptr);
    // Another database of the server is another lock.
    const TestDatabase elsewhere(server);
    MysqlRunner third(elsewhere);
    const auto own = second.lock(0ms);
    CHECK(third.lock(0ms) != nullptr);
  }
}

TEST_CASE("mysql: a wait for the lock can be cancelled") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner first(database);
    MysqlRunner second(database);
    const auto held = first.lock();
    std::thread stopper([&] {
      std::this_thread::sleep_for(300ms);
      second.connection->cancel();
    });
    const auto start = std::chrono::steady_clock::now();
    try {
      const auto none = second.lock(60s);
      FAIL("both hold it");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::interrupted);
    }
    stopper.join();
    CHECK(since(start) < 8s);
  }
}

TEST_CASE("mysql: an open transaction that a procedure leaves is committed with the version") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner runner(database);
    const auto lock = runner.lock();
    runner.run({task_of(1, "CREATE TABLE t (id int) ENGINE=InnoDB"),
                task_of(2, "CREATE PROCEDURE p() BEGIN START TRANSACTION; INSERT INTO t VALUES (1); END"),
                task_of(3, "CALL p()"), task_of(4, "CREATE TABLE after_it (i int)")});
    CHECK(states(database) == "1 applied 1/1, 2 applied 1/1, 3 applied 1/1, 4 applied 1/1");
    CHECK(database.value("SELECT count(*) FROM t") == "1");
    CHECK(runner.told.notes ==
          Lines{"this statement is not all or nothing; after an error in the middle, what the procedure did "
                "before the error may have been committed",
                "the statement left a transaction open; it is committed with the version"});
  }
}

TEST_CASE("mysql: warnings of a statement are told") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner runner(database);
    const auto lock = runner.lock();
    runner.run({task_of(1, "DROP TABLE IF EXISTS nope")});
    CHECK(runner.told.notes == Lines{"Note 1051: Unknown table '" + database.name() + ".nope'"});
  }
}

#endif

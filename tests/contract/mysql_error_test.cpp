#ifdef TOOLKIT_WITH_MYSQL

#include "mysql_fixture.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

std::string failure_text(MysqlRunner& runner, const Task& task) {
  const ErrorDetails error = runner.failure({task});
  CHECK(error.kind == ErrorKind::migration);
  return describe(error);
}

}  // namespace

TEST_CASE("mysql: a syntax error points at its place in the file") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner runner(database);
    const auto lock = runner.lock();
    const std::string product = server.engine == "mariadb" ? "MariaDB" : "MySQL";
    Task task = task_of(1, "");
    Step& step = task.steps[0];
    step.file_text = "\xEF\xBB\xBF-- make it\r\nCREATE TABLE é (\r\n  id int,\n  v int WHERE,\n  w int\n);\n";
    step.offset = 3;
    step.sql = step.file_text.substr(3, step.file_text.find(';') - 3);
    step.first_token = step.sql.find("CREATE");
    CHECK(
        failure_text(runner, task) ==
        "m/step1.sql:4:9: You have an error in your SQL syntax; check the manual that corresponds to your " +
            product +
            " server version for the right syntax to use near 'WHERE,\n    w int\n  )' at line 4\n"
            "      v int WHERE,\n"
            "            ^\n"
            "  SQLSTATE 42000, code 1064\n");
  }
}

TEST_CASE("mysql: other errors name the statement") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner runner(database);
    const auto lock = runner.lock();
    runner.run({task_of(1, "CREATE TABLE t (id int PRIMARY KEY, v varchar(3) NOT NULL) ENGINE=InnoDB"),
                task_of(2, "INSERT INTO t VALUES (1, 'a')")});
    CHECK(failure_text(runner, task_of(3, "INSERT INTO t VALUES (1, 'b')")) ==
          "m/step1.sql:1:1: Duplicate entry '1' for key '" +
              std::string(server.engine == "mariadb" ? "PRIMARY" : "t.PRIMARY") +
              "'\n    INSERT INTO t VALUES (1, 'b')\n  SQLSTATE 23000, code 1062\n");
    CHECK(failure_text(runner, task_of(3, "ALTER TABLE nope ADD v int")) ==
          "m/step1.sql:1:1: Table '" + database.name() +
              ".nope' doesn't exist\n    ALTER TABLE nope ADD v int\n  SQLSTATE 42S02, code 1146\n");
    CHECK(failure_text(runner, task_of(3, "INSERT INTO t VALUES (2, 'long')")) ==
          "m/step1.sql:1:1: Data too long for column 'v' at row 1\n"
          "    INSERT INTO t VALUES (2, 'long')\n  SQLSTATE 22001, code 1406\n");
    CHECK(states(database) == "1 applied 1/1, 2 applied 1/1, 3 pending 0/1");
  }
}

TEST_CASE("mysql: what a failed statement may have left is said") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner runner(database);
    const auto lock = runner.lock();
    runner.run(
        {task_of(1, "CREATE TABLE a (id int) ENGINE=InnoDB"),
         task_of(2,
                 "CREATE PROCEDURE p() BEGIN INSERT INTO a VALUES (1); INSERT INTO nope VALUES (1); END")});
    CHECK(failure_text(runner, task_of(3, "CALL p()")) ==
          "m/step1.sql:1:1: Table '" + database.name() +
              ".nope' doesn't exist\n    CALL p()\n  SQLSTATE 42S02, code 1146\n"
              "  next: this statement is not all or nothing: what the procedure did before the error may "
              "have been "
              "committed; look before running again\n");
    const ErrorDetails error = runner.failure({task_of(3, "DROP TABLE a, nope")});
    const bool is_left = database.value(
                             "SELECT count(*) FROM information_schema.tables WHERE table_schema = DATABASE() "
                             "AND table_name = 'a'") == "1";
    CHECK(is_left == (server.engine == "mysql"));
    CHECK(error.advice ==
          (is_left ? ""
                   : "this statement is not all or nothing: MariaDB drops a list one by one: those "
                     "that exist are gone; look before running again"));
  }
}

TEST_CASE("mysql: an absent table is told from other errors") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner runner(database);
    const auto details = [&](const std::string& sql) {
      try {
        runner.connection->query(sql, {}, 1);
      } catch (const Error& error) {
        return error.details();
      }
      return ErrorDetails{};
    };
    CHECK(runner.connection->is_absent_table(details("SELECT 1 FROM nope")));
    CHECK_FALSE(runner.connection->is_absent_table(details("SELEC 1")));
    CHECK(details("SELEC 1").kind == ErrorKind::server);
  }
}

TEST_CASE("mysql: a raw statement that fails says which") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner runner(database);
    try {
      runner.connection->execute("DROP TABLE nope");
      FAIL("dropped");
    } catch (const Error& error) {
      CHECK(error.details().statement == "DROP TABLE nope");
      CHECK(error.details().native_code == "1051");
    }
  }
}

#endif

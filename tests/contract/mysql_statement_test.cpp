#ifdef TOOLKIT_WITH_MYSQL

#include <algorithm>

#include "mysql_fixture.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

// Everything that a scanner for placeholders or a client program would have touched.
const Lines& texts() {
  static const Lines all = {
      "CREATE TABLE t (id int PRIMARY KEY, v text, `a:b` int DEFAULT 7) ENGINE=InnoDB -- note: keep :id",
      "INSERT INTO t (id, v) VALUES (1, '12:30 :x'), (2, 'a'), (3, \"it's \\\":y\\\" ?\"), (4, '100% @x $1 "
      "$$ :z $$')",
      "# don't: stop\nINSERT INTO t (id, v) VALUES (5, '\\':w\\\\') /* it's :v */",
      "DELETE FROM t -- todo: only this one\n WHERE id = 2",
      "UPDATE t # note: x\n SET `a:b` = 8 -- don't :y\r\n WHERE id = 1",
      "INSERT INTO t (id, v) SELECT 6, CONCAT(@x := 'é:ü', ' 日本 ℵ')",
      "/* a: b */ /*!50000 INSERT INTO t (id, v) VALUES (7, ':executable') */",
      "CREATE PROCEDURE p(n int) -- a: b\nBEGIN\n  DECLARE i int DEFAULT 0;\n  lbl: LOOP\n    SET i = i + 1; "
      "# c:d\n"
      "    IF i > n THEN LEAVE lbl; END IF;\n    INSERT INTO t (id, v) VALUES (10 + i, ':p');\n  END LOOP "
      "lbl;\n"
      "  SELECT 'a:b', '?';\n  SELECT 2;\nEND",
      "CALL p(2)",
      "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.v = CONCAT(NEW.v, ':t\\\\'); END",
      "INSERT INTO t (id, v) VALUES (20, 'x')",
  };
  return all;
}

}  // namespace

// Contract test number one: what reaches the server is the file, byte for byte.
TEST_CASE("mysql: statements reach the server byte for byte") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    const auto admin = open_native(server.url);
    MysqlRunner runner(database);
    const auto lock = runner.lock();
    runner.connection->execute("SELECT 1");
    const std::string id = runner.connection->query("SELECT CONNECTION_ID()", {}, 1).at(0).at(0).value_or("");
    const std::string output = admin->value("SELECT @@GLOBAL.log_output");
    admin->run("SET GLOBAL log_output = 'TABLE'");
    admin->run("SET GLOBAL general_log = 1");
    std::vector<Task> tasks;
    for (const std::string& text : texts()) {
      tasks.push_back(task_of(static_cast<Version>(tasks.size()) + 1, text));
    }
    runner.run(std::move(tasks));
    admin->run("SET GLOBAL general_log = 0");
    const std::vector<TextRow> sent =
        admin->rows("SELECT HEX(argument) FROM mysql.general_log WHERE thread_id = " + id +
                    " AND command_type = 'Query'");
    admin->run("SET GLOBAL log_output = '" + output + "'");

    for (const std::string& text : texts()) {
      std::string hex;
      for (const char c : text) {
        constexpr std::string_view digits = "0123456789ABCDEF";
        const auto byte = static_cast<unsigned char>(c);
        hex += {digits[byte >> 4U], digits[byte & 15U]};
      }
      CHECK_MESSAGE(std::count(sent.begin(), sent.end(), TextRow{hex}) == 1, text);
    }
    const std::vector<TextRow> rows = database.rows("SELECT id, v, `a:b` FROM t ORDER BY id");
    CHECK(rows == std::vector<TextRow>{{"1", "12:30 :x", "8"},
                                       {"3", "it's \":y\" ?", "7"},
                                       {"4", "100% @x $1 $$ :z $$", "7"},
                                       {"5", "':w\\", "7"},
                                       {"6", "é:ü 日本 ℵ", "7"},
                                       {"7", ":executable", "7"},
                                       {"11", ":p", "7"},
                                       {"12", ":p", "7"},
                                       {"20", "x:t\\", "7"}});
    // MariaDB's log table has no room for characters beyond the first plane, its tables have.
    runner.run({task_of(100, "INSERT INTO t (id, v) VALUES (30, '🦆')")});
    CHECK(database.value("SELECT HEX(v) FROM t WHERE id = 30") == "F09FA6863A745C");
    const std::string& procedure = texts()[7];
    const std::string body = procedure.substr(procedure.find("BEGIN"));
    CHECK(database.value(
              "SELECT routine_definition FROM information_schema.routines WHERE routine_schema = DATABASE() "
              "AND routine_name = 'p'") == body);
    CHECK(database.rows("SHOW CREATE TRIGGER tr")
              .at(0)
              .at(2)
              .find("BEGIN SET NEW.v = CONCAT(NEW.v, ':t\\\\'); END") != std::string::npos);
  }
}

TEST_CASE("mysql: a second statement in one text is refused by the server, nothing of it runs") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner runner(database);
    const auto lock = runner.lock();
    const ErrorDetails error = runner.failure({task_of(1, "CREATE TABLE a (i int); CREATE TABLE b (i int)")});
    CHECK(error.native_code == "1064");
    CHECK(database.value("SELECT count(*) FROM information_schema.tables WHERE table_schema = DATABASE()") ==
          "2");
  }
}

TEST_CASE("mysql: a file of this machine is never sent to the server") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    const auto admin = open_native(server.url);
    const std::string before = admin->value("SELECT @@GLOBAL.local_infile");
    admin->run("SET GLOBAL local_infile = 1");
    MysqlRunner runner(database);
    const auto lock = runner.lock();
    database.run("CREATE TABLE t (v text) ENGINE=InnoDB");
    const ErrorDetails error =
        runner.failure({task_of(1, "LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE t")});
    admin->run("SET GLOBAL local_infile = " + before);
    const bool is_told = error.message.find("local") != std::string::npos ||  // the server's or the library's
                         error.message.find("LOCAL") != std::string::npos ||
                         error.message.find("Local") != std::string::npos;
    CHECK_MESSAGE(is_told, error.message);
    CHECK(database.value("SELECT count(*) FROM t") == "0");
  }
}

TEST_CASE("mysql: a large result is read without being kept, and rows of procedures are drained") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner runner(database);
    const auto lock = runner.lock();
    runner.run({task_of(1, "SELECT REPEAT('x', 1000) FROM information_schema.columns LIMIT 1000"),
                task_of(2, "CREATE PROCEDURE q() BEGIN SELECT 1; SELECT 2; SELECT 3; END"),
                task_of(3, "CALL q()"), task_of(4, "CREATE TABLE after_all (i int)")});
    CHECK(states(database) == "1 applied 1/1, 2 applied 1/1, 3 applied 1/1, 4 applied 1/1");
  }
}

TEST_CASE("mysql: row changes share a transaction with their row of the history") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner runner(database);
    const auto lock = runner.lock();
    runner.run({task_of(1, "CREATE TABLE t (id int PRIMARY KEY) ENGINE=InnoDB"),
                task_of(2, "INSERT INTO t VALUES (1), (2)")});
    // A deferred look from outside while the transaction is open: neither the row nor the end is visible.
    CHECK(runner.failure({task_of(3, "INSERT INTO t VALUES (3), (1)")}).native_code == "1062");
    CHECK(database.value("SELECT count(*) FROM t") == "2");
    CHECK(states(database) == "1 applied 1/1, 2 applied 1/1, 3 pending 0/1");
    CHECK(runner.told.notes.empty());
  }
}

TEST_CASE("mysql: a table without transactions is named, and its rows are not promised") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner runner(database);
    const auto lock = runner.lock();
    runner.run({task_of(1, "CREATE TABLE `My` (id int PRIMARY KEY, m text) ENGINE=MyISAM"),
                task_of(2, "INSERT INTO `My` SELECT 1, mark FROM toolkit_history WHERE version = 2")});
    CHECK(database.value("SELECT m LIKE '{\"format\":1,\"class\":\"statement\",%' FROM `My`") == "1");
    REQUIRE(runner.told.notes.size() == 1);
    CHECK(runner.told.notes[0] ==
          "the table `My` stands on an engine without transactions: when this statement is interrupted, "
          "nobody can "
          "say which rows it has changed");
    const ErrorDetails error = runner.failure({task_of(3, "INSERT INTO My VALUES (2, ''), (1, '')")});
    CHECK(
        error.advice ==
        "this statement is not all or nothing: the rows before the error stay in the table `My`; look before "
        "running again");
    CHECK(database.value("SELECT count(*) FROM `My`") == "2");
  }
}

#endif

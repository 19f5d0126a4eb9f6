#ifdef TOOLKIT_WITH_MYSQL

#include <sys/socket.h>

#include "mysql_fixture.hpp"
#include "toolkit/call_watch.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

/// Cuts the wire before or after each statement that ends with a text.
class WireCut final : public CallWatch {
 public:
  WireCut(std::string end, CallMoment moment) : end_(std::move(end)), moment_(moment) { call_watch = this; }
  ~WireCut() override { call_watch = nullptr; }
  WireCut(const WireCut&) = delete;
  WireCut& operator=(const WireCut&) = delete;
  void at(CallMoment moment, const WatchedCall& call) noexcept override {
    if (moment == moment_ && call.text.ends_with(end_)) {
      ::shutdown(call.socket, SHUT_RDWR);
    }
  }

 private:
  std::string end_;
  CallMoment moment_;
};

void interrupt(const TestDatabase& database, const Task& task, CallMoment moment) {
  MysqlRunner runner(database);
  const auto lock = runner.lock();
  const WireCut cut(task.steps.front().sql, moment);
  REQUIRE(runner.failure({task}).connection_lost);
}

Judgement settled(const TestDatabase& database, const Task& task, std::string mark = "") {
  MysqlRunner runner(database, 'b');
  const auto lock = runner.lock();
  if (mark.empty()) {
    mark = runner.connection->query(runner.context.sql.read_mark, {{"version", Version{1}}}, 1)
               .at(0)
               .at(0)
               .value_or("");
  }
  return runner.connection->settle({task, mark}, runner.context, runner.told);
}

// A table of an engine without transactions, and ways that lead to it and past it.
void make_reach(const TestDatabase& database) {
  database.run(
      "CREATE TABLE t (i int) ENGINE=InnoDB; CREATE TABLE plain (i int) ENGINE=MyISAM; "
      "CREATE TABLE seen LIKE t; CREATE TABLE elsewhere LIKE t; CREATE TABLE fires LIKE t; "
      "CREATE TABLE quiet LIKE t; CREATE TABLE foreign_hands LIKE t; "
      "CREATE TABLE parent (i int PRIMARY KEY) ENGINE=InnoDB; "
      "CREATE TABLE child (i int, FOREIGN KEY (i) REFERENCES parent (i) ON DELETE CASCADE) ENGINE=InnoDB");
  for (const char* sql :
       {"CREATE FUNCTION inner_one(x int) RETURNS int DETERMINISTIC BEGIN INSERT INTO plain VALUES (x); "
        "RETURN x; END",
        "CREATE FUNCTION calm(x int) RETURNS int DETERMINISTIC RETURN x",
        "CREATE VIEW calls AS SELECT inner_one(i) AS i FROM seen",
        "CREATE VIEW over_calls AS SELECT i FROM calls",
        "CREATE VIEW harmless AS SELECT calm(i) AS i FROM seen",
        "CREATE TRIGGER fires_it BEFORE INSERT ON fires FOR EACH ROW SET NEW.i = inner_one(1)",
        "CREATE TRIGGER child_does BEFORE DELETE ON child FOR EACH ROW INSERT INTO plain VALUES (1)",
        "CREATE TRIGGER quiet_one BEFORE INSERT ON quiet FOR EACH ROW SET NEW.i = calm(1)",
        "CREATE DEFINER='somebody'@'else' TRIGGER theirs BEFORE INSERT ON foreign_hands FOR EACH ROW "
        "SET NEW.i = 1"}) {
    database.connect()->run(sql);
  }
}

std::string verdict(const Judgement& judgement) {
  return judgement.verdict == Verdict::took_effect    ? "took effect"
         : judgement.verdict == Verdict::left_nothing ? "left nothing"
                                                      : "undecided";
}

}  // namespace

TEST_CASE("mysql: the probe decides where nothing else can, and a failing probe asks") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    database.run("CREATE TABLE t (i int) ENGINE=InnoDB; CREATE PROCEDURE p() INSERT INTO t VALUES (1)");
    Task task = task_of(1, "CALL p()");
    interrupt(database, task, CallMoment::answered);
    Judgement judgement = settled(database, task);
    CHECK(verdict(judgement) == "undecided");
    CHECK(judgement.evidence == "nothing that the server shows tells of this statement");
    task.steps[0].directives.applied_if = "SELECT count(*) FROM t";
    CHECK(verdict(settled(database, task)) == "took effect");
    task.steps[0].directives.applied_if = "SELECT i FROM t WHERE i = 2";
    CHECK(verdict(settled(database, task)) == "left nothing");
    task.steps[0].directives.applied_if = "SELECT nonsense FROM t";
    judgement = settled(database, task);
    CHECK(verdict(judgement) == "undecided");
    CHECK(judgement.evidence.find("nonsense") != std::string::npos);
  }
}

TEST_CASE("mysql: rows share their commit with the history") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    database.run("CREATE TABLE t (i int) ENGINE=InnoDB");
    const Task task = task_of(1, "INSERT INTO t VALUES (1)");
    interrupt(database, task, CallMoment::answered);
    CHECK(verdict(settled(database, task)) == "left nothing");
    CHECK(database.value("SELECT count(*) FROM t") == "0");
  }
}

// A kill of MySQL 9 in the middle of the reference set found it: what stands in MariaDB's executable comment
// made CREATE TRIGGER look repeatable, so it was run again and failed because the trigger was there.
TEST_CASE("mysql: words in a comment that this server does not run decide nothing") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    database.run("CREATE TABLE t (i int) ENGINE=InnoDB");
    const Task task =
        task_of(1, "CREATE /*M! OR REPLACE */ TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.i = 1");
    interrupt(database, task, CallMoment::before);
    CHECK(verdict(settled(database, task)) == "left nothing");
    database.run("DELETE FROM toolkit_history");
    interrupt(database, task, CallMoment::answered);
    const Judgement judgement = settled(database, task);
    const bool repeats = server.engine == "mariadb";
    CHECK(verdict(judgement) == (repeats ? "left nothing" : "took effect"));
    CHECK(judgement.evidence == (repeats ? "running it once more gives the same"
                                         : "run again, the server answers: Trigger already exists"));
  }
}

// One table of another engine in any database of the server once put every change of rows in doubt.
TEST_CASE("mysql: a table without transactions puts only those changes in doubt that may reach it") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    const TestDatabase other(server);
    other.run("CREATE TABLE plain (i int) ENGINE=MyISAM; CREATE TABLE elsewhere (i int) ENGINE=MyISAM");
    make_reach(database);
    const auto judged = [&](const std::string& sql) {
      database.run(
          "DELETE FROM child; DELETE FROM parent; INSERT INTO parent VALUES (1); "
          "INSERT INTO child VALUES (1); DROP TABLE IF EXISTS toolkit_history");
      interrupt(database, task_of(1, sql), CallMoment::before);
      return verdict(settled(database, task_of(1, sql)));
    };
    for (const std::string& sql : Lines{
             "INSERT INTO t VALUES (1)",
             "INSERT INTO elsewhere SELECT i FROM seen",  // that one stands in another database
             "DELETE FROM parent",                        // a cascade fires no trigger
             "INSERT INTO quiet SELECT calm(i) FROM harmless",
             "UPDATE t SET i = 1 /* plain */ WHERE i <> 'plain'",
         }) {
      CAPTURE(sql);
      CHECK(judged(sql) == "left nothing");
    }
    for (const std::string& sql : Lines{
             "INSERT INTO plain VALUES (1)",
             "INSERT INTO `PLAIN` VALUES (1)",
             "INSERT INTO " + other.name() + ".elsewhere VALUES (1)",
             "INSERT INTO fires VALUES (1)",  // by its trigger's function
             "INSERT INTO child VALUES (1)",
             "INSERT INTO t VALUES (inner_one(1))",
             "INSERT INTO t SELECT i FROM over_calls",  // a view of a view that calls it
             "INSERT INTO foreign_hands VALUES (1)",    // whose trigger runs as somebody else
             "INSERT INTO t SELECT i AS `ä` FROM t",
         }) {
      CAPTURE(sql);
      CHECK(judged(sql) == "undecided");
    }
  }
}

TEST_CASE("mysql: another server's mark proves nothing by identities, a broken mark proves nothing at all") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    database.run("CREATE TABLE t (i int) ENGINE=InnoDB; INSERT INTO t VALUES (1)");
    const Task task = task_of(1, "TRUNCATE TABLE t");
    interrupt(database, task, CallMoment::before);
    CHECK(verdict(settled(database, task)) == "left nothing");
    std::string mark = database.value("SELECT mark FROM toolkit_history WHERE version = 1");
    const std::string key = "\"server\":\"";
    mark.insert(mark.find(key) + key.size(), "not-");
    const Judgement judgement = settled(database, task, mark);
    CHECK(verdict(judgement) == "undecided");
    CHECK(judgement.before.find("CREATE TABLE `t`") != std::string::npos);
    CHECK(judgement.now.find("CREATE TABLE `t`") != std::string::npos);
    CHECK(verdict(settled(database, task, R"({"format":2})")) == "undecided");
  }
}

TEST_CASE("mysql: half of a drop list is finished, and a table that somebody made since is spared") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    database.run("CREATE TABLE a (i int) ENGINE=InnoDB; CREATE TABLE b (i int) ENGINE=InnoDB");
    const Task task = task_of(1, "DROP TABLE IF EXISTS a, b, c");
    interrupt(database, task, CallMoment::before);
    database.run("DROP TABLE a; CREATE TABLE c (mine int)");
    CHECK(verdict(settled(database, task)) == "took effect");
    CHECK(
        database.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND "
                      "table_name NOT LIKE 'toolkit%'") == std::vector<TextRow>{{"c"}});
  }
}

TEST_CASE("mysql: with the binary log on a tag stands before the statement, and errors keep their place") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    const bool is_logged = database.value("SELECT @@log_bin") == "1";
    database.run("CREATE TABLE t (i int) ENGINE=InnoDB");
    const std::string sql = "/* mine */ ALTER TABLE t -- :x\n ADD INDEX (i)";
    const Task task = task_of(1, sql);
    std::string sent;
    class Heard final : public CallWatch {
     public:
      Heard(std::string end, std::string& text) : end_(std::move(end)), text_(text) { call_watch = this; }
      ~Heard() override { call_watch = nullptr; }
      void at(CallMoment moment, const WatchedCall& call) noexcept override {
        if (moment == CallMoment::before && call.kind == "statement" && call.text.ends_with(end_)) {
          text_ = call.text;
        }
      }

     private:
      std::string end_;
      std::string& text_;
    };
    MysqlRunner runner(database);
    const auto lock = runner.lock();
    {
      const Heard heard(sql, sent);
      runner.run({task});
    }
    const std::size_t tag_size = std::string("/* mig: */ ").size() + 32;
    CHECK(sent.size() == sql.size() + (is_logged ? tag_size : 0));
    CHECK(sent.starts_with(is_logged ? "/* mig:" : "/* mine"));
    const ErrorDetails error = runner.failure({task_of(2, "ALTER TABLE t\n  ADD INDEX (i) )")});
    CHECK(error.position.line == 2);
    CHECK(error.position.column == 17);
    CHECK(error.position_is_exact);
  }
}

TEST_CASE("mysql: the lock's holder is told, with since when") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    MysqlRunner runner(database);
    MysqlRunner other(database, 'b');
    CHECK_FALSE(other.connection->lock_state(other.context.place).holder);
    const auto lock = runner.lock();
    const LockState state = other.connection->lock_state(other.context.place);
    REQUIRE(state.holder);
    CHECK(state.holder->session ==
          runner.connection->query("SELECT CONNECTION_ID()", {}, 1).at(0).at(0).value_or(""));
    CHECK(state.holder->user == parse_url(database.url()).user);
    CHECK(state.holder->since.size() == std::string("2026-01-01T00:00:00Z").size());
    CHECK(state.doubt.empty());
  }
}

TEST_CASE("mysql: what a server's settings put at risk is told") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    const auto admin = open_native(server.url);
    const std::string before = admin->value("SELECT @@GLOBAL.innodb_flush_log_at_trx_commit");
    admin->run("SET GLOBAL innodb_flush_log_at_trx_commit = 2");
    MysqlRunner runner(database);
    std::string subjects;
    for (const ServerNote& note : runner.connection->inspect()) {
      subjects += note.subject + " ";
    }
    admin->run("SET GLOBAL innodb_flush_log_at_trx_commit = " + before);
    CHECK(subjects.find("innodb_flush_log_at_trx_commit") != std::string::npos);
    CHECK((subjects.find("evidence") == std::string::npos) == (admin->value("SELECT @@log_bin") == "1"));
  }
}

#endif

#ifdef TOOLKIT_WITH_MYSQL

#include <sys/socket.h>

#include <set>

#include "../contract/mysql_fixture.hpp"
#include "crash_table.hpp"
#include "toolkit/call_watch.hpp"

using namespace toolkit;
using namespace toolkit::test;

// Third parties change the schema between a crash and its recovery: 34 kinds of statement, 9 interferences,
// crashed before and after the statement. Each case ends as if nothing had crashed, or asks; never otherwise.
namespace {

/// One kind of statement. Tables have a column `id`, so that anybody can add rows, indexes and comments.
struct Kind {
  std::string name;
  Lines setup;
  std::string statement;
  Lines touched = {"t"};  ///< tables that the third party works on, before and after the statement
};

const std::string parts =
    " PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (100), PARTITION p1 VALUES "
    "LESS THAN (1000))";

std::vector<Kind> kinds(bool is_mariadb) {
  const std::string t = "CREATE TABLE t (id int NOT NULL, a int, b int) ENGINE=InnoDB";
  const std::string s = "CREATE TABLE s (id int NOT NULL, a int, b int) ENGINE=InnoDB";
  const std::string rows = "INSERT INTO t (id, a, b) VALUES (1, 10, 100), (2, 20, 200)";
  const std::string rows_s = "INSERT INTO s (id, a, b) VALUES (3, 30, 300)";
  const std::string keyed = "ALTER TABLE t ADD INDEX i_a (a)";
  const std::string parent = "CREATE TABLE p (id int PRIMARY KEY) ENGINE=InnoDB";
  const std::string filled = "INSERT INTO p (id) VALUES (10), (20)";
  const Lines base = {t, rows};
  return {
      {"create table", {}, "CREATE TABLE t (id int, a int) ENGINE=InnoDB"},
      {"create table as select", {s, rows_s}, "CREATE TABLE t ENGINE=InnoDB AS SELECT * FROM s", {"t", "s"}},
      {"create table like", {s}, "CREATE TABLE t LIKE s", {"t", "s"}},
      {"drop table", base, "DROP TABLE t"},
      {"drop table list", {t, rows, s}, "DROP TABLE t, s", {"t", "s"}},
      {"drop table if exists", base, "DROP TABLE IF EXISTS t, nowhere"},
      {"add column", base, "ALTER TABLE t ADD COLUMN c int DEFAULT 7"},
      {"drop column", base, "ALTER TABLE t DROP COLUMN b"},
      {"rename column", base, "ALTER TABLE t RENAME COLUMN a TO c"},
      {"modify column", base, "ALTER TABLE t MODIFY COLUMN a bigint"},
      {"change column", base, "ALTER TABLE t CHANGE COLUMN a c bigint"},
      {"set default", base, "ALTER TABLE t ALTER COLUMN a SET DEFAULT 5"},
      {"add index", base, "ALTER TABLE t ADD INDEX i_a (a)"},
      {"add index without a name", base, "ALTER TABLE t ADD INDEX (a)"},
      {"create index", base, "CREATE UNIQUE INDEX i_a ON t (a)"},
      {"drop index", {t, rows, keyed}, "DROP INDEX i_a ON t"},
      {"rename index", {t, rows, keyed}, "ALTER TABLE t RENAME INDEX i_a TO i_b"},
      {"exchange index", {t, rows, keyed}, "ALTER TABLE t DROP INDEX i_a, ADD INDEX i_a (a, b)"},
      {"foreign key",
       {parent, filled, t, rows},
       "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id)"},
      {"foreign key without a name",
       {parent, filled, t, rows},
       "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p (id)"},
      {"check without a name", base, "ALTER TABLE t ADD CHECK (a > 0 OR a IS NULL)"},
      {"primary key", base, "ALTER TABLE t ADD PRIMARY KEY (id)"},
      {"several clauses", base, "ALTER TABLE t ADD COLUMN c int, ADD INDEX (c), DROP COLUMN b"},
      {"engine", base, "ALTER TABLE t ENGINE=InnoDB"},
      {"rename table", base, "RENAME TABLE t TO u", {"t", "u"}},
      {"swap tables", {t, rows, s, rows_s}, "RENAME TABLE t TO x, s TO t, x TO s", {"t", "s"}},
      {"alter table rename", base, "ALTER TABLE t RENAME TO u", {"t", "u"}},
      {"exchange partition",
       {t + parts, rows, s, rows_s},
       "ALTER TABLE t EXCHANGE PARTITION p0 WITH TABLE s",
       {"t", "s"}},
      {"add partition",
       {t + parts, rows},
       "ALTER TABLE t ADD PARTITION (PARTITION p2 VALUES LESS THAN (9999))"},
      {"drop partition", {t + parts, rows}, "ALTER TABLE t DROP PARTITION p1"},
      {"truncate", base, "TRUNCATE TABLE t"},
      is_mariadb ? Kind{"replace table", base, "CREATE OR REPLACE TABLE t (id int, z int) ENGINE=InnoDB"}
                 : Kind{"drop view", {t, rows, "CREATE VIEW v AS SELECT a FROM t"}, "DROP VIEW v"},
      {"replace view", base, "CREATE OR REPLACE VIEW v AS SELECT id FROM t"},
      {"create trigger", base, "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.id = NEW.id"},
  };
}

struct Interference {
  std::string name;
  Lines texts;         ///< once
  Lines each_touched;  ///< for each touched table, $ is its name; where it does not exist: nothing
};

std::vector<Interference> interferences() {
  return {
      {"none", {}, {}},
      {"unrelated create", {"CREATE TABLE other (i int)"}, {}},
      {"unrelated drop", {"DROP TABLE spare"}, {}},
      {"optimize", {}, {"OPTIMIZE TABLE $"}},
      {"analyze", {}, {"ANALYZE TABLE $"}},
      {"grant", {"GRANT SELECT ON spare_grants.* TO toolkit_interference"}, {}},
      {"rows", {}, {"INSERT INTO $ (id) VALUES (50)"}},
      {"index", {}, {"ALTER TABLE $ ADD INDEX dba_index (id)"}},
      {"comment", {}, {"ALTER TABLE $ COMMENT 'by the DBA'"}},
  };
}

void meddle(const TestDatabase& database, const Interference& interference, const Kind& kind) {
  const auto session = database.connect();
  for (const std::string& text : interference.texts) {
    session->run(text);
  }
  for (const std::string& table : kind.touched) {
    for (std::string text : interference.each_touched) {
      text.replace(text.find('$'), 1, "`" + table + "`");
      try {
        session->rows(text);
      } catch (const std::runtime_error&) {  // it does not stand there at this time
      }
    }
  }
}

/// Everything that the statements of this file can change, as text.
std::string state_of(const TestDatabase& database) {
  const auto session = database.connect();
  std::string text;
  for (const TextRow& table : session->rows("SHOW FULL TABLES")) {
    if (table[0].starts_with("toolkit_")) {
      continue;
    }
    std::string create = session->rows("SHOW CREATE TABLE `" + table[0] + "`").at(0).at(1);
    for (std::size_t at = create.find(database.name()); at != std::string::npos;
         at = create.find(database.name())) {
      create.erase(at, database.name().size());
    }
    text += create + "\n";
    std::multiset<std::string> rows;
    for (const TextRow& row : session->rows("SELECT * FROM `" + table[0] + "`")) {
      std::string line;
      for (const std::string& cell : row) {
        line += cell + ",";
      }
      rows.insert(line);
    }
    for (const std::string& row : rows) {
      text += "  " + row + "\n";
    }
  }
  for (const TextRow& row : session->rows("SELECT trigger_name, action_statement FROM "
                                          "information_schema.triggers WHERE trigger_schema = DATABASE()")) {
    text += "trigger " + row[0] + " " + row[1] + "\n";
  }
  return text;
}

/// Cuts the wire before one statement is sent, or once its answer is there.
class Cut final : public CallWatch {
 public:
  Cut(std::string statement, CallMoment moment) : statement_(std::move(statement)), moment_(moment) {
    call_watch = this;
  }
  ~Cut() override { call_watch = nullptr; }
  Cut(const Cut&) = delete;
  Cut& operator=(const Cut&) = delete;

  void at(CallMoment moment, const WatchedCall& call) noexcept override {
    if (moment == moment_ && call.kind == "statement" && call.text.ends_with(statement_)) {
      ::shutdown(call.socket, SHUT_RDWR);
    }
  }

 private:
  std::string statement_;
  CallMoment moment_;
};

void set_up(const TestDatabase& database, const Kind& kind) {
  const auto session = database.connect();
  session->run("CREATE TABLE spare (i int)");
  for (const std::string& text : kind.setup) {
    session->run(text);
  }
}

/// What the recovery of one case came to: "took effect", "left nothing", "asked".
std::string recover(const TestDatabase& database, const Task& task) {
  MysqlRunner second(database, 'b');
  const auto lock = second.lock();
  const Rows mark = second.connection->query(second.context.sql.read_mark, {{"version", Version{1}}}, 1);
  const Judgement judgement =
      second.connection->settle({task, mark.at(0).at(0).value_or("")}, second.context, second.told);
  if (judgement.verdict == Verdict::undecided) {
    return "asked: " + judgement.evidence;
  }
  RunContext first = second.context;
  first.run_id = std::string(32, 'a');
  const bool took_effect = judgement.verdict == Verdict::took_effect;
  second.connection->query(
      took_effect ? first.sql.finish : first.sql.take_back,
      took_effect ? finish_parameters(task, first) : take_back_parameters(task, first, 0), 0);
  if (!took_effect) {
    second.run({task});
  }
  return (took_effect ? "took effect: " : "left nothing: ") + judgement.evidence;
}

void run_case(const TestServer& server, const Kind& kind, const Interference& interference, bool after,
              CrashCount& count, Lines& asked) {
  const TestDatabase golden(server);
  set_up(golden, kind);
  const TestDatabase database(server);
  set_up(database, kind);
  if (after) {
    golden.run(kind.statement);
  }
  meddle(golden, interference, kind);
  if (!after) {
    golden.run(kind.statement);
  }
  const Task task = task_of(1, kind.statement);
  {
    MysqlRunner first(database);
    const auto lock = first.lock();
    const Cut cut(kind.statement, after ? CallMoment::answered : CallMoment::before);
    REQUIRE(first.failure({task}).connection_lost);
  }
  meddle(database, interference, kind);
  std::string what;
  std::string state;
  try {
    what = recover(database, task);
    state = state_of(database);
  } catch (const std::exception& error) {
    what = std::string("failed: ") + error.what();
  }
  const std::string name =
      kind.name + ", " + interference.name + ", crashed " + (after ? "after" : "before") + ": " + what;
  count.run();
  if (what.starts_with("asked")) {
    count.asked();
    asked.push_back(name);
  } else if (state != state_of(golden) || states(database) != "1 applied 1/1") {
    count.bad(name + "\n" + state + "\ninstead of\n" + state_of(golden));
  }
}

/// All 612 with --all, else a third of them, another one each day.
bool is_chosen(int number) {
  return crash_options().all || static_cast<std::uint64_t>(number) % 3 == crash_options().seed % 3;
}

}  // namespace

TEST_CASE("mysql: a third party's change between crash and recovery never makes a wrong decision") {
  FOR_EACH_MYSQL(server) {
    const auto admin = open_native(server.url);
    admin->run("CREATE USER IF NOT EXISTS toolkit_interference");
    const std::string version = admin->value("SELECT @@version");
    const bool is_logged = admin->value("SELECT @@log_bin") == "1";
    Lines asked;
    int number = 0;
    {
      CrashCount count(server.engine + " " + version,
                       std::string("third party, log ") + (is_logged ? "on" : "off"));
      for (const Kind& kind : kinds(version.find("MariaDB") != std::string::npos)) {
        for (const Interference& interference : interferences()) {
          for (const bool after : {false, true}) {
            if (is_chosen(number++)) {
              run_case(server, kind, interference, after, count, asked);
            }
          }
        }
      }
    }
    admin->run("DROP USER toolkit_interference");
    CHECK(number == 612);
    if (is_logged) {
      CHECK(asked == Lines{});
    }
  }
}

#endif

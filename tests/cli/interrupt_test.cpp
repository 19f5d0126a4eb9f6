#include <doctest/doctest.h>

#include <csignal>
#include <set>
#include <thread>

#include <nlohmann/json.hpp>

#include "project.hpp"

using namespace toolkit::test;
using namespace std::chrono_literals;

std::string long_statement(const std::string& engine, int seconds);

/// One that runs for so long and answers an error when it is cancelled.
std::string long_statement(const std::string& engine, int seconds) {
  const std::string text = std::to_string(seconds);
  if (engine == "postgresql") {
    return "INSERT INTO a (id, name) SELECT 7, 'slept' FROM pg_sleep(" + text + ");\n";
  }
  if (engine == "sqlite") {
    return "INSERT INTO a (id, name) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i "
           "< " +
           text + "000000000) SELECT 7, max(i) FROM n;\n";
  }
  // Several rows: MySQL lets a single SLEEP that is killed return 1, and the statement succeeds.
  return "INSERT INTO a (id, name) SELECT n, SLEEP(" + text +
         " / 3) FROM (SELECT 7 AS n UNION ALL SELECT 8 UNION ALL SELECT 9) AS t;\n";
}

namespace {

FileTree migrations(const std::string& engine, int seconds) {
  FileTree files = pairs({"1_a", "3_c"});
  files["1_a.up.sql"] = "CREATE TABLE a (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL);\n";
  files["2_b.up.sql"] = long_statement(engine, seconds);
  files["2_b.down.sql"] = "DELETE FROM a;\n";
  return files;
}

/// Sessions that run the long statement; for SQLite whether a writer is at work.
std::string running(const Project& project) {
  const std::string name = project.database().name();
  if (project.engine() == "postgresql") {
    return "SELECT pid FROM pg_stat_activity WHERE datname = '" + name +
           "' AND state = 'active' AND query LIKE '%FROM pg_sleep%' AND pid <> pg_backend_pid()";
  }
  return "SELECT id FROM information_schema.processlist WHERE db = '" + name +
         "' AND info LIKE '%INTO a%SLEEP%' AND id <> connection_id()";
}

std::string running_session(const Project& project) {
  const auto session = project.database().connect();
  for (int turn = 0; turn < 400; ++turn) {
    std::string found = session->value(running(project));
    if (!found.empty()) {
      return found;
    }
    std::this_thread::sleep_for(50ms);
  }
  return {};
}

bool is_running(const Project& project, BackgroundCommand& command) {
  if (project.engine() != "sqlite") {
    return !running_session(project).empty();
  }
  const bool first_done = command.wait_for_text("1_a");
  std::this_thread::sleep_for(200ms);
  return first_done && command.is_running();
}

/// Gone, after at most some seconds: a cancelled statement must not go on.
bool is_idle(const Project& project) {
  for (int turn = 0; project.engine() != "sqlite" && turn < 100; ++turn) {
    if (project.database().value(running(project)).empty()) {
      return true;
    }
    std::this_thread::sleep_for(50ms);
  }
  return project.engine() == "sqlite";
}

}  // namespace

TEST_CASE("cli: a signal cancels the statement on the server, and the next run goes on") {
  FOR_EACH_SERVER(server) {
    for (const int number : {SIGINT, SIGTERM}) {
      Project project(server, migrations(server.engine, 60));
      BackgroundCommand command(project.command({"up", "--transaction", "each"}));
      REQUIRE(is_running(project, command));
      command.send(number);
      const Outcome outcome = command.wait();
      CHECK(outcome.exit_code == 128 + number);
      CHECK(is_idle(project));
      CHECK(project.database().value("SELECT count(*) FROM a") == "0");
      const std::string text = project.shown({"up"}, outcome) + project.shown_all({{"status", "-q"}});
      CHECK(difference_from("interrupted." + server.engine + (number == SIGINT ? ".int" : ".term"), text) ==
            "");
      project.write({{"2_b.up.sql", "INSERT INTO a (id, name) VALUES (7, 'x');\n"}});
      CHECK(difference_from("interrupted.next", project.shown({"up"})) == "");
      CHECK(project.database().value("SELECT count(*) FROM a") == "1");
    }
  }
}

TEST_CASE("cli: two runs at once apply each version once") {
  FOR_EACH_SERVER(server) {
    for (const std::string mode : {"auto", "each"}) {
      CAPTURE(mode);
      FileTree files = pairs({"1_a", "2_b", "3_c", "4_d", "5_e", "6_f"});
      Project project(server, files);
      BackgroundCommand one(project.command({"up", "--transaction", mode, "--format", "json"}));
      BackgroundCommand two(project.command({"up", "--transaction", mode, "--format", "json"}));
      std::multiset<std::string> done;
      for (BackgroundCommand* command : {&one, &two}) {
        const Outcome outcome = command->wait();
        CAPTURE(outcome.err);
        CHECK(outcome.exit_code == 0);
        const auto document = nlohmann::json::parse(outcome.out);
        CHECK(document["to"] == "6");
        for (const auto& each : document["done"]) {
          done.insert(each["version"].get<std::string>());
        }
      }
      CHECK(done == std::multiset<std::string>{"1", "2", "3", "4", "5", "6"});
      CHECK(project.database().value(
                "SELECT count(*) FROM toolkit_history WHERE state = 'applied' AND version > 0") == "6");
    }
  }
}

TEST_CASE("cli: a second signal leaves at once") {
  for (const TestServer& server : test_servers("sqlite")) {
    Project project(server, pairs({"1_a"}));
    const auto blocker = project.database().connect();
    blocker->run("BEGIN IMMEDIATE");
    BackgroundCommand command(project.command({"up"}));
    REQUIRE(command.wait_for_text("database:"));
    std::this_thread::sleep_for(100ms);
    command.send(SIGINT);
    std::this_thread::sleep_for(50ms);
    command.send(SIGINT);
    const Outcome outcome = command.wait();
    CHECK(outcome.exit_code == 130);
    CHECK(outcome.err ==
          "stopping: what runs is being cancelled; once more ends at once\n"
          "ended at once; the next run finds out how things stand\n");
  }
}

TEST_CASE("cli: a reader of the output that goes away ends no run") {
  FOR_EACH_SERVER(server) {
    Project project(server, pairs({"1_a", "2_b", "3_c"}));
    Command command = project.command({"-c", "{ sleep 0.3; \"$0\" up; } | true", toolkit_binary().string()});
    command.program = "/bin/sh";
    CHECK(run_command(command).exit_code == 0);
    CHECK(project.database().value(
              "SELECT count(*) FROM toolkit_history WHERE state = 'applied' AND version > 0") == "3");
  }
}

TEST_CASE("cli: a stop ends the wait for another runner's lock") {
  for (const std::string engine : {"postgresql", "mysql", "mariadb"}) {
    for (const TestServer& server : test_servers(engine)) {
      CAPTURE(server.label);
      Project project(server, migrations(engine, 60));
      BackgroundCommand holder(project.command({"up"}));
      REQUIRE_FALSE(running_session(project).empty());
      BackgroundCommand waiter(project.command({"up"}));
      REQUIRE(waiter.wait_for_text("waiting for"));
      waiter.send(SIGTERM);
      const Outcome outcome = waiter.wait();
      CHECK(outcome.exit_code == 143);
      CHECK_FALSE(outcome.timed_out);
      holder.send(SIGINT);
      CHECK(holder.wait().exit_code == 130);
    }
  }
}

TEST_CASE("cli: a lost connection is made again, and the version takes effect once") {
  for (const std::string engine : {"postgresql", "mysql", "mariadb"}) {
    for (const TestServer& server : test_servers(engine)) {
      CAPTURE(server.label);
      Project project(server, migrations(engine, 3));
      BackgroundCommand command(project.command({"up", "--transaction", "each"}));
      const std::string session = running_session(project);
      REQUIRE_FALSE(session.empty());
      project.database().run(engine == "postgresql" ? "SELECT pg_terminate_backend(" + session + ")"
                                                    : "KILL " + session);
      std::string text = project.shown({"up", "--transaction", "each"}, command.wait());
      text += project.shown({"status", "-q"});
      CHECK(difference_from("connection_lost." + engine, text) == "");
      CHECK(project.database().value("SELECT count(*) FROM a") == (engine == "postgresql" ? "1" : "3"));
    }
  }
}

TEST_CASE(
    "cli: after kill -9 in the middle of a CALL nobody can tell: a person is asked, and settle records it") {
  for (const std::string engine : {"mysql", "mariadb"}) {
    for (const TestServer& server : test_servers(engine)) {
      CAPTURE(server.label);
      Project project(server, migrations(engine, 2));
      project.write({{"2_b.up.sql", "CALL make_b();\n"}, {"2_b.down.sql", "DROP TABLE b;\n"}});
      project.database().run("CREATE PROCEDURE make_b() BEGIN DO SLEEP(2); CREATE TABLE b (id int); END");
      BackgroundCommand command(project.command({"up"}));
      const auto session = project.database().connect();
      REQUIRE(command.wait_for_text("1_a"));
      for (int turn = 0; turn < 200 && session
                                           ->value("SELECT id FROM information_schema.processlist WHERE "
                                                   "state = 'User sleep' AND db = '" +
                                                   project.database().name() + "'")
                                           .empty();
           ++turn) {
        std::this_thread::sleep_for(20ms);
      }
      command.send(SIGKILL);
      CHECK(command.wait().signal == SIGKILL);
      // The lock is the dead runner's until its statement ends: this one waits for it.
      const std::string text = project.shown_all({{"status", "--check", "-q"},
                                                  {"up", "-q"},
                                                  {"down", "-q"},
                                                  {"up", "-q", "--format", "json"},
                                                  {"settle", "2", "--as", "applied"},
                                                  {"up"},
                                                  {"down", "2", "-q"},
                                                  {"status", "-q"}});
      CHECK(difference_from("killed." + engine, text) == "");
      CHECK(project.database().value("SELECT count(*) FROM toolkit_log WHERE action = 'settle'") == "1");
    }
  }
}

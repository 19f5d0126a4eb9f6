#include <doctest/doctest.h>

#include <thread>

#include "project.hpp"

using namespace toolkit::test;

// A failing migration per kind of error and engine: the whole text, the JSON document, and what is left.

namespace {

struct Failure {
  std::string name;
  std::string up;       ///< of 2_b, between 1_a and 3_c
  std::string engines;  ///< those that have this kind
};

const std::string everywhere = "postgresql mysql mariadb sqlite";

std::vector<Failure> failures() {
  return {
      {"syntax_error",
       "-- größer: not all bytes are characters\nCREATE TABLE b (\n  id INTEGER NOT NULL,,\n  n "
       "INTEGER\n);\n",
       everywhere},
      {"unknown_column", "INSERT INTO a (id, nme)\nVALUES (1, 'x');\n", everywhere},
      {"unknown_table", "ALTER TABLE absent ADD COLUMN n INTEGER;\n", everywhere},
      {"unique_violation", "INSERT INTO a (id, name) VALUES (1, 'x'), (1, 'y');\n", everywhere},
      {"not_null_violation", "INSERT INTO a (id, name) VALUES (1, NULL);\n", everywhere},
      {"deferred_constraint", "INSERT INTO child (id, a_id) VALUES (1, 99);\n", "postgresql sqlite"},
      {"unknown_hinted_function", "SELECT lowr('X');\n", "postgresql"},
      {"statement_timeout", "-- toolkit: statement-timeout 200ms\n", everywhere},
  };
}

FileTree migrations() {
  FileTree files = pairs({"1_a", "3_c"});
  files["1_a.up.sql"] = "CREATE TABLE a (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL);\n";
  files["2_b.down.sql"] = "DROP TABLE b;\n";
  return files;
}

const std::string child =
    "CREATE TABLE child (id INTEGER PRIMARY KEY, "
    "a_id INTEGER NOT NULL REFERENCES a (id) DEFERRABLE INITIALLY DEFERRED)";

}  // namespace

std::string long_statement(const std::string& engine, int seconds);

TEST_CASE("cli: a failing migration tells place, line, codes, hint, next step, and what is done") {
  FOR_EACH_SERVER(server) {
    for (const Failure& failure : failures()) {
      if (failure.engines.find(server.engine) == std::string::npos) {
        continue;
      }
      CAPTURE(failure.name);
      Project project(server, migrations());
      const bool is_long = failure.name == "statement_timeout";
      project.write({{"2_b.up.sql", failure.up + (is_long ? long_statement(server.engine, 60) : "")}});
      if (failure.name == "deferred_constraint") {
        REQUIRE(project.run({"up", "1"}).exit_code == 0);
        project.database().run(child);
      }
      std::string text = project.shown({"up", "--transaction", "each", "--format", "json"});
      const std::string before = project.database().value("SELECT count(*) FROM toolkit_history");
      text += project.shown_all({{"up", "--transaction", "each", "-q"}, {"status", "-q"}});
      CHECK(difference_from("failures/" + failure.name + "." + server.engine, text) == "");
      CHECK(project.database().value("SELECT count(*) FROM toolkit_history") == before);
    }
  }
}

TEST_CASE("cli: where versions share a transaction, a failure leaves none of them" *
          doctest::skip(!is_server_expected("sqlite"))) {
  for (const std::string engine : {"postgresql", "sqlite"}) {
    for (const TestServer& server : test_servers(engine)) {
      Project project(server, migrations());
      project.write({{"2_b.up.sql", "CREATE TABLE b (id INTEGER,);\n"}});
      CHECK(difference_from("failures/group." + engine,
                            project.shown_all({{"up", "-q"}, {"status", "-q"}})) == "");
    }
  }
}

TEST_CASE("cli: a deferred constraint that fails at the end of a group is its version's" *
          doctest::skip(!is_server_expected("sqlite"))) {
  for (const std::string engine : {"postgresql", "sqlite"}) {
    for (const TestServer& server : test_servers(engine)) {
      FileTree files = migrations();
      files["2_b.up.sql"] = child + ";\n";
      files["3_c.up.sql"] = "INSERT INTO child (id, a_id) VALUES (1, 99);\n";
      files["4_d.up.sql"] = "CREATE TABLE d (id INTEGER);\n";
      files["4_d.down.sql"] = "DROP TABLE d;\n";
      Project project(server, files);
      CHECK(difference_from("failures/deferred_group." + engine,
                            project.shown_all({{"up"}, {"status", "-q"}})) == "");
    }
  }
}

TEST_CASE("cli: a step that fails is named, the finished ones stay or go with the version") {
  FOR_EACH_SERVER(server) {
    FileTree files = migrations();
    files["2_b.up.1.sql"] = "CREATE TABLE b (id INTEGER NOT NULL PRIMARY KEY);\n";
    files["2_b.up.2.sql"] = "INSERT INTO b (id, name) VALUES (1, 'x');\n";
    Project project(server, files);
    std::string text =
        project.shown_all({{"up", "--transaction", "each", "-q"}, {"status", "-q"}, {"down", "-q"}});
    project.write({{"2_b.up.2.sql", "INSERT INTO b (id) VALUES (1);\n"}});
    text += project.shown({"up"});
    CHECK(difference_from("failures/step." + server.engine, text) == "");
    CHECK(project.database().value("SELECT count(*) FROM b") == "1");
  }
}

TEST_CASE("cli: a lock that somebody else holds is waited for a bounded time, and named") {
  // All engines at once: each waits for its retries.
  struct Wait {
    std::unique_ptr<Project> project;
    std::unique_ptr<NativeSession> blocker;
    std::unique_ptr<BackgroundCommand> command;
  };
  std::vector<Wait> waits;
  for (const TestServer& server : test_servers()) {
    FileTree files = migrations();
    files["2_b.up.sql"] = "-- toolkit: lock-timeout 100ms\nALTER TABLE a ADD COLUMN n INTEGER;\n";
    Wait& wait = waits.emplace_back();
    wait.project = std::make_unique<Project>(server, files);
    REQUIRE(wait.project->run({"up", "1"}).exit_code == 0);
    wait.project->database().run("INSERT INTO a (id, name) VALUES (1, 'x')");
    wait.blocker = wait.project->database().connect();
    wait.blocker->run(server.engine == "sqlite" ? "BEGIN IMMEDIATE" : "BEGIN");
    wait.blocker->run("UPDATE a SET name = 'y'");
    wait.command = std::make_unique<BackgroundCommand>(wait.project->command({"up", "-q"}));
  }
  for (Wait& wait : waits) {
    CAPTURE(wait.project->engine());
    // Whether the server shows the holder's statement is a matter of rights.
    wait.project->hide(": \"UPDATE a SET name = 'y'\"", "");
    const std::string text = wait.project->shown({"up", "-q"}, wait.command->wait());
    CHECK(difference_from("failures/lock_timeout." + wait.project->engine(), text) == "");
    wait.blocker.reset();
    CHECK(wait.project->run({"up"}).exit_code == 0);
  }
}

#include <doctest/doctest.h>

#include "project.hpp"

using namespace toolkit::test;

// What teams run into: late versions, two branches with one number, an older checkout, an edited file. Each
// way out is written into the log, with who and when.

namespace {

std::string log_of(const Project& project) {
  std::string text;
  for (const char* action : {"renumber", "allow-late", "also-checksum", "settle", "redo", "baseline"}) {
    const std::string count = project.database().value(
        std::string(
            "SELECT count(*) FROM toolkit_log WHERE applied_by <> '' AND at IS NOT NULL AND action = '") +
        action + "'");
    text += count == "0" ? "" : std::string(action) + " " + count + "; ";
  }
  return text;
}

}  // namespace

TEST_CASE("cli: a late version gets another number, or runs late, and the log tells which") {
  FOR_EACH_SERVER(server) {
    Project project(server, pairs({"0001_a", "0002_b", "0004_d"}));
    REQUIRE(project.run({"up"}).exit_code == 0);
    project.write(pairs({"0003_c"}));
    std::string text = project.shown_all({{"up", "-q"},
                                          {"renumber", "--late", "--dry-run"},
                                          {"renumber", "--late"},
                                          {"renumber", "--late"},
                                          {"up"}});
    CHECK(log_of(project) == "renumber 1; ");
    project.write(pairs({"0003_e"}));
    text += project.shown_all({{"up", "--allow-late"}, {"status", "-q"}, {"redo", "-q"}});
    CHECK(log_of(project) == "renumber 1; allow-late 1; redo 2; ");
    CHECK(difference_from("workflow.late", text) == "");
  }
}

TEST_CASE("cli: two branches took the same number: one of them is renumbered by name") {
  FOR_EACH_SERVER(server) {
    Project project(server, pairs({"0001_a", "0002_b"}));
    REQUIRE(project.run({"up"}).exit_code == 0);
    project.write(pairs({"0002_c"}));
    const std::string text = project.shown_all({{"up", "-q"},
                                                {"renumber", "2"},
                                                {"renumber", "2_nothing"},
                                                {"renumber", "2_c", "--to", "1"},
                                                {"renumber", "2_c", "--to", "x"},
                                                {"renumber"},
                                                {"renumber", "2_c", "--format", "json"},
                                                {"up"},
                                                {"status", "-q"}});
    CHECK(difference_from("workflow.branches", text) == "");
  }
}

TEST_CASE("cli: an applied version moves with its row only when that is asked for, on each database") {
  FOR_EACH_SERVER(server) {
    Project project(server, pairs({"0001_a", "0002_b", "0003_c"}));
    REQUIRE(project.run({"up"}).exit_code == 0);
    const std::string before = project.state();
    std::string text = project.shown({"renumber", "2", "--to", "9"});
    CHECK(project.state() == before);
    text += project.shown_all({{"renumber", "2", "--to", "9", "--move-applied"},
                               {"renumber", "2", "--to", "9", "--move-applied"},
                               {"status", "-q"},
                               {"up"},
                               {"down"},
                               {"status", "-q"}});
    CHECK(difference_from("workflow.move_applied", text) == "");
  }
}

TEST_CASE("cli: renumber needs no database for the files alone") {
  for (const TestServer& server : test_servers("sqlite")) {
    Project project(server, pairs({"20260101120000_a", "20260102120000_b"}));
    std::string text;
    for (int turn = 0; turn < 2; ++turn) {  // the second time there is nothing to rename
      text += project.shown({"renumber", "20260101120000", "--to", "20260103120000"},
                            {{"TOOLKIT_DATABASE_URL", ""}});
    }
    CHECK(difference_from("workflow.files", text) == "");
  }
}

TEST_CASE("cli: an older checkout is told, and starts all the same when that is allowed") {
  FOR_EACH_SERVER(server) {
    Project project(server, pairs({"0001_a", "0002_b", "0003_c"}));
    REQUIRE(project.run({"up"}).exit_code == 0);
    for (const char* file : {"0003_c.up.sql", "0003_c.down.sql"}) {
      project.remove(file);
    }
    const std::string text = project.shown_all({{"up", "-q"},
                                                {"up", "--allow-ahead"},
                                                {"plan", "--allow-ahead"},
                                                {"goto", "3", "-q"},
                                                {"down", "-q"},
                                                {"down", "--from-history"},
                                                {"up"}});
    CHECK(difference_from("workflow.ahead", text) == "");
  }
}

TEST_CASE("cli: an edit that its file accounts for is written into the log once") {
  FOR_EACH_SERVER(server) {
    Project project(server, pairs({"0001_a", "0002_b"}));
    REQUIRE(project.run({"up", "1"}).exit_code == 0);
    const std::string recorded =
        project.database().value("SELECT up_checksum FROM toolkit_history WHERE version = 1");
    project.write(
        {{"0001_a.up.sql", "-- toolkit: also-checksum " + recorded + "\nCREATE TABLE a (id bigint);\n"}});
    CHECK(project.run({"up"}).exit_code == 0);
    CHECK(project.run({"redo"}).exit_code == 0);
    CHECK(log_of(project) == "also-checksum 1; redo 2; ");
  }
}

TEST_CASE("cli: the lock between runners is shown without taking it") {
  FOR_EACH_SERVER(server) {
    Project project(server, pairs({"0001_a"}));
    CHECK(difference_from("workflow.lock." + server.engine,
                          project.shown_all(
                              {{"lock", "status"}, {"lock"}, {"lock", "status", "--format", "json"}})) == "");
    CHECK(project.database().value("SELECT 1") == "1");
  }
}

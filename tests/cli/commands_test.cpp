#include <doctest/doctest.h>

#include "project.hpp"

using namespace toolkit::test;

namespace {

using Lines = std::vector<std::vector<std::string>>;

}  // namespace

TEST_CASE("cli: up, down, redo, goto and what they leave, as a person sees it") {
  FOR_EACH_SERVER(server) {
    Project project(server, pairs({"01_a", "02_b", "03_c", "04_d"}));
    const std::string text = project.shown_all({{"status", "-q"},
                                                {"up", "--dry-run"},
                                                {"up", "1"},
                                                {"up", "--to", "3"},
                                                {"up"},
                                                {"up"},
                                                {"status"},
                                                {"status", "--check", "-q"},
                                                {"down"},
                                                {"status", "--check", "-q"},
                                                {"plan"},
                                                {"plan", "-v"},
                                                {"redo", "2"},
                                                {"redo", "--dry-run"},
                                                {"goto", "1"},
                                                {"goto", "4"},
                                                {"up", "--to", "2"},
                                                {"up", "--to", "9"},
                                                {"down", "--to", "2", "--dry-run"},
                                                {"down", "--to", "2"},
                                                {"down", "--to", "4"},
                                                {"goto", "0"},
                                                {"down"},
                                                {"goto", "0"}});
    CHECK(difference_from("life." + server.engine, text) == "");
    const std::string tables = "SELECT count(*) FROM toolkit_history WHERE state = 'reverted'";
    CHECK(project.database().value(tables) == "4");
  }
}

TEST_CASE("cli: down --all and drop ask for the database's name") {
  FOR_EACH_SERVER(server) {
    Project project(server, pairs({"1_a", "2_b"}));
    REQUIRE(project.run({"up"}).exit_code == 0);
    const std::string before = project.state();
    CHECK(difference_from("confirm_refused", project.shown_all({{"down", "--all"},
                                                                {"down", "--all", "--yes", "other"},
                                                                {"drop"},
                                                                {"drop", "--yes", "other"}})) == "");
    CHECK(project.state() == before);
    const std::string name = project.database().name();
    CHECK(
        difference_from("confirmed." + server.engine, project.shown_all({{"down", "--all", "--dry-run", "-q"},
                                                                         {"down", "--all", "--yes", name},
                                                                         {"drop", "--yes", name},
                                                                         {"drop", "--yes", name},
                                                                         {"create"},
                                                                         {"create"},
                                                                         {"status", "-q"}})) == "");
  }
}

TEST_CASE("cli: baseline, settle, list and doctor") {
  FOR_EACH_SERVER(server) {
    Project project(server, pairs({"1_a", "2_b", "3_c", "4_d"}));
    project.write({{"3_c.mysql.up.sql", "CREATE TABLE c (id BIGINT NOT NULL PRIMARY KEY);\n"}});
    const std::string text = project.shown_all({{"list"},
                                                {"list", "--resolve"},
                                                {"list", "--resolve", "--dialect", "mariadb"},
                                                {"list", "--dialect", "oracle"},
                                                {"baseline", "9"},
                                                {"baseline", "2"},
                                                {"baseline", "2"},
                                                {"baseline", "--only", "4"},
                                                {"status", "-q"},
                                                {"up", "-q"},
                                                {"up", "--allow-late"},
                                                {"settle", "2", "--as", "applied"},
                                                {"settle", "9", "--as", "pending"},
                                                {"settle", "2", "--as", "forgotten"},
                                                {"doctor"}});
    CHECK(difference_from("records." + server.engine, without_server_notes(text)) == "");
    CHECK(project.database().value("SELECT count(*) FROM toolkit_log WHERE action = 'baseline'") == "3");
    project.remove("4_d.up.sql");
    project.remove("4_d.down.sql");
    CHECK(difference_from("forgotten", project.shown_all({{"up", "-q"},
                                                          {"settle", "4", "--as", "forgotten"},
                                                          {"up", "-q"},
                                                          {"status", "-q"}})) == "");
  }
}

TEST_CASE("cli: the keys of every JSON document") {
  FOR_EACH_SERVER(server) {
    Project project(server, pairs({"01_a", "02_b"}));
    std::string text;
    const auto run = [&](std::vector<std::string> arguments) {
      arguments.insert(arguments.end(), {"--format", "json"});
      text += project.shown(arguments) + "\n";
    };
    run({"status"});
    run({"plan", "--to", "1"});
    run({"list", "--resolve", "--dialect", "sqlite"});
    run({"up", "1"});
    run({"up", "1"});
    run({"up"});
    run({"redo"});
    run({"down"});
    run({"goto", "0"});
    run({"baseline", "1"});
    run({"status", "--check"});
    run({"wait", "--timeout", "30s"});
    run({"doctor"});
    run({"up", "--to", "9"});
    run({"drop", "--yes", project.database().name()});
    run({"create"});
    CHECK(difference_from("json." + server.engine, without_server_notes(text)) == "");
  }
}

TEST_CASE("cli: what only looks never writes") {
  FOR_EACH_SERVER(server) {
    Project project(server, pairs({"1_a", "2_b"}));
    const std::string before = project.state();
    for (const std::vector<std::string>& arguments : Lines{{"status"},
                                                           {"status", "--check"},
                                                           {"plan"},
                                                           {"list"},
                                                           {"doctor"},
                                                           {"up", "--dry-run"},
                                                           {"down", "--dry-run"},
                                                           {"redo", "--dry-run"},
                                                           {"goto", "2", "--dry-run"},
                                                           {"settle", "1", "--as", "applied"},
                                                           {"baseline", "9"}}) {
      const Outcome outcome = project.run(arguments);
      CAPTURE(arguments.front());
      CAPTURE(outcome.err);
      CHECK(outcome.signal == 0);
      CHECK(project.state() == before);
    }
    REQUIRE(project.run({"up", "1"}).exit_code == 0);
    const std::string after = project.state();
    for (const std::string command : {"status", "plan", "doctor"}) {
      CHECK(project.run({command}).exit_code == 0);
      CHECK(project.state() == after);
    }
  }
}

TEST_CASE("cli: every command has help with examples") {
  const Outcome all = run_toolkit({"--help"});
  CHECK(all.exit_code == 0);
  CHECK(all.out.find("Examples:\n") != std::string::npos);
  for (const std::string command : {"up", "down", "redo", "goto", "status", "plan", "list", "baseline",
                                    "settle", "generate", "create", "drop", "wait", "doctor"}) {
    CAPTURE(command);
    CHECK(all.out.find("\n  " + command + " ") != std::string::npos);
    const Outcome help = run_toolkit({command, "--help"});
    CHECK(help.exit_code == 0);
    CHECK(help.err.empty());
    CHECK(help.out.find("Examples:\n  toolkit " + command) != std::string::npos);
  }
  const Outcome version = run_toolkit({"--version"});
  CHECK(version.exit_code == 0);
  CHECK(version.out.starts_with("toolkit "));
  CHECK(version.out.ends_with("\n"));
}

#include <doctest/doctest.h>

#include <filesystem>
#include <regex>

#include "project.hpp"
#include "toolkit/checksum.hpp"
#include "toolkit/version.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

const std::regex moment(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)");
const std::regex who(R"(.+@.+ \d+)");
const std::regex run_id("[0-9a-f]{32}");

std::string sum(const std::string& text) { return "sha256:" + sha256_hex(text); }

/// The rows as the toolkit reads them; what differs from run to run is checked for its form and written as
/// a word.
std::string rows_of(const Project& project) {
  const DatabaseUrl url = parse_url(project.database.url());
  const Dialect& dialect = Project::dialects().for_url(url);
  const auto connection = dialect.open(url, {});
  const HistorySql sql = dialect.history_sql({connection->server().default_schema});
  std::string lines;
  for (const auto& row : connection->query(sql.read, {}, 17)) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      std::string cell = row[i].value_or("null");
      cell = std::regex_match(cell, moment) ? "MOMENT" : cell;
      cell = i == 11 && std::regex_match(cell, who) ? "WHO" : cell;
      cell = i == 10 && std::regex_match(cell, run_id) ? "RUN" : cell;
      cell = i == 14 && cell != "null" && std::stoll(cell) >= 0 && std::stoll(cell) < 60'000 ? "MS" : cell;
      line += (line.empty() ? "" : "|") + cell;
    }
    lines += line + "\n";
  }
  return lines;
}

}  // namespace

TEST_CASE("up, down, goto and redo reach what they say") {
  FOR_EACH_SERVER(server) {
    Project project(server, three_tables());
    CHECK(project.outcome(counted(RequestKind::up, 1)) == " +1");
    CHECK(project.outcome(Request::up_to(2)) == " +2");
    CHECK(project.has_table("b"));
    CHECK_FALSE(project.has_table("c"));
    CHECK(project.outcome(Request::up()) == " +3");
    CHECK(project.outcome(Request::up()) == "");
    CHECK(project.outcome(counted(RequestKind::redo, 2)) == " -3 -2 +2 +3");
    CHECK(project.outcome(down()) == " -3");
    CHECK_FALSE(project.has_table("c"));
    CHECK(project.outcome(go_to(3)) == " +3");
    CHECK(project.outcome(go_to(1)) == " -3 -2");
    CHECK(project.outcome(Request::down_to(0)) == " -1");
    CHECK_FALSE(project.has_table("a"));
    CHECK(project.outcome(go_to(0)) == "");
    CHECK(project.states() == "1 reverted 0/1, 2 reverted 0/1, 3 reverted 0/1");
    CHECK(project.outcome(Request::up()) == " +1 +2 +3");
    CHECK(project.states() == "1 applied 1/1, 2 applied 1/1, 3 applied 1/1");
    CHECK(project.log() == "redo 3, redo 2, redo 2, redo 3");
    CHECK(project.listener.finished_tasks == " +1 +2 +3 -3 -2 +2 +3 -3 +3 -3 -2 -1 +1 +2 +3");
  }
}

TEST_CASE("a report says from where to where") {
  FOR_EACH_SERVER(server) {
    Project project(server, three_tables());
    const RunReport up = project.up();
    CHECK(up.from == 0);
    CHECK(up.to == 3);
    CHECK(up.server.flavour == server.engine);
    CHECK(up.exit_code() == ExitCode::done);
    CHECK(up.done[0].digits == "0001");
    const RunReport back = project.run(Request::down_to(1));
    CHECK(back.from == 3);
    CHECK(back.to == 1);
    const RunReport idle = project.run(go_to(1));
    CHECK(idle.from == 1);
    CHECK(idle.to == 1);
    CHECK(idle.done.empty());
  }
}

TEST_CASE("what is recorded of an applied, a reverted and a baselined version") {
  FOR_EACH_SERVER(server) {
    Project project(server, {{"0001_a.up.1.sql", "CREATE TABLE a (n INTEGER)"},
                             {"0001_a.up.2.sql", "INSERT INTO a VALUES (1)"},
                             {"0001_a.down.sql", "DROP TABLE a"},
                             {"0002_b.up.sql", "CREATE TABLE b (n INTEGER)"},
                             {"0002_b.down.sql", "DROP TABLE b"},
                             {"0003_c.up.sql", "CREATE TABLE c (n INTEGER)"},
                             {"0003_c.down.sql", "-- toolkit: irreversible no way back\n"}});
    project.run(Request::up_to(2));
    project.run(down());
    project.migrator().baseline(3, true, project.listener);
    const std::string up_1 = sum("CREATE TABLE a (n INTEGER)");
    const std::string up_2 = sum("INSERT INTO a VALUES (1)");
    const std::string version = tool_version;
    CHECK(rows_of(project) ==

          "0|format|applied|run||1|0|||{}|||MOMENT|null|null||0\n"
          "1|a|applied|run|" +
              server.engine + "|2|2|" + sum(up_1 + "\n" + up_2 + "\n") + "|" + sum("DROP TABLE a") +
              "|{\"up\":[\"" + up_1 + "\",\"" + up_2 + "\"],\"down\":[\"" + sum("DROP TABLE a") +
              "\"]}|RUN|WHO|MOMENT|MOMENT|MS|" + version + "|0\n" + "2|b|reverted|run|" + server.engine +
              "|0|1|" + sum("CREATE TABLE b (n INTEGER)") + "|" + sum("DROP TABLE b") + "|{\"up\":[\"" +
              sum("CREATE TABLE b (n INTEGER)") + "\"],\"down\":[\"" + sum("DROP TABLE b") +
              "\"]}|RUN|WHO|MOMENT|MOMENT|MS|" + version + "|0\n" + "3|c|applied|baseline|" + server.engine +
              "|1|1|" + sum("CREATE TABLE c (n INTEGER)") + "|" + sum("") + "|{\"up\":[\"" +
              sum("CREATE TABLE c (n INTEGER)") + "\"],\"down\":[\"" + sum("") +
              "\"]}|RUN|WHO|MOMENT|MOMENT|null|" + version + "|0\n");
    CHECK(project.database.rows("SELECT version, down_steps FROM toolkit_history ORDER BY version") ==
          std::vector<TextRow>{{"0", "[]"},
                               {"1", R"([{"sql":"DROP TABLE a","no_transaction":false}])"},
                               {"2", R"([{"sql":"DROP TABLE b","no_transaction":false}])"},
                               {"3", R"([{"sql":"","no_transaction":false,"irreversible":"no way back"}])"}});
    CHECK(project.log() == "baseline 3");
    CHECK_FALSE(project.has_table("c"));
  }
}

TEST_CASE("rows of one run carry one run's name, and the next run's another") {
  FOR_EACH_SERVER(server) {
    Project project(server, three_tables());
    project.run(Request::up_to(2));
    project.up();
    const std::vector<TextRow> rows =
        project.database.rows("SELECT run_id FROM toolkit_history WHERE version > 0 ORDER BY version");
    REQUIRE(rows.size() == 3);
    CHECK(rows[0] == rows[1]);
    CHECK(rows[1] != rows[2]);
  }
}

TEST_CASE("status and plan never write") {
  FOR_EACH_SERVER(server) {
    Project project(server, three_tables());
    project.options.read_only = true;
    const StatusReport status = project.migrator().status();
    CHECK_FALSE(status.has_history);
    CHECK(status.current == 0);
    CHECK(status.counts == std::map<std::string, std::int64_t>{{"pending", 3}});
    CHECK(status.migrations[0].up_checksum == sum("CREATE TABLE a (n INTEGER NOT NULL);"));
    CHECK(project.migrator().plan(Request::up()).to == 3);
    if (project.is("sqlite")) {
      CHECK_FALSE(std::filesystem::exists(project.database.name()));
    } else {
      CHECK_FALSE(project.has_table("toolkit_history"));
    }
    project.options.read_only = false;
    CHECK(project.outcome(down()) == "");
    CHECK_FALSE(project.has_table("toolkit_history"));
  }
}

TEST_CASE("status tells each version's state and the problems") {
  FOR_EACH_SERVER(server) {
    Project project(server, three_tables());
    project.up();
    project.database.run("DELETE FROM toolkit_history WHERE version = 2");
    project.write({{"0001_a.up.sql", "CREATE TABLE a (n INTEGER NOT NULL, more INTEGER);\n"}});
    project.remove("0003_c.up.sql");
    project.remove("0003_c.down.sql");
    project.write({{"0004_d.up.sql", "CREATE TABLE d (n INTEGER)"}, {"0004_d.down.sql", "DROP TABLE d"}});
    const StatusReport status = project.migrator().status();
    std::string shown;
    for (const StatusLine& line : status.migrations) {
      shown += line.digits + "_" + line.name + " " + line.state + " " +
               (std::regex_match(line.applied_at, moment) ? "MOMENT" : line.applied_at) + ", ";
    }
    CHECK(shown == "0001_a changed MOMENT, 0002_b late , 3_c missing MOMENT, 0004_d pending , ");
    CHECK(status.current == 3);
    CHECK(status.problems.size() == 3);
    CHECK(
        project.refusal(Request::up()) ==
        "DIR/0001_a.up.sql: version 0001_a was changed after it was applied (applied " +
            sum("CREATE TABLE a (n INTEGER NOT NULL);") + ", now " +
            sum("CREATE TABLE a (n INTEGER NOT NULL, more INTEGER);") +
            ")\n"
            "  next: restore the file and write the change as a new migration; or, where the new text means "
            "the same, add the line '-- toolkit: also-checksum " +
            sum("CREATE TABLE a (n INTEGER NOT NULL);") + "' to it\n");
  }
}

TEST_CASE("a late version runs when it is allowed, and the log tells it") {
  FOR_EACH_SERVER(server) {
    Project project(server, three_tables());
    project.remove("0002_b.up.sql");
    project.remove("0002_b.down.sql");
    project.up();
    project.write(three_tables());
    CHECK(test::thrown_by([&] { project.up(); }).kind == ErrorKind::late);
    CHECK_FALSE(project.has_table("b"));
    project.options.allow_late = true;
    CHECK(project.outcome(Request::up()) == " +2");
    CHECK(project.log() == "allow-late 2");
    CHECK(project.has_table("b"));
  }
}

TEST_CASE("baseline records versions without running them, once") {
  FOR_EACH_SERVER(server) {
    Project project(server, three_tables());
    CHECK(project.migrator().baseline(2, false, project.listener) == std::vector<Version>{1, 2});
    CHECK(project.migrator().baseline(2, false, project.listener).empty());
    CHECK(project.states() == "1 applied 1/1, 2 applied 1/1");
    CHECK_FALSE(project.has_table("a"));
    CHECK(project.outcome(Request::up()) == " +3");
    CHECK(project.log() == "baseline 1, baseline 2");
    CHECK(test::text_thrown_by([&] { project.migrator().baseline(7, false, project.listener); }) ==
          "error: there is no version 7\n  next: 'toolkit list' shows those that are\n");
  }
}

TEST_CASE("an interrupted version is decided by a person, and the log tells it") {
  FOR_EACH_SERVER(server) {
    Project project(server, three_tables());
    project.run(Request::up_to(2));
    project.database.run(
        "UPDATE toolkit_history SET state = 'applying', step = 0, mark = '{\"format\":1}', finished_at = "
        "NULL "
        "WHERE version = 2");
    const ErrorDetails details = test::thrown_by([&] { project.up(); });
    CHECK(details.kind == ErrorKind::unsettled);
    CHECK(details.version == 2);
    CHECK(test::thrown_by([&] { project.run(down()); }).kind == ErrorKind::unsettled);
    CHECK(project.states() == "1 applied 1/1, 2 applying 0/1 in flight");
    project.migrator().settle(2, Settlement::applied, project.listener);
    CHECK(project.states() == "1 applied 1/1, 2 applied 1/1");
    CHECK(project.database.value("SELECT origin FROM toolkit_history WHERE version = 2") == "settled");
    CHECK(project.outcome(Request::up()) == " +3");
    project.database.run(
        "UPDATE toolkit_history SET state = 'reverting', mark = '{\"format\":1}' WHERE version = 3");
    project.migrator().settle(3, Settlement::pending, project.listener);
    CHECK(project.states() == "1 applied 1/1, 2 applied 1/1, 3 reverted 0/1");
    CHECK(project.log() == "settle 2, settle 3");
    CHECK(
        test::text_thrown_by([&] { project.migrator().settle(1, Settlement::applied, project.listener); }) ==
        "error: version 1 is applied and needs no decision\n"
        "  next: only an interrupted or half finished version is settled; to record one as applied without "
        "running it use 'toolkit baseline --only'\n");
    CHECK(
        test::text_thrown_by([&] { project.migrator().settle(9, Settlement::applied, project.listener); }) ==
        "error: version 9 is not recorded in this database\n"
        "  next: 'toolkit status' shows what is\n");
  }
}

TEST_CASE("a version without files is forgotten when a person says so") {
  FOR_EACH_SERVER(server) {
    Project project(server, three_tables());
    project.up();
    project.remove("0003_c.up.sql");
    project.remove("0003_c.down.sql");
    CHECK(test::thrown_by([&] { project.up(); }).kind == ErrorKind::missing);
    project.migrator().settle(3, Settlement::forgotten, project.listener);
    CHECK(project.outcome(Request::up()) == "");
    CHECK(project.states() == "1 applied 1/1, 2 applied 1/1, 3 reverted 0/1");
    CHECK(project.has_table("c"));
  }
}

TEST_CASE("a history of a newer format is refused and left as it is") {
  FOR_EACH_SERVER(server) {
    Project project(server, three_tables());
    project.run(Request::up_to(1));
    project.database.run("UPDATE toolkit_history SET step = 2 WHERE version = 0");
    project.database.run("UPDATE toolkit_history SET state = 'unheard' WHERE version = 1");
    CHECK(project.refusal(Request::up()) ==
          "error: the history of this database has format 2, this toolkit knows 1\n"
          "  next: use the toolkit that wrote it, or a newer one; nothing was changed\n");
    CHECK(test::thrown_by([&] { project.migrator().status(); }).kind == ErrorKind::configuration);
    project.database.run("UPDATE toolkit_history SET step = 1 WHERE version = 0");
    CHECK(project.refusal(Request::up()) ==
          "error: the history holds the unknown state 'unheard'\n"
          "  next: it was written by something else than this tool; nothing was changed\n");
    CHECK_FALSE(project.has_table("b"));
  }
}

TEST_CASE("a history in another schema is told: two of them would apply everything again" *
          doctest::skip(!is_server_expected("postgresql"))) {
  for (const TestServer& server : test_servers("postgresql")) {
    Project project(server, three_tables());
    project.options.place.schema = "ops";
    project.run(Request::up_to(1));
    CHECK(project.database.value("SELECT count(*) FROM ops.toolkit_history") == "2");
    project.options.place.schema.clear();
    CHECK(project.refusal(Request::up()) ==
          "error: there is a history table toolkit_history in schema ops, but this run looks in public\n"
          "  next: use --history-schema, or [history] schema in toolkit.toml: two histories would apply "
          "everything again\n");
    CHECK(project.database.value("SELECT count(*) FROM pg_class WHERE relname = 'b'") == "0");
  }
}

TEST_CASE("a place for the history that is not there is named") {
  FOR_EACH_SERVER(server) {
    if (server.engine == "postgresql") {  // there it is made
      continue;
    }
    Project project(server, three_tables());
    project.options.place.schema = "not_there";
    const ErrorDetails details = test::thrown_by([&] { project.up(); });
    if (server.engine == "sqlite") {
      CHECK(details.kind == ErrorKind::configuration);
      CHECK(details.message == "a file has no schema 'not_there': the history stands in main");
    } else {
      CHECK(details.message.ends_with("Unknown database 'not_there'"));
      CHECK(details.advice.starts_with("make that database first"));
    }
    CHECK_FALSE(project.has_table("a"));
  }
}

TEST_CASE("a version without files goes down by what the history keeps, when that is asked for") {
  FOR_EACH_SERVER(server) {
    Project project(server, three_tables());
    project.up();
    project.remove("0003_c.up.sql");
    project.remove("0003_c.down.sql");
    CHECK(test::thrown_by([&] { project.run(down()); }).kind == ErrorKind::missing);
    project.options.from_history = true;
    CHECK(project.outcome(down()) == " -3");
    CHECK(project.listener.notes ==
          std::vector<std::string>{"the way down of 3_c comes from the history: its files are not there"});
    CHECK_FALSE(project.has_table("c"));
    CHECK(project.states() == "1 applied 1/1, 2 applied 1/1, 3 reverted 0/1");
    for (const char* file : {"0001_a.up.sql", "0001_a.down.sql", "0002_b.up.sql", "0002_b.down.sql"}) {
      project.remove(file);
    }
    CHECK(test::thrown_by([&] { project.run(down()); }).message == "there is no migration in this folder");
    project.options.without_files = true;
    CHECK(project.outcome(down()) == " -2");
    project.options.folder.path += "/gone";
    CHECK(project.outcome(down()) == " -1");
    CHECK(project.outcome(Request::up()) == "");
    CHECK(project.states() == "1 reverted 0/1, 2 reverted 0/1, 3 reverted 0/1");
  }
}

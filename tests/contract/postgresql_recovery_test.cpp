#include <doctest/doctest.h>

#include "../support/wire_proxy.hpp"
#include "postgresql_fixture.hpp"
#include "project.hpp"

using namespace toolkit;
using namespace toolkit::test;

TEST_SUITE_BEGIN("postgresql recovery" * doctest::skip(!is_server_expected("postgresql")));

namespace {

using Cut = WireProxy::Cut;

const FileTree counted_effects = {
    {"0001_a.up.sql", "CREATE TABLE effects (n int)"},
    {"0001_a.down.sql", "DROP TABLE effects"},
    {"0002_b.up.sql", "INSERT INTO effects VALUES (2)"},
    {"0002_b.down.sql", "DELETE FROM effects"},
    {"0003_c.postgresql.up.sql",
     "-- toolkit: no-transaction\nCREATE INDEX CONCURRENTLY effects_n ON effects (n)"},
    {"0003_c.postgresql.down.sql", "-- toolkit: no-transaction\nDROP INDEX CONCURRENTLY effects_n"},
};

/// A project whose runs go over a wire that can be cut.
class CutProject : public Project {
 public:
  CutProject()
      : Project(test_servers("postgresql").at(0), counted_effects),
        proxy(postgresql_address(database.url())) {
    options.folder.dialects = {"postgresql"};
    options.transaction = TransactionMode::each;
  }

  RunReport run_cut(const Request& request, Cut when, const std::string& text) {
    proxy.cut(when, text);
    return Migrator(dialects(), through(proxy, database.url()), options).run(request, listener);
  }

  WireProxy proxy;
};

}  // namespace

TEST_CASE("postgresql: a wire that is cut at a version's commit loses nothing, and nothing is done twice") {
  for (const Cut when : {Cut::before, Cut::after}) {
    CAPTURE(static_cast<int>(when));
    CutProject project;
    project.run(Request::up_to(1));
    const RunReport report = project.run_cut(Request::up_to(2), when, "INSERT INTO effects");
    CHECK(project.proxy.cuts() == 1);
    CHECK_FALSE(report.failed);
    REQUIRE(report.done.size() == 1);
    CHECK(report.done[0].version == 2);
    CHECK(project.listener.finished_tasks == " +1 +2");
    CHECK(project.listener.was_told("; connecting again"));
    CHECK(project.database.value("SELECT count(*) FROM effects") == "1");
    CHECK(project.states() == "1 applied 1/1, 2 applied 1/1");
  }
}

TEST_CASE("postgresql: an index whose build was cut off is there once, and the run goes on by itself") {
  for (const Cut when : {Cut::before, Cut::after}) {
    CAPTURE(static_cast<int>(when));
    CutProject project;
    project.run(Request::up_to(2));
    const RunReport report = project.run_cut(Request::up(), when, "CREATE INDEX CONCURRENTLY");
    CHECK_FALSE(report.failed);
    CHECK(report.settled == std::vector<Version>{3});
    CHECK(project.states() == "1 applied 1/1, 2 applied 1/1, 3 applied 1/1");
    CHECK(project.database.value("SELECT string_agg(indisvalid::text, ' ') FROM pg_index WHERE indrelid = "
                                 "'effects'::regclass") == "true");
    CHECK(project.log() == "settle 3");
    // The way back, cut off before it was sent: what the row said of its up is there again.
    const std::string row =
        "SELECT started_at, finished_at, duration_ms FROM toolkit_history WHERE version = 3";
    const auto applied = project.database.rows(row);
    CHECK_FALSE(project.run_cut(down(), Cut::after, "DROP INDEX CONCURRENTLY").failed);
    CHECK(project.states() == "1 applied 1/1, 2 applied 1/1, 3 reverted 0/1");
    CHECK(applied.size() == 1);
  }
}

TEST_CASE_FIXTURE(PostgresqlFixture, "the lock between runners can be looked at without taking it") {
  CHECK_FALSE(connection->lock_state(context.place).holder);
  const auto other = open({.application_name = "another runner"});
  const auto held = other->lock({context.place, std::chrono::seconds(5)}, told);
  const LockState state = connection->lock_state(context.place);
  REQUIRE(state.holder);
  CHECK(state.holder->session ==
        database.value("SELECT pid FROM pg_stat_activity WHERE application_name = 'another runner'"));
  CHECK(state.holder->user ==
        database.value("SELECT usename FROM pg_stat_activity WHERE pid = " + state.holder->session));
  CHECK(state.holder->application == "another runner");
  CHECK(state.holder->since ==
        database.value("SELECT to_char(state_change AT TIME ZONE 'UTC', "
                       "'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') FROM pg_stat_activity WHERE pid = " +
                       state.holder->session));
  CHECK(state.holder->running.empty());
  CHECK(state.doubt.empty());
}

TEST_CASE_FIXTURE(PostgresqlFixture, "what the promises rest on is looked at") {
  for (const char* setting : {"fsync", "full_page_writes", "synchronous_commit"}) {
    bool noted = false;
    for (const ServerNote& note : connection->inspect()) {
      noted = noted || note.subject == setting;
    }
    CHECK(noted == (database.value("SHOW " + std::string(setting)) == "off"));
  }
  const std::string role = database.name() + "_r";
  database.run("CREATE ROLE " + role + "; GRANT " + role + " TO CURRENT_USER");
  connection->execute("SET ROLE " + role);
  std::string notes;
  for (const ServerNote& note : connection->inspect()) {
    notes += note.subject == "rights" ? note.message + "\n" : "";
  }
  CHECK(notes ==
        "this role may not read and write public.toolkit_history\n"
        "this role may not read and write public.toolkit_log\n");
  connection->execute("RESET ROLE");
  database.run("DROP ROLE " + role);
}

TEST_SUITE_END();

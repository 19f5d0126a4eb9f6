#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "crash_project.hpp"
#include "death.hpp"

// What somebody else does to the database between a crash and the next run. The 612 cases of MySQL and
// MariaDB have a test of their own; these are PostgreSQL's and SQLite's.

using namespace toolkit;
using namespace toolkit::test;

namespace {

/// Done by another hand, and taken back before the database is compared.
struct OtherHand {
  std::string name;
  std::string act;
  std::string undo;
};

std::vector<OtherHand> hands_of(const std::string& engine) {
  const bool is_postgresql = engine == "postgresql";
  std::vector<OtherHand> hands = {
      {"another table", "CREATE TABLE other (x INT)", "DROP TABLE other"},
      {"an index of a DBA", "CREATE INDEX other_index ON items (n)", "DROP INDEX other_index"},
      {"rows of an application", "UPDATE items SET label = 'other' WHERE id = 1",
       "UPDATE items SET label = 'a' WHERE id = 1"},
      {"ANALYZE", "ANALYZE", is_postgresql ? "" : "DROP TABLE sqlite_stat1"},
      {"VACUUM", "VACUUM", ""},
  };
  if (is_postgresql) {
    hands.push_back({"a comment", "COMMENT ON COLUMN items.n IS 'x'", "COMMENT ON COLUMN items.n IS NULL"});
    hands.push_back({"REINDEX", "REINDEX TABLE items", ""});
    hands.push_back({"CLUSTER", "CLUSTER items USING items_pkey", "ALTER TABLE items SET WITHOUT CLUSTER"});
    hands.push_back({"an index of its own, concurrently",
                     "CREATE INDEX CONCURRENTLY other_index ON items (n)", "DROP INDEX other_index"});
  }
  return hands;
}

/// Where the tool dies: the intent is committed and the statement is not sent, or it has run and nobody
/// knows.
std::vector<FaultPoint> deaths_around_statement(CrashProject& project, int version) {
  PointRecorder recorder;
  project.run(Request::up_to(version));
  std::vector<FaultPoint> points;
  for (const FaultPoint& point : recorder.points()) {
    const bool is_statement =
        point.call.find(project.set()[static_cast<std::size_t>(version - 1)].up.front().substr(0, 30)) !=
        std::string::npos;
    if (is_statement && point.moment != CallMoment::sent) {
      points.push_back(point);
    }
  }
  project.run(Request::down_to(version - 1));
  return points;
}

void try_hand(CrashProject& project, int version, const FaultPoint& point, const OtherHand& hand,
              CrashCount& count) {
  const std::string where =
      "version " + std::to_string(version) + ", died " + to_string(point) + ", then " + hand.name;
  project.make_way(version - 1, version);
  if (die_at(point, [&] { project.project().run(Request::up_to(version)); }) != ChildEnd::died_as_planned) {
    count.bad(where + ": the run did not come to this point");
  }
  count.run();
  project.database().run(hand.act);
  project.recover(Request::up_to(version), count, where);
  if (!hand.undo.empty()) {
    project.database().run(hand.undo);
  }
  project.check_end(version, 0, project.history(0), count, where);
  project.run(Request::down_to(version - 1));
}

}  // namespace

TEST_CASE("other hands between a crash and the next run: nothing lost, nothing done twice") {
  for (const std::string engine : {"postgresql", "sqlite"}) {
    for (const TestServer& server : test_servers(engine)) {
      CAPTURE(server.label);
      CrashProject project(server);
      CrashCount count(project.engine(), "other hands between crash and recovery");
      int turn = static_cast<int>(crash_options().seed % 1'000);
      for (int version = 2; version <= project.versions(); ++version) {
        project.run(Request::up_to(version - 1));
        for (const FaultPoint& point : deaths_around_statement(project, version)) {
          for (const OtherHand& hand : hands_of(engine)) {
            if (crash_options().all || turn++ % 5 == 0) {
              try_hand(project, version, point, hand, count);
            }
          }
        }
      }
      if (!crash_options().all) {
        break;
      }
    }
  }
}

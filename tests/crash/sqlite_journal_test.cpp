#include <doctest/doctest.h>

#include <csignal>
#include <string>

#include "random_kills.hpp"

using namespace toolkit::test;

namespace {

/// SQLite keeps no journal mode but WAL in the file, so the first version sets it for the session that runs
/// the others.
CrashSet set_in_mode(const std::string& mode) {
  const std::string alone = "-- toolkit: no-transaction\nPRAGMA journal_mode = ";
  CrashSet set = {{"journal_mode", {alone + mode}, {alone + "DELETE"}, true}};
  for (const CrashVersion& version : sqlite_crash_set()) {
    if (version.name != "use_wal") {
      set.push_back(version);
    }
  }
  return set;
}

}  // namespace

TEST_CASE("sqlite: kill -9 of the tool at random moments in four journal modes") {
  for (const std::string mode : {"DELETE", "TRUNCATE", "PERSIST", "WAL"}) {
    CrashProject project(test_servers("sqlite").front(), set_in_mode(mode));
    CrashCount count(project.engine(), "kill -9 of the tool, journal mode " + mode);
    RandomKills(project).rounds(crash_options().all ? 100 : 10, count, [](int child) {
      kill(child, SIGKILL);
      wait_for_child(child);
    });
  }
}

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <csignal>
#include <string>

#include "random_kills.hpp"

using namespace toolkit::test;

namespace {

std::string journal_mode;

// SQLite keeps no journal mode but WAL in the file: every session is given it as it opens.
int set_journal_mode(sqlite3* handle, const char** /*error*/, const void* /*routines*/) {
  return sqlite3_exec(handle, ("PRAGMA journal_mode = " + journal_mode).c_str(), nullptr, nullptr, nullptr);
}

/// While it lives, all sessions of this process and of its children open in one journal mode.
class AllSessionsIn {
 public:
  explicit AllSessionsIn(const std::string& mode) {
    journal_mode = mode;
    REQUIRE(sqlite3_auto_extension(hook()) == SQLITE_OK);
  }
  ~AllSessionsIn() { sqlite3_cancel_auto_extension(hook()); }
  AllSessionsIn(const AllSessionsIn&) = delete;
  AllSessionsIn& operator=(const AllSessionsIn&) = delete;

 private:
  using Hook = void (*)();
  static Hook hook() { return reinterpret_cast<Hook>(set_journal_mode); }
};

}  // namespace

TEST_CASE("sqlite: kill -9 of the tool at random moments in four journal modes") {
  for (const char* mode : {"DELETE", "TRUNCATE", "PERSIST", "WAL"}) {
    const AllSessionsIn sessions(mode);
    CrashProject project(test_servers("sqlite").front());
    CrashCount count(project.engine(), std::string("kill -9 of the tool, journal mode ") + mode);
    RandomKills kills(project);
    kills.rounds(crash_options().all ? 100 : 10, count, [](int child) {
      kill(child, SIGKILL);
      wait_for_child(child);
    });
  }
}

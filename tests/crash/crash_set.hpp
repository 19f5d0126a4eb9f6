#pragma once

#include <string>
#include <vector>

#include "../support/files.hpp"

namespace toolkit::test {

/// One version of a set: its statements, each a file, directives included.
struct CrashVersion {
  std::string name;
  std::vector<std::string> up;
  std::vector<std::string> down;
  /// Running the statement once more changes nothing, so settling may run it again: CREATE OR REPLACE VIEW,
  /// MODIFY, OPTIMIZE. Everything else must take effect exactly once.
  bool may_run_again = false;
};

/// At least 24 versions that together hold every class of statement that an engine has a rule for, up and
/// down. Each down restores what was there before its up, rows included. The effects tell how often a
/// statement ran: counters (`n = n + 1`), rows without a key, indexes and constraints without a name.
using CrashSet = std::vector<CrashVersion>;

CrashSet postgresql_crash_set(const std::string& database, int server_version);
CrashSet mysql_crash_set(const std::string& flavour);
CrashSet sqlite_crash_set();

/// Pure. The files of a set: 0001_name.up.sql, with steps where a version has several statements.
FileTree files_of(const CrashSet& set);

}  // namespace toolkit::test

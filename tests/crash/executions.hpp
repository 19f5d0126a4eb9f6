#pragma once

#include <map>
#include <string>

#include "../support/native.hpp"
#include "crash_set.hpp"

namespace toolkit::test {

/// How often the server itself says that it has executed each statement of a set: by the binary log of MySQL
/// and MariaDB, where it is on. Statements that the server writes there in its own words (DROP TABLE, CREATE
/// VIEW, …) are not found; their effect shows in what exists.
class Executions {
 public:
  /// Counts nothing on a server without a binary log, or one whose log this account may not read.
  Executions(NativeSession& session, const CrashSet& set);

  bool counts() const { return !file_.empty(); }

  /// Statement -> times, since the construction. Statements of the versions from `low` + 1 to `high`.
  std::map<std::string, int> since(NativeSession& session, int low, int high) const;

 private:
  const CrashSet& set_;
  std::string file_;
  std::string position_;
};

/// Pure. What is wrong with `found` where `expected` is right: a statement executed less often, or more often
/// although it may not run again. `again` is raised by those that may. Empty: nothing.
std::string execution_fault(const std::map<std::string, int>& expected,
                            const std::map<std::string, int>& found, const CrashSet& set, int& again);

}  // namespace toolkit::test

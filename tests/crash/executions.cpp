#include "executions.hpp"

#include <algorithm>
#include <stdexcept>

namespace toolkit::test {

namespace {

std::string without_directives(const std::string& statement) {
  std::size_t begin = 0;
  while (statement.compare(begin, 2, "--") == 0) {
    begin = statement.find('\n', begin) + 1;
  }
  return statement.substr(begin);
}

// SHOW MASTER STATUS is gone from MySQL 8.4 on; MariaDB does not know the new words.
std::vector<TextRow> log_status(NativeSession& session) {
  for (const char* words : {"SHOW BINARY LOG STATUS", "SHOW MASTER STATUS"}) {
    try {
      return session.rows(words);
    } catch (const std::runtime_error&) {
      continue;
    }
  }
  return {};
}

int occurrences(const std::vector<TextRow>& events, const std::string& text) {
  return static_cast<int>(std::count_if(events.begin(), events.end(), [&](const TextRow& event) {
    // The history repeats the ways back that it keeps.
    return event.back().find(text) != std::string::npos && event.back().find("toolkit_") == std::string::npos;
  }));
}

bool may_run_again(const CrashSet& set, const std::string& statement) {
  return std::any_of(set.begin(), set.end(), [&](const CrashVersion& version) {
    const auto holds = [&](const std::vector<std::string>& steps) {
      return std::any_of(steps.begin(), steps.end(),
                         [&](const std::string& step) { return without_directives(step) == statement; });
    };
    return version.may_run_again && (holds(version.up) || holds(version.down));
  });
}

}  // namespace

Executions::Executions(NativeSession& session, const CrashSet& set) : set_(set) {
  const std::vector<TextRow> status = log_status(session);
  if (!status.empty() && status.front().size() > 1) {
    file_ = status.front()[0];
    position_ = status.front()[1];
  }
}

std::map<std::string, int> Executions::since(NativeSession& session, int low, int high) const {
  std::map<std::string, int> found;
  if (!counts()) {
    return found;
  }
  const std::vector<TextRow> events = session.rows("SHOW BINLOG EVENTS IN '" + file_ + "' FROM " + position_);
  for (int version = low; version < high; ++version) {
    const CrashVersion& each = set_[static_cast<std::size_t>(version)];
    for (const auto* steps : {&each.up, &each.down}) {
      for (const std::string& step : *steps) {
        const std::string text = without_directives(step);
        found[text] = occurrences(events, text);
      }
    }
  }
  return found;
}

std::string execution_fault(const std::map<std::string, int>& expected,
                            const std::map<std::string, int>& found, const CrashSet& set, int& again) {
  std::string fault;
  for (const auto& [statement, times] : found) {
    const auto right = expected.find(statement);
    const int wanted = right == expected.end() ? 0 : right->second;
    if (times > wanted && may_run_again(set, statement)) {
      ++again;
    } else if (times != wanted) {
      fault += "executed " + std::to_string(times) + " times instead of " + std::to_string(wanted) + ": " +
               statement + "\n";
    }
  }
  return fault;
}

}  // namespace toolkit::test

#include "golden.hpp"

#include <cstdlib>
#include <regex>
#include <sstream>

#include "files.hpp"

namespace toolkit::test {

namespace fs = std::filesystem;

std::string normalised(std::string text, const Substitutions& substitutions) {
  for (const auto& [from, to] : substitutions) {
    for (auto at = text.find(from); !from.empty() && at != std::string::npos;
         at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
  }
  static const std::regex duration(R"(\b\d+(\.\d+)? ?(ms|s|min)\b)");
  static const std::regex moment(R"(\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d(:\d\d)?)?)");
  static const std::regex process(R"(\bpid \d+)");
  text = std::regex_replace(text, moment, "TIME");
  text = std::regex_replace(text, duration, "N ms");
  return std::regex_replace(text, process, "pid PID");
}

std::string text_difference(const std::string& expected, const std::string& actual) {
  if (expected == actual) {
    return {};
  }
  std::istringstream left(expected);
  std::istringstream right(actual);
  std::string expected_line;
  std::string actual_line;
  int line = 0;
  bool more_left = true;
  bool more_right = true;
  do {
    ++line;
    more_left = static_cast<bool>(std::getline(left, expected_line));
    more_right = static_cast<bool>(std::getline(right, actual_line));
  } while (more_left && more_right && expected_line == actual_line);
  std::ostringstream text;
  text << "line " << line << " differs\n"
       << "  expected: " << (more_left ? expected_line : "(end)") << '\n'
       << "  actual:   " << (more_right ? actual_line : "(end)") << '\n'
       << "--- expected\n"
       << expected << "--- actual\n"
       << actual << "---\n";
  return text.str();
}

namespace {

// The last column of a table is as wide as what was in it before a mask was put there.
std::string without_blanks_at_ends(const std::string& text) {
  static const std::regex blanks(" +\n");
  return std::regex_replace(text, blanks, "\n");
}

}  // namespace

std::string golden_difference(const fs::path& expected, const std::string& actual) {
  const char* update = std::getenv("TOOLKIT_UPDATE_GOLDEN");
  if (update != nullptr && std::string(update) == "1") {
    fs::create_directories(expected.parent_path());
    write_file(expected, actual);
    return {};
  }
  return text_difference(without_blanks_at_ends(read_file(expected)), without_blanks_at_ends(actual));
}

}  // namespace toolkit::test

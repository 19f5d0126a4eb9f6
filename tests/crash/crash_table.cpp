#include "crash_table.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <iomanip>
#include <sstream>
#include <thread>
#include <utility>

namespace toolkit::test {

namespace {

std::vector<CrashRow>& rows() {
  static std::vector<CrashRow> all;
  return all;
}

}  // namespace

CrashOptions& crash_options() {
  static CrashOptions options;
  return options;
}

CrashCount::CrashCount(std::string engine, std::string fault) {
  row_.engine = std::move(engine);
  row_.fault = std::move(fault);
}

CrashCount::~CrashCount() {
  row_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  rows().push_back(std::move(row_));
}

void CrashCount::asked(const std::string& why) {
  ++row_.asked;
  if (!why.empty()) {
    ++row_.why_asked[why];
  }
}

void CrashCount::bad(const std::string& what) {
  row_.bad.push_back(what);
  constexpr std::size_t most = 1'500;
  FAIL_CHECK(row_.engine << ", " << row_.fault << ": " << what.substr(0, most));
}

std::string crash_table() {
  if (rows().empty()) {
    return {};
  }
  std::ostringstream text;
  const auto line = [&text](const auto& engine, const auto& fault, const auto& runs, const auto& bad,
                            const auto& asked, const auto& again, const auto& seconds) {
    text << std::left << std::setw(20) << engine << std::setw(48) << fault << std::right << std::setw(6)
         << runs << std::setw(5) << bad << std::setw(6) << asked << std::setw(6) << again << std::setw(9)
         << seconds << '\n';
  };
  text << std::fixed << std::setprecision(1);
  line("engine", "fault", "runs", "bad", "asked", "again", "seconds");
  double seconds = 0;
  for (const CrashRow& row : rows()) {
    line(row.engine, row.fault, row.runs, row.bad.size(), row.asked, row.again, row.seconds);
    seconds += row.seconds;
  }
  for (const CrashRow& row : rows()) {
    for (const auto& [why, times] : row.why_asked) {
      text << "asked " << times << " times (" << row.engine << ", " << row.fault << "): " << why << '\n';
    }
  }
  double load = 0;
  getloadavg(&load, 1);
  text << "seed " << crash_options().seed << ", " << seconds << " s, " << std::thread::hardware_concurrency()
       << " processors, load " << load << '\n';
  return text.str();
}

}  // namespace toolkit::test

#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace toolkit::test {

/// What a run of this program was asked for.
struct CrashOptions {
  bool all = false;        ///< every point on every server, all rounds
  std::uint64_t seed = 0;  ///< TOOLKIT_CRASH_SEED, else the day: the rotating part differs from day to day
};

/// Set once by main.
CrashOptions& crash_options();

/// One line of the proof.
struct CrashRow {
  std::string engine;  ///< "mariadb 10.11.6"
  std::string fault;   ///< "every call, up"
  int runs = 0;
  int asked = 0;  ///< a person had to decide; of races: a runner was refused in good order
  std::map<std::string, int> why_asked;
  int again = 0;  ///< a statement that may run again did so
  std::vector<std::string> bad;
  double seconds = 0;
};

/// Adds to the table from its construction to its destruction; the row's `bad` cases fail the test case that
/// holds it, each with its words.
class CrashCount {
 public:
  CrashCount(std::string engine, std::string fault);
  ~CrashCount();
  CrashCount(const CrashCount&) = delete;
  CrashCount& operator=(const CrashCount&) = delete;

  void run() { ++row_.runs; }
  /// `why` stands below the table, once with its count.
  void asked(const std::string& why = "");
  void again(int times) { row_.again += times; }
  void bad(const std::string& what);
  bool has_bad() const { return !row_.bad.empty(); }

 private:
  CrashRow row_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// The table with seed, durations and the machine's load, as text. Empty when nothing was counted.
std::string crash_table();

}  // namespace toolkit::test

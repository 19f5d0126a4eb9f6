#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "toolkit/migration_set.hpp"
#include "verify_engine.hpp"

/// What verify finds on one engine, told while it is found.
namespace toolkit {

/// How long something has taken since it was made.
class Stopwatch {
 public:
  std::int64_t milliseconds() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start_).count();
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

class Checks {
 public:
  Checks(EngineReport& report, const VerifyVoice& voice) : report_(report), voice_(voice) {}

  void add(Check check);

  /// A check of one version; `file` is the script's first.
  void add(const Migration& migration, const char* check, const Script& script, CheckResult result,
           std::string reason, std::int64_t duration = 0, std::vector<Difference> differences = {});

  /// A check of the whole, about a file or none.
  void add_of_all(const char* check, CheckResult result, std::string reason, std::string file = {});

 private:
  EngineReport& report_;
  const VerifyVoice& voice_;
};

/// Pure. `0007_add_calls_stats`.
std::string label_of(const Migration& migration);

/// Pure. Which of the differences count: logical ones, physical ones where a down can restore the order of
/// columns, with `strict` all. A note when none counts, a pass when there are none.
CheckResult judge(const std::vector<Difference>& differences, const Traits& traits, bool strict);

/// Pure. `3 differences`.
std::string count_of(const std::vector<Difference>& differences);

/// The failure as one text, without its line end.
std::string sentence_of(const Error& failure);

}  // namespace toolkit

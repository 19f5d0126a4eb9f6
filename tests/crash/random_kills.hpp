#pragma once

#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <thread>

#include "crash_project.hpp"
#include "death.hpp"

namespace toolkit::test {

/// Whole runs up and down in turns, each struck at a random moment of its length; then the next run must
/// converge.
class RandomKills {
 public:
  /// Measures an uninterrupted run each way, and keeps its history.
  explicit RandomKills(CrashProject& project) : project_(project), random_(crash_options().seed) {
    for (const int to : {project_.versions(), 0}) {
      const auto start = std::chrono::steady_clock::now();
      project_.run(request_to(to));
      const auto took = std::chrono::steady_clock::now() - start;
      longest_ = std::max(longest_, std::chrono::duration_cast<std::chrono::microseconds>(took));
      (to == 0 ? history_below_ : history_above_) = project_.history(project_.versions());
    }
  }

  /// `strike` is given the process id of the run, and must see to its end.
  template <typename Strike>
  void rounds(int count, CrashCount& result, Strike strike) {
    for (int round = 0; round < count; ++round) {
      const bool goes_up = round % 2 == 0;
      const int to = goes_up ? project_.versions() : 0;
      const std::chrono::microseconds wait(std::uniform_int_distribution<long>(0, longest_.count())(random_));
      const std::string where = std::string(goes_up ? "up" : "down") + ", round " + std::to_string(round) +
                                ", after " + std::to_string(wait.count()) + " us";
      result.run();
      project_.make_way(0, project_.versions());
      const int child = start_child([&] { project_.project().run(request_to(to)); });
      std::this_thread::sleep_for(wait);
      strike(child);
      project_.check_after_crash(result, where);
      project_.recover(request_to(to), result, where);
      project_.check_end(to, project_.versions(), goes_up ? history_above_ : history_below_, result, where);
      if (result.has_bad() && project_.now() != project_.state_at(to)) {
        project_.start_over(to);
      }
    }
  }

 private:
  Request request_to(int to) const { return to_version(project_.versions() - to, to); }

  CrashProject& project_;
  std::mt19937_64 random_;
  std::chrono::microseconds longest_{0};
  std::string history_above_;
  std::string history_below_;
};

}  // namespace toolkit::test

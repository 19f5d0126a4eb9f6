#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "toolkit/unit_of_work.hpp"

namespace toolkit::test {

/// Keeps what a run told, in order: `lines` holds all but the waits, `notes` the texts of the notes alone.
class Told : public RunObserver {
 public:
  void started(const Task& task) override { lines.push_back("started " + std::to_string(task.version)); }
  void finished(const Task& task, std::chrono::milliseconds) override {
    lines.push_back("finished " + std::to_string(task.version));
  }
  void note(const Task* task, const std::string& text) override {
    lines.push_back("note " + (task == nullptr ? std::string("-") : std::to_string(task->version)) + " " +
                    text);
    notes.push_back(text);
  }
  void waiting(const std::string& what, std::chrono::milliseconds) override { waits.push_back(what); }

  bool has(const std::string& line) const {
    return std::find(lines.begin(), lines.end(), line) != lines.end();
  }

  std::vector<std::string> lines;
  std::vector<std::string> notes;
  std::vector<std::string> waits;
};

}  // namespace toolkit::test

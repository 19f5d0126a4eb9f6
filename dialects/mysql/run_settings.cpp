#include <algorithm>
#include <array>
#include <utility>

#include "runner.hpp"
#include "session_use.hpp"
#include "toolkit/error.hpp"

// What the steps of one version hand on to each other in the session.

namespace toolkit::mysql {

void Runner::carry_over(const Task& task) {
  carried_.clear();
  settings_.clear();
  if (task.finished_steps.empty()) {
    return;
  }
  const auto codes_of = [&](const std::vector<Step>& steps) {
    std::vector<std::string> codes;
    std::transform(steps.begin(), steps.end(), std::back_inserter(codes),
                   [&](const Step& step) { return code_of(step); });
    return codes;
  };
  CarriedOver carried = carried_over(codes_of(task.finished_steps), codes_of(task.steps));
  if (!carried.lost.empty()) {
    ErrorDetails details;
    details.kind = ErrorKind::unsettled;
    details.version = task.version;
    details.message =
        "a step of " + label_of(task) + " that is still to run needs " + carried.lost +
        ", which a finished one has left in a session that is gone; tables or rows have changed since";
    details.advice = "let the step make the value itself: steps from " + std::to_string(task.first_step) +
                     " on may still be edited";
    throw Error(std::move(details));
  }
  carried_ = std::move(carried.texts);
  settings_ = std::move(carried.settings);
}

void Runner::send_settings() {
  const bool is_first = !carried_.empty();
  for (const std::string& text : is_first ? std::exchange(carried_, {}) : settings_) {
    session_.send_raw(text);
  }
}

void Runner::remember_settings(const Step& step) {
  std::string code = code_of(step);
  if (session_use(code).is_setting) {
    settings_.push_back(std::move(code));
  }
}

// A file that sets a variable back itself leaves nothing changed; the values are as session tracking says
// them.
void Runner::tell_what_is_left_changed(const Task& task) {
  const std::array<std::pair<std::string_view, std::string>, 5> usual = {
      {{"foreign_key_checks", "ON"},
       {"unique_checks", "ON"},
       {"autocommit", "ON"},
       {"time_zone", "+00:00"},
       {"sql_mode", sql_mode_of(scope_, facts_)}}};
  for (const auto& [name, value] : std::exchange(left_changed_, {})) {
    const bool is_as_before = std::any_of(
        usual.begin(), usual.end(),
        [&, key = name, now = value](const auto& each) { return each.first == key && each.second == now; });
    if (!is_as_before) {
      scope_.observer.note(&task, "the file leaves the session's " + name + " changed (" + value +
                                      "); it is set back before the next one");
    }
  }
}

}  // namespace toolkit::mysql

#include "toolkit/plan.hpp"

namespace toolkit {

namespace {

std::string border_of(const PlannedUnit& unit) {
  const std::size_t count = unit.work.tasks.size();
  std::string text = unit.work.kind == UnitKind::separate ? "without a transaction"
                     : count == 1                         ? "one transaction"
                                  : "one transaction for " + std::to_string(count) + " versions";
  return text + (unit.reason.empty() ? "" : " (" + unit.reason + ")");
}

std::string files_of(const Task& task) {
  if (task.steps.empty()) {
    return "nothing to do here";
  }
  const std::string& first = task.steps.front().path;
  return task.steps.size() == 1 ? first : first + " and " + std::to_string(task.steps.size() - 1) + " more";
}

void append_sql(const Task& task, std::string& text) {
  for (const Step& step : task.steps) {
    text += "    -- " + step.path + "\n";
    std::string_view rest = step.sql;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      text += "    " + std::string(rest.substr(0, end)) + (end == rest.size() ? ";" : "") + "\n";
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
}

}  // namespace

std::string describe_plan(const Plan& plan, bool with_sql) {
  if (plan.is_empty()) {
    return "nothing to do: the current version is " + std::to_string(plan.from) + "\n";
  }
  std::string text = "from version " + std::to_string(plan.from) + " to " + std::to_string(plan.to) + "\n";
  for (const PlannedUnit& unit : plan.units) {
    text += border_of(unit) + "\n";
    for (const Task& task : unit.work.tasks) {
      const std::string resumed = task.first_step > 1 ? ", from step " + std::to_string(task.first_step) : "";
      text += "  " + std::string(to_string(task.direction)) +
              (task.direction == Direction::up ? "    " : "  ") + label_of(task) + "  " + files_of(task) +
              resumed + "\n";
      if (with_sql) {
        append_sql(task, text);
      }
    }
  }
  for (const std::string& note : plan.notes) {
    text += "note: " + note + "\n";
  }
  return text;
}

}  // namespace toolkit

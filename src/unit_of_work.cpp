#include "toolkit/unit_of_work.hpp"

#include <algorithm>
#include <utility>

namespace toolkit {

std::string label_of(const Task& task) {
  return (task.digits.empty() ? std::to_string(task.version) : task.digits) + "_" + task.name;
}

Parameters claim_parameters(const Task& task, const RunContext& context, UnitKind kind) {
  Parameters values = {
      {"version", task.version},
      {"name", task.name},
      {"origin", std::string(to_string(Origin::run))},
      {"dialect", task.dialect},
      {"step", std::int64_t{task.first_step - 1}},
      {"steps", std::int64_t{task.step_count}},
      {"up_checksum", task.up_checksum},
      {"down_checksum", task.down_checksum},
      {"step_checksums", task.step_checksums},
      {"down_steps", task.down_steps},
      {"mark", std::monostate()},
      {"run_id", context.run_id},
      {"applied_by", context.applied_by},
      {"tool_version", context.tool_version},
  };
  if (kind == UnitKind::separate) {
    values["mark"] = std::string(R"({"format":1})");
  }
  return values;
}

Parameters finish_parameters(const Task& task, const RunContext& context) {
  const bool up = task.direction == Direction::up;
  return {{"version", task.version},
          {"run_id", context.run_id},
          {"state", std::string(to_string(up ? State::applied : State::reverted))},
          {"step", std::int64_t{up ? task.step_count : 0}}};
}

Parameters advance_parameters(const Task& task, const RunContext& context, int finished_step) {
  const State state = task.direction == Direction::up ? State::applying : State::reverting;
  return {{"version", task.version},
          {"run_id", context.run_id},
          {"state", std::string(to_string(state))},
          {"step", std::int64_t{finished_step}}};
}

Parameters take_back_parameters(const Task& task, const RunContext& context, int finished_step) {
  const bool up = task.direction == Direction::up;
  Parameters values = advance_parameters(task, context, finished_step);
  values["steps"] = std::int64_t{task.step_count};
  if (finished_step == 0) {
    values["state"] = std::string(to_string(up ? State::pending : State::applied));
  }
  if (finished_step == 0 && !up) {
    values["step"] = std::int64_t{task.up_step_count};
    values["steps"] = std::int64_t{task.up_step_count};
  }
  return values;
}

Parameters log_parameters(const RunContext& context, std::string_view action, Version version,
                          std::string_view detail_json) {
  return {{"action", std::string(action)},      {"version", version},
          {"detail", std::string(detail_json)}, {"run_id", context.run_id},
          {"applied_by", context.applied_by},   {"tool_version", context.tool_version}};
}

Error migration_error(ErrorDetails answered, const Task& task, const Step& step,
                      std::optional<std::size_t> offset_in_sql) {
  if (answered.kind == ErrorKind::server || answered.kind == ErrorKind::internal) {
    answered.kind = ErrorKind::migration;
  }
  const std::size_t offset =
      step.offset + std::min(offset_in_sql.value_or(step.first_token), step.sql.size());
  const LineAt at = line_at(step.file_text, offset);
  answered.position = {step.path, at.line, at.column};
  answered.position_is_exact = offset_in_sql.has_value();
  answered.source_line = at.text;
  answered.statement = step.sql;
  answered.version = task.version;
  answered.step = task.step_count > 1 ? step.number : 0;
  return Error(std::move(answered));
}

std::size_t byte_of_character(std::string_view text, std::size_t character) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool starts = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
    if (starts && ++seen == character) {
      return i;
    }
  }
  return text.size();
}

}  // namespace toolkit

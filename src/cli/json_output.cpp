#include <nlohmann/json.hpp>

#include <string_view>

#include "output.hpp"

namespace toolkit::cli {

namespace {

using Json = nlohmann::ordered_json;

constexpr int document_format = 1;

Json number_or_null(int value) { return value == 0 ? Json() : Json(value); }

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json version_list(const std::vector<DoneVersion>& versions) {
  Json list = Json::array();
  for (const DoneVersion& each : versions) {
    list.push_back(std::to_string(each.version));
  }
  return list;
}

std::string_view word_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
      return "usage";
    case ErrorKind::configuration:
      return "configuration";
    case ErrorKind::files:
      return "files";
    case ErrorKind::changed:
      return "changed";
    case ErrorKind::missing:
      return "missing";
    case ErrorKind::late:
      return "late";
    case ErrorKind::migration:
      return "migration";
    case ErrorKind::connection:
      return "connection";
    case ErrorKind::server:
      return "server";
    case ErrorKind::timeout:
      return "timeout";
    case ErrorKind::lock:
      return "lock";
    case ErrorKind::unsettled:
      return "unsettled";
    case ErrorKind::findings:
      return "findings";
    case ErrorKind::interrupted:
      return "interrupted";
    case ErrorKind::internal:
      return "internal";
  }
  return "internal";
}

Json failure_of(const ErrorDetails& details) {
  return {{"version", details.version == 0 ? Json() : Json(std::to_string(details.version))},
          {"step", number_or_null(details.step)},
          {"file", text_or_null(details.position.path)},
          {"line", number_or_null(details.position.line)},
          {"column", number_or_null(details.position.column)},
          {"sqlstate", text_or_null(details.sqlstate)},
          {"native_code", text_or_null(details.native_code)},
          {"message", details.message},
          {"kind", word_of(details.kind)},
          {"hint", text_or_null(details.hint)},
          {"advice", text_or_null(details.advice)}};
}

}  // namespace

Json run_document(const RunReport& report) {
  Json done = Json::array();
  for (const DoneVersion& each : report.done) {
    done.push_back({{"version", std::to_string(each.version)},
                    {"name", each.name},
                    {"direction", to_string(each.direction)},
                    {"duration_ms", each.duration_ms}});
  }
  Json settled = Json::array();
  for (const Version version : report.settled) {
    settled.push_back(std::to_string(version));
  }
  return {{"format", document_format},
          {"dialect", report.server.flavour},
          {"from", std::to_string(report.from)},
          {"to", std::to_string(report.to)},
          {"done", done},
          {"failed", report.failed ? failure_of(*report.failed) : Json()},
          {"untouched", version_list(report.untouched)},
          {"settled", settled}};
}

Json status_document(const StatusReport& report) {
  Json counts = Json::object();
  for (const auto& [state, count] : report.counts) {
    counts[state] = count;
  }
  Json migrations = Json::array();
  for (const StatusLine& line : report.migrations) {
    migrations.push_back({{"version", std::to_string(line.version)},
                          {"name", line.name},
                          {"state", line.state},
                          {"up_checksum", line.up_checksum},
                          {"applied_at", text_or_null(line.applied_at)},
                          {"duration_ms", line.duration_ms ? Json(*line.duration_ms) : Json()}});
  }
  Json problems = Json::array();
  for (const Problem& problem : report.problems) {
    problems.push_back({{"kind", word_of(problem.kind)},
                        {"version", std::to_string(problem.version)},
                        {"message", problem.message}});
  }
  return {{"format", document_format},
          {"dialect", report.server.flavour},
          {"server", report.server.product + " " + report.server.version},
          {"database", report.server.database},
          {"current", std::to_string(report.current)},
          {"counts", counts},
          {"migrations", migrations},
          {"problems", problems}};
}

Json plan_document(const Plan& plan, const ServerInfo& server) {
  Json units = Json::array();
  for (const PlannedUnit& unit : plan.units) {
    Json versions = Json::array();
    for (const Task& task : unit.work.tasks) {
      Json steps = Json::array();
      for (const Step& step : task.steps) {
        steps.push_back({{"file", step.path}, {"step", step.number}, {"sql", step.sql}});
      }
      versions.push_back({{"version", std::to_string(task.version)},
                          {"name", task.name},
                          {"direction", to_string(task.direction)},
                          {"steps", steps}});
    }
    units.push_back({{"transaction", unit.work.kind == UnitKind::transaction},
                     {"reason", text_or_null(unit.reason)},
                     {"versions", versions}});
  }
  return {{"format", document_format},
          {"dialect", server.flavour},
          {"from", std::to_string(plan.from)},
          {"to", std::to_string(plan.to)},
          {"units", units},
          {"notes", plan.notes}};
}

Json error_document(const ErrorDetails& details) {
  return {{"format", document_format},
          {"error", failure_of(details)},
          {"exit_code", static_cast<int>(exit_code_of(details.kind))}};
}

nlohmann::ordered_json difference_json(const Difference& difference) {
  return {{"object", difference.object},
          {"property", difference.property},
          {"kind", difference.kind == DifferenceKind::missing      ? "missing"
                   : difference.kind == DifferenceKind::unexpected ? "unexpected"
                                                                   : "changed"},
          {"class", to_string(difference.difference_class)},
          {"expected", difference.expected},
          {"actual", difference.actual},
          {"text", describe(difference)}};
}

std::string json_text(const Json& document) {
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace toolkit::cli

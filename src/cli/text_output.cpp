#include <algorithm>

#include "output.hpp"

namespace toolkit::cli {

namespace {

/// "2 up", "1 down, 1 up": a redo is both.
std::string counts_of(const std::vector<DoneVersion>& versions) {
  const auto downs = std::count_if(versions.begin(), versions.end(),
                                   [](const DoneVersion& each) { return each.direction == Direction::down; });
  const auto ups = static_cast<std::ptrdiff_t>(versions.size()) - downs;
  const std::string down_text = downs == 0 ? "" : std::to_string(downs) + " down";
  const std::string up_text = ups == 0 ? "" : std::to_string(ups) + " up";
  return down_text + (downs != 0 && ups != 0 ? ", " : "") + up_text;
}

std::string settled_list(const std::vector<Version>& versions) {
  std::string list;
  for (const Version version : versions) {
    list += (list.empty() ? "" : ", ") + std::to_string(version);
  }
  return list;
}

std::string list_of(const std::vector<DoneVersion>& versions) {
  std::string list;
  for (const DoneVersion& each : versions) {
    list += (list.empty() ? "" : ", ") + each.digits + "_" + each.name;
  }
  return list;
}

}  // namespace

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

std::string duration_text(std::int64_t milliseconds) {
  if (milliseconds < 1'000) {
    return std::to_string(milliseconds) + " ms";
  }
  if (milliseconds < 60'000) {
    return std::to_string(milliseconds / 1'000) + "." + std::to_string(milliseconds % 1'000 / 100) + " s";
  }
  return std::to_string(milliseconds / 60'000) + " min " + std::to_string(milliseconds % 60'000 / 1'000) +
         " s";
}

std::string status_text(const StatusReport& report, bool verbose, const Palette& palette) {
  std::size_t name_width = 4;
  for (const StatusLine& line : report.migrations) {
    name_width = std::max(name_width, line.digits.size() + 1 + line.name.size());
  }
  std::string text;
  for (const StatusLine& line : report.migrations) {
    std::string row = "  " + padded(line.state, 10) + line.digits + "_" + line.name;
    if (!line.applied_at.empty()) {
      row = padded(row, 12 + name_width) + "  " + line.applied_at + "  " +
            duration_text(line.duration_ms.value_or(0));
    }
    text += palette.state(line.state, row) + "\n";
    text += verbose ? "            " + line.up_checksum + "\n" : "";
  }
  for (const Problem& problem : report.problems) {
    text += palette.bad("problem: ") + problem.message + "\n  " + problem.advice + "\n";
  }
  std::string counts;
  for (const auto& [state, count] : report.counts) {
    counts += (counts.empty() ? "" : ", ") + std::to_string(count) + " " + state;
  }
  return text + "current version " + std::to_string(report.current) + (counts.empty() ? "" : ": " + counts) +
         (report.has_history ? "" : " (this database has no history table yet)") + "\n";
}

std::string run_text(const RunReport& report, bool verbose) {
  const std::string settled =
      report.settled.empty() ? std::string() : std::to_string(report.settled.size()) + " settled";
  if (!report.failed && report.done.empty() && settled.empty()) {
    return "nothing to do: the current version is " + std::to_string(report.to) + "\n";
  }
  if (!report.failed) {
    const std::string done = counts_of(report.done);
    return "done: " + done + (done.empty() || settled.empty() ? "" : ", ") + settled + ", now at version " +
           std::to_string(report.to) + "\n";
  }
  std::string text = describe(*report.failed, verbose);
  text += settled.empty() ? "" : "settled: " + settled_list(report.settled) + "\n";
  text += report.done.empty() ? "done: nothing\n" : "done: " + list_of(report.done) + "\n";
  text += report.failed_label.empty() ? "" : "failed: " + report.failed_label + "\n";
  text +=
      report.untouched.empty() ? "untouched: nothing\n" : "untouched: " + list_of(report.untouched) + "\n";
  return text + "now at version " + std::to_string(report.to) + "\n";
}

}  // namespace toolkit::cli

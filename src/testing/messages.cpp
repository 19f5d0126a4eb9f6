#include "messages.hpp"

#include <algorithm>

namespace toolkit::testing {

namespace {

bool is_of_round_trip(const Check& check) { return check.check != "fresh"; }

std::string engine_of(const EngineReport& report) {
  return report.engine + (report.server.empty() ? "" : " (" + report.server + ")");
}

std::string indented(const std::string& text, const std::string& margin) {
  std::string result = margin;
  for (const char c : text) {
    result += c;
    result += c == '\n' ? margin : "";
  }
  return result;
}

std::string counted(std::size_t number, const std::string& what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

/// What is below the reason, by so much more to the right.
std::string below(const Check& check, const std::string& margin) {
  std::string text;
  for (const Difference& difference : check.differences) {
    text += "\n" + indented(describe(difference), margin);
  }
  if (!check.file.empty() && check.result == CheckResult::fail) {
    text += "\n" + margin + "look at " + check.file;
  }
  return text;
}

/// `0002_add_price, down: why`, the differences, the file.
std::string finding(const Check& check) {
  const std::string word = check.result == CheckResult::skip   ? "skipped: "
                           : check.result == CheckResult::note ? "note: "
                                                               : "";
  std::string text = "\n" + indented((check.label.empty() ? "" : check.label + ", ") + check.check + ": " +
                                         word + check.reason,
                                     "  ");
  return text + below(check, "    ");
}

std::string findings(const std::vector<Check>& checks) {
  std::string text;
  for (const CheckResult result : {CheckResult::fail, CheckResult::skip, CheckResult::note}) {
    for (const Check& check : checks) {
      text += check.result == result ? finding(check) : "";
    }
  }
  return text;
}

std::size_t count(const std::vector<Check>& checks, CheckResult result) {
  return static_cast<std::size_t>(std::count_if(checks.begin(), checks.end(),
                                                [&](const Check& check) { return check.result == result; }));
}

Result result_of(const std::string& what, const std::vector<Check>& checks) {
  const std::size_t failed = count(checks, CheckResult::fail);
  const std::size_t skipped = count(checks, CheckResult::skip);
  Result result;
  result.ok = failed == 0;
  const std::string passed = counted(checks.size() - failed - skipped, "check") + " passed" +
                             (skipped == 0 ? "" : ", " + std::to_string(skipped) + " skipped");
  const std::string counts =
      result.ok ? passed : std::to_string(failed) + " of " + counted(checks.size(), "check") + " failed";
  result.message = what + ": " + counts + findings(checks);
  return result;
}

/// What failed before `end` (0: anywhere), and a start that did.
std::vector<Check> failures_before(const EngineReport& report, Version end) {
  std::vector<Check> failures;
  for (const Check& check : report.checks) {
    if (check.result == CheckResult::fail && is_of_round_trip(check) && (end == 0 || check.version < end)) {
      failures.push_back(check);
    }
  }
  return failures;
}

std::vector<Check> checks_of(const EngineReport& report, std::optional<Version> version) {
  std::vector<Check> checks;
  for (const Check& check : report.checks) {
    if (is_of_round_trip(check) && (!version || check.version == *version)) {
      checks.push_back(check);
    }
  }
  return checks;
}

bool was_run(const std::vector<Check>& checks) {
  return std::any_of(checks.begin(), checks.end(), [](const Check& check) {
    return check.check == "up" && check.result != CheckResult::skip;
  });
}

std::string of_comparison(const ParityComparison& comparison) {
  std::string text;
  for (const ParityDifference& difference : comparison.differences) {
    text += "\n" + indented((difference.is_note ? "note: " : "") +
                                describe(difference, comparison.reference, comparison.other),
                            "  ");
  }
  for (const AllowedDifference& allowed : comparison.allowed) {
    text +=
        "\n" + indented("allowed: " + describe(allowed.difference, comparison.reference, comparison.other) +
                            " (" + allowed.reason + ")",
                        "  ");
  }
  return text;
}

std::size_t differences_of(const ParityReport& report) {
  std::size_t number = 0;
  for (const ParityComparison& comparison : report.comparisons) {
    number += static_cast<std::size_t>(
        std::count_if(comparison.differences.begin(), comparison.differences.end(),
                      [](const ParityDifference& difference) { return !difference.is_note; }));
  }
  return number;
}

}  // namespace

Result impossible(const std::string& what, const std::string& why) {
  const std::string reason = why.starts_with("error: ") ? why.substr(7) : why;
  return {false, what + ": " + indented(reason, "  ").substr(2)};
}

Result round_trip_result(const EngineReport& report, std::optional<Version> version) {
  std::vector<Check> checks = checks_of(report, version);
  const std::string on = " on " + engine_of(report);
  if (!version) {
    return result_of("round trip" + on, checks);
  }
  const std::string label = checks.empty() ? std::to_string(*version) : checks.front().label;
  const std::string what = "round trip of " + label + on;
  if (was_run(checks)) {
    return result_of(what, checks);
  }
  const bool is_known = !checks.empty();
  checks = failures_before(report, is_known ? *version : 1);
  return checks.empty() ? impossible(what, "there is no such version") : result_of(what, checks);
}

Result fresh_result(const EngineReport& report) {
  const std::string what = "fresh schema on " + engine_of(report);
  const auto fresh = std::find_if(report.checks.begin(), report.checks.end(),
                                  [](const Check& check) { return check.check == "fresh"; });
  const std::vector<Check> failures = failures_before(report, 0);
  if (fresh == report.checks.end() || !failures.empty()) {
    return result_of(what, failures);
  }
  if (fresh->result == CheckResult::skip) {
    return impossible(what, fresh->reason);
  }
  const std::string reason = fresh->reason.empty() ? "equal to the migrated one" : fresh->reason;
  return {fresh->result != CheckResult::fail,
          what + ": " + indented(reason, "  ").substr(2) + below(*fresh, "  ")};
}

Result parity_result(const VerifyParity& parity, const std::vector<EngineReport>& engines) {
  std::string what = "parity of ";
  std::vector<Check> failures;
  for (const EngineReport& engine : engines) {
    what += (&engine == &engines.front() ? "" : ", ") + engine_of(engine);
    for (Check& failure : failures_before(engine, 0)) {
      failure.check += " on " + engine.engine;
      failures.push_back(failure);
    }
  }
  if (!failures.empty()) {
    return result_of(what, failures);
  }
  if (parity.result == CheckResult::skip) {
    return impossible(what, parity.reason);
  }
  Result result{parity.result != CheckResult::fail, what + ": "};
  const std::size_t number = differences_of(parity.report);
  const std::size_t stale = parity.report.stale.size();
  result.message += result.ok ? "they agree" : counted(number, "difference");
  result.message += stale == 0 ? "" : ", " + counted(stale, "stale allowance");
  for (const ParityComparison& comparison : parity.report.comparisons) {
    result.message += of_comparison(comparison);
  }
  for (const ParityAllowance& allowance : parity.report.stale) {
    result.message += "\n  " + (allowance.place.empty() ? "" : allowance.place + ": ") + "the allowance \"" +
                      allowance.item + "\" is not needed any more";
  }
  for (const std::string& note : parity.notes) {
    result.message += "\n" + indented(note, "  ");
  }
  return result;
}

}  // namespace toolkit::testing

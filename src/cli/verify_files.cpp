#include <cstdio>

#include "parity_output.hpp"
#include "verify_output.hpp"

namespace toolkit::cli {

namespace {

std::string seconds(std::int64_t milliseconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%lld.%03lld", static_cast<long long>(milliseconds / 1000),
                static_cast<long long>(milliseconds % 1000));
  return text;
}

std::string name_of(const Check& check) {
  return (check.label.empty() ? "" : check.label + " ") + check.check;
}

std::string whole_reason(const Check& check) {
  std::string text = check.reason;
  for (const Difference& difference : check.differences) {
    text += (text.empty() ? "" : "\n") + describe(difference);
  }
  return text;
}

struct Counts {
  std::size_t failures = 0;
  std::size_t skipped = 0;
  std::int64_t milliseconds = 0;
};

Counts counts_of(const EngineReport& engine) {
  Counts counts;
  for (const Check& check : engine.checks) {
    counts.failures += check.result == CheckResult::fail ? 1 : 0;
    counts.skipped += check.result == CheckResult::skip ? 1 : 0;
    counts.milliseconds += check.duration_ms;
  }
  return counts;
}

std::string test_case(const EngineReport& engine, const Check& check) {
  std::string text = "    <testcase classname=\"" + xml_text(engine.engine) + "\" name=\"" +
                     xml_text(name_of(check)) + "\" time=\"" + seconds(check.duration_ms) + "\"";
  text += check.file.empty() ? "" : " file=\"" + xml_text(check.file) + "\"";
  const std::string reason = xml_text(whole_reason(check));
  switch (check.result) {
    case CheckResult::pass:
      return text + "/>\n";
    case CheckResult::fail:
      return text + ">\n      <failure message=\"" + xml_text(check.reason) + "\">" + reason +
             "</failure>\n    </testcase>\n";
    case CheckResult::skip:
      return text + ">\n      <skipped message=\"" + xml_text(check.reason) + "\"/>\n    </testcase>\n";
    case CheckResult::note:
      return text + ">\n      <system-out>" + reason + "</system-out>\n    </testcase>\n";
  }
  return text;
}

std::string yaml_block(const Check& check) {
  std::string text = "  ---\n  message: |\n";
  std::string line = "    ";
  for (const char c : whole_reason(check)) {
    line += c;
    if (c == '\n') {
      text += line;
      line = "    ";
    }
  }
  text += line + "\n";
  text += check.file.empty() ? "" : "  file: \"" + check.file + "\"\n";
  return text + "  ...\n";
}

/// A suite of its own: a case for each engine that is held against the first one, one for the allowances.
EngineReport parity_suite(const VerifyParity& parity) {
  EngineReport suite;
  suite.engine = "parity";
  if (parity.result == CheckResult::skip) {
    suite.checks.push_back({"parity", 0, "", CheckResult::skip, parity.reason, "", {}, 0});
    return suite;
  }
  for (const ParityComparison& comparison : parity.report.comparisons) {
    std::string said;
    for (const ParityDifference& each : comparison.differences) {
      said += (said.empty() ? "" : "\n") + std::string(each.is_note ? "note: " : "") +
              describe(each, comparison.reference, comparison.other);
    }
    for (const AllowedDifference& each : comparison.allowed) {
      said += (said.empty() ? "" : "\n") + std::string("allowed: ") +
              describe(each.difference, comparison.reference, comparison.other) + " (" + each.reason + ")";
    }
    const CheckResult result = !comparison.ok() ? CheckResult::fail
                               : said.empty()   ? CheckResult::pass
                                                : CheckResult::note;
    suite.checks.push_back(
        {comparison.reference + " and " + comparison.other, 0, "", result, said, "", {}, 0});
  }
  for (const ParityAllowance& each : parity.report.stale) {
    suite.checks.push_back({"allowance " + each.place,
                            0,
                            "",
                            CheckResult::fail,
                            "'" + each.item + "' is not needed any more (" + each.reason + ")",
                            "",
                            {},
                            0});
  }
  return suite;
}

/// GitHub's escapes for the data of a workflow command.
std::string command_data(std::string_view text) {
  std::string result;
  for (const char c : text) {
    result += c == '%' ? "%25" : c == '\r' ? "%0D" : c == '\n' ? "%0A" : std::string(1, c);
  }
  return result;
}

}  // namespace

std::string xml_text(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\n':
        result += "&#10;";
        break;
      default:
        result += static_cast<unsigned char>(c) < 0x20 && c != '\t' ? '?' : c;
    }
  }
  return result;
}

std::vector<EngineReport> suites_of(const VerifyReport& report) {
  std::vector<EngineReport> suites = report.engines;
  if (report.parity) {
    suites.push_back(parity_suite(*report.parity));
  }
  return suites;
}

std::string junit_text(const VerifyReport& report) {
  Counts all;
  std::size_t tests = 0;
  std::string suites;
  for (const EngineReport& engine : suites_of(report)) {
    const Counts counts = counts_of(engine);
    all.failures += counts.failures;
    all.skipped += counts.skipped;
    all.milliseconds += counts.milliseconds;
    tests += engine.checks.size();
    suites += "  <testsuite name=\"" + xml_text(engine.engine) + "\" tests=\"" +
              std::to_string(engine.checks.size()) + "\" failures=\"" + std::to_string(counts.failures) +
              "\" errors=\"0\" skipped=\"" + std::to_string(counts.skipped) + "\" time=\"" +
              seconds(counts.milliseconds) + "\">\n";
    for (const Check& check : engine.checks) {
      suites += test_case(engine, check);
    }
    suites += "  </testsuite>\n";
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"toolkit verify\" tests=\"" +
         std::to_string(tests) + "\" failures=\"" + std::to_string(all.failures) +
         "\" errors=\"0\" skipped=\"" + std::to_string(all.skipped) + "\" time=\"" +
         seconds(all.milliseconds) + "\">\n" + suites + "</testsuites>\n";
}

std::string tap_text(const VerifyReport& report) {
  std::string text;
  std::size_t number = 0;
  for (const EngineReport& engine : suites_of(report)) {
    for (const Check& check : engine.checks) {
      const bool failed = check.result == CheckResult::fail;
      // '#' begins a directive, so it is not part of a description.
      std::string description = engine.engine + " " + name_of(check);
      text += std::string(failed ? "not ok " : "ok ") + std::to_string(++number) + " - " + description;
      if (check.result == CheckResult::skip) {
        const std::string reason = check.reason.substr(0, check.reason.find('\n'));
        text += " # SKIP " + reason;
      }
      text += "\n";
      text += failed || check.result == CheckResult::note ? yaml_block(check) : "";
    }
  }
  return "TAP version 13\n1.." + std::to_string(number) + "\n" + text;
}

std::string annotations_text(const VerifyReport& report) {
  std::string text;
  for (const EngineReport& engine : suites_of(report)) {
    for (const Check& check : engine.checks) {
      if (check.result == CheckResult::fail) {
        text += "::error " + (check.file.empty() ? "" : "file=" + command_data(check.file) + ",") +
                "title=" + command_data(engine.engine + " " + name_of(check)) +
                "::" + command_data(whole_reason(check)) + "\n";
      }
    }
  }
  return text;
}

}  // namespace toolkit::cli

#include "parity_output.hpp"

#include <algorithm>

namespace toolkit::cli {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const ParityComparison& comparison, const ParityDifference& difference) {
  const auto side = [](const std::string& name, const std::string& dialect, const std::string& value) {
    return Json{{"name", name}, {"dialect", dialect}, {"value", value.empty() ? Json(nullptr) : Json(value)}};
  };
  return {{"rule", difference.rule},
          {"object", difference.object},
          {"result", difference.is_note ? "note" : "fail"},
          {"reference", side(comparison.reference, comparison.reference_dialect, difference.in_reference)},
          {"other", side(comparison.other, comparison.other_dialect, difference.in_other)},
          {"text", describe(difference, comparison.reference, comparison.other)}};
}

std::string counted(std::size_t count, const std::string& word) {
  return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

}  // namespace

ParityTotals parity_totals(const ParityReport& report) {
  ParityTotals totals;
  for (const ParityComparison& comparison : report.comparisons) {
    for (const ParityDifference& each : comparison.differences) {
      ++(each.is_note ? totals.notes : totals.failures);
    }
    totals.allowed += comparison.allowed.size();
  }
  return totals;
}

std::string parity_findings_text(const ParityReport& report, const Palette& palette) {
  std::string text;
  for (const ParityComparison& comparison : report.comparisons) {
    const auto line = [&](const std::string& word, const ParityDifference& each) {
      return word + "  parity  " + describe(each, comparison.reference, comparison.other);
    };
    for (const ParityDifference& each : comparison.differences) {
      text += line(each.is_note ? "note" : palette.bad("fail"), each) + "\n";
    }
    for (const AllowedDifference& each : comparison.allowed) {
      text += line("allowed", each.difference) + " (" + each.reason + ")\n";
    }
  }
  for (const ParityAllowance& each : report.stale) {
    text += palette.bad("fail") + "  parity  " + (each.place.empty() ? "" : each.place + ": ") +
            "the allowance '" + each.item + "' is not needed any more (" + each.reason + ")\n";
  }
  return text;
}

std::string parity_advice(const ParityReport& report) {
  for (const ParityComparison& comparison : report.comparisons) {
    const std::string& left = comparison.reference_dialect;
    const std::string& right = comparison.other_dialect;
    const std::string dialects = left == right ? "" : "\n  dialects = [\"" + left + "\", \"" + right + "\"]";
    for (const ParityDifference& each : comparison.differences) {
      if (!each.is_note) {
        const nlohmann::json item = each.object + ": " + each.rule;
        return "a difference that is meant goes into toolkit.toml, such as\n  [[parity.allow]]\n  item = " +
               item.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + dialects +
               "\n  reason = \"…\"\n";
      }
    }
  }
  return {};
}

std::string parity_counts(const ParityReport& report) {
  const ParityTotals totals = parity_totals(report);
  std::string text = counted(totals.failures, "difference") + ", " + std::to_string(totals.allowed) +
                     " allowed, " + counted(totals.notes, "note");
  if (!report.stale.empty()) {
    text += ", " + counted(report.stale.size(), "allowance") + " not needed any more";
  }
  const std::string reference = report.comparisons.empty() ? "" : report.comparisons.front().reference;
  text += " between " + reference + " and ";
  for (std::size_t i = 0; i < report.comparisons.size(); ++i) {
    text += (i == 0 ? "" : ", ") + report.comparisons[i].other;
  }
  return text;
}

std::string parity_sentence(const ParityReport& report) {
  return (report.ok() ? "parity holds: " : "no parity: ") + parity_counts(report) + "\n" +
         parity_advice(report);
}

nlohmann::ordered_json parity_json(const ParityReport& report) {
  Json differences = Json::array();
  Json allowed = Json::array();
  Json stale = Json::array();
  for (const ParityComparison& comparison : report.comparisons) {
    for (const ParityDifference& each : comparison.differences) {
      differences.push_back(json_of(comparison, each));
    }
    for (const AllowedDifference& each : comparison.allowed) {
      Json item = json_of(comparison, each.difference);
      item["result"] = "allowed";
      item["reason"] = each.reason;
      allowed.push_back(std::move(item));
    }
  }
  for (const ParityAllowance& each : report.stale) {
    stale.push_back(
        {{"item", each.item}, {"dialects", each.dialects}, {"reason", each.reason}, {"place", each.place}});
  }
  return {{"differences", differences}, {"allowed", allowed}, {"stale", stale}};
}

}  // namespace toolkit::cli

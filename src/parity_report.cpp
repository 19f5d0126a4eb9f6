#include <algorithm>
#include <array>
#include <utility>

#include "toolkit/parity.hpp"

namespace toolkit {

namespace {

/// Rules whose sides are whole things: there or not.
constexpr std::array<std::string_view, 9> of_presence = {
    "table", "column", "unique", "index", "foreign-key", "check", "view", "trigger", "routine"};

constexpr std::size_t longest_value = 120;

/// `*` stands for any characters. Linear in the text for each star.
bool matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool is_of(const ParityAllowance& allowance, std::string_view reference, std::string_view other) {
  return std::all_of(allowance.dialects.begin(), allowance.dialects.end(),
                     [&](const std::string& each) { return each == reference || each == other; });
}

std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text.substr(0, longest_value)) {
    line += c == '\n' ? ' ' : c;
  }
  return text.size() > longest_value ? line + " …" : line;
}

const std::string* name_in(const std::vector<ParityVersion>& versions, Version version) {
  const auto found = std::find_if(versions.begin(), versions.end(),
                                  [version](const ParityVersion& each) { return each.version == version; });
  return found == versions.end() ? nullptr : &found->name;
}

}  // namespace

bool ParityComparison::ok() const {
  return std::all_of(differences.begin(), differences.end(),
                     [](const ParityDifference& each) { return each.is_note; });
}

bool ParityReport::ok() const {
  return stale.empty() && std::all_of(comparisons.begin(), comparisons.end(),
                                      [](const ParityComparison& each) { return each.ok(); });
}

const std::vector<std::string>& parity_rules() {
  static const std::vector<std::string> rules = {"table",
                                                 "column",
                                                 "type",
                                                 "length",
                                                 "precision",
                                                 "fraction",
                                                 "time-zone",
                                                 "enum-labels",
                                                 "nullable",
                                                 "key-nullable",
                                                 "default",
                                                 "auto-increment",
                                                 "generated",
                                                 "on-update",
                                                 "primary-key",
                                                 "unique",
                                                 "index",
                                                 "index-columns",
                                                 "index-direction",
                                                 "index-predicate",
                                                 "index-method",
                                                 "foreign-key",
                                                 "foreign-key-action",
                                                 "foreign-key-deferrable",
                                                 "check",
                                                 "check-expression",
                                                 "trigger",
                                                 "view",
                                                 "view-columns",
                                                 "routine",
                                                 "version",
                                                 "version-name"};
  return rules;
}

std::vector<ParityDifference> version_parity(const std::vector<ParityVersion>& reference,
                                             const std::vector<ParityVersion>& other) {
  std::vector<ParityDifference> found;
  for (const ParityVersion& each : reference) {
    const std::string object = "version " + std::to_string(each.version);
    const std::string* name = name_in(other, each.version);
    if (name == nullptr) {
      found.push_back({"version", object, each.name, "", false});
    } else if (*name != each.name) {
      found.push_back({"version-name", object, each.name, *name, false});
    }
  }
  for (const ParityVersion& each : other) {
    if (name_in(reference, each.version) == nullptr) {
      found.push_back({"version", "version " + std::to_string(each.version), "", each.name, false});
    }
  }
  return found;
}

bool allows(const ParityAllowance& allowance, const ParityDifference& difference,
            std::string_view reference_dialect, std::string_view other_dialect) {
  return is_of(allowance, reference_dialect, other_dialect) &&
         (matches(allowance.item, difference.object + ": " + difference.rule) ||
          matches(allowance.item, difference.object) || matches(allowance.item, difference.rule));
}

bool concerns(const ParityAllowance& allowance, const std::vector<ParitySide>& sides) {
  constexpr std::string_view word = "table ";
  if (!allowance.item.starts_with(word) || allowance.item.find('*') != std::string::npos) {
    return true;
  }
  const std::string table =
      allowance.item.substr(word.size(), allowance.item.find_first_of(",:") - word.size());
  return std::any_of(sides.begin(), sides.end(),
                     [&](const ParitySide& side) { return side.catalog.find("table", table) != nullptr; });
}

ParityReport compare_sides(const std::vector<ParitySide>& sides,
                           const std::vector<ParityAllowance>& allowances) {
  ParityReport report;
  std::vector<bool> is_used(allowances.size());
  std::vector<bool> could_be_used(allowances.size());
  const ParitySide& first = sides.front();
  for (auto side = sides.begin() + 1; side != sides.end(); ++side) {
    ParityComparison comparison{first.label,           side->label, first.catalog.dialect,
                                side->catalog.dialect, {},          {}};
    std::vector<ParityDifference> found = parity(first.catalog, side->catalog);
    if (first.has_history && side->has_history) {
      std::vector<ParityDifference> versions = version_parity(first.versions, side->versions);
      std::move(versions.begin(), versions.end(), std::back_inserter(found));
    }
    for (std::size_t i = 0; i < allowances.size(); ++i) {
      could_be_used[i] =
          could_be_used[i] || is_of(allowances[i], comparison.reference_dialect, comparison.other_dialect);
    }
    for (ParityDifference& difference : found) {
      const ParityAllowance* taken_by = nullptr;
      for (std::size_t i = 0; i < allowances.size(); ++i) {
        if (allows(allowances[i], difference, comparison.reference_dialect, comparison.other_dialect)) {
          is_used[i] = true;
          taken_by = taken_by == nullptr ? &allowances[i] : taken_by;
        }
      }
      if (taken_by != nullptr) {
        comparison.allowed.push_back({std::move(difference), taken_by->reason});
      } else {
        comparison.differences.push_back(std::move(difference));
      }
    }
    report.comparisons.push_back(std::move(comparison));
  }
  for (std::size_t i = 0; i < allowances.size(); ++i) {
    if (could_be_used[i] && !is_used[i]) {
      report.stale.push_back(allowances[i]);
    }
  }
  return report;
}

std::string describe(const ParityDifference& difference, const std::string& reference,
                     const std::string& other) {
  const bool is_presence =
      std::find(of_presence.begin(), of_presence.end(), difference.rule) != of_presence.end();
  const auto side = [](const std::string& value, const std::string& label) {
    return (value.empty() ? "none" : one_line(value)) + " on " + label;
  };
  if ((is_presence || difference.rule == "version") &&
      (difference.in_reference.empty() || difference.in_other.empty())) {
    const bool is_missing = difference.in_other.empty();
    return difference.object + ": missing on " + (is_missing ? other : reference) + ", " +
           side(is_missing ? difference.in_reference : difference.in_other, is_missing ? reference : other);
  }
  return difference.object + ": " + difference.rule + " is " + side(difference.in_other, other) + ", " +
         side(difference.in_reference, reference);
}

}  // namespace toolkit

#include "parity_settings.hpp"

#include <algorithm>
#include <utility>

#include "toolkit/dialect_names.hpp"
#include "toolkit/directive.hpp"

namespace toolkit {

namespace {

/// The rule that an item names: `type` of `table apps, column name: type`, or of `type` alone; else empty.
std::string rule_of(const std::string& item) {
  const std::size_t colon = item.rfind(": ");
  if (colon != std::string::npos) {
    return item.substr(colon + 2);
  }
  return item.find_first_of(" *") == std::string::npos ? item : "";
}

std::string text_of(ConfigTable& table, const std::string& key, const std::string& example) {
  std::string text = table.text(key).value_or("");
  if (text.find_first_not_of(" \t\n") == std::string::npos) {
    throw table.refused("[[parity.allow]] needs " + std::string(key == "item" ? "an item" : "a reason"),
                        example, key);
  }
  return text;
}

ParityAllowance read_allowance(ConfigTable& table) {
  ParityAllowance allowance;
  allowance.place = table.place();
  allowance.item = text_of(table, "item", "such as item = \"table apps, column name: type\"");
  allowance.reason = text_of(table, "reason", "say why the databases may differ here");
  const std::string rule = rule_of(allowance.item);
  const std::vector<std::string>& rules = parity_rules();
  const bool is_known = rule.empty() || rule.find('*') != std::string::npos ||
                        std::find(rules.begin(), rules.end(), rule) != rules.end();
  if (!is_known) {
    const std::string nearest = nearest_word(rule, rules);
    throw table.refused("parity has no rule '" + rule + "'",
                        nearest.empty() ? "docs/parity.md lists them" : "did you mean " + nearest + "?",
                        "item");
  }
  for (const std::string& word : table.texts("dialects")) {
    const auto name = dialect_name_of(word);
    if (!name) {
      throw table.refused("unknown dialect '" + word + "'", "known are postgresql, mysql, mariadb, sqlite",
                          "dialects");
    }
    allowance.dialects.push_back(*name);
  }
  if (allowance.dialects.size() > 2) {
    throw table.refused("an allowance is for one dialect or a pair of them",
                        "write one [[parity.allow]] for each pair", "dialects");
  }
  table.refuse_unknown();
  return allowance;
}

}  // namespace

std::vector<ParityAllowance> read_allowances(ConfigTable& table) {
  std::vector<ParityAllowance> allowances;
  for (ConfigTable& each : table.tables("allow")) {
    allowances.push_back(read_allowance(each));
  }
  table.refuse_unknown();
  return allowances;
}

}  // namespace toolkit

#include "verify_checks.hpp"

#include <algorithm>
#include <utility>

namespace toolkit {

void Checks::add(Check check) {
  voice_.checked(check);
  report_.checks.push_back(std::move(check));
}

void Checks::add(const Migration& migration, const char* check, const Script& script, CheckResult result,
                 std::string reason, std::int64_t duration, std::vector<Difference> differences) {
  std::string file = script.steps.empty() ? std::string() : script.steps.front().path;
  add({check, migration.version, label_of(migration), result, std::move(reason), std::move(file),
       std::move(differences), duration});
}

void Checks::add_of_all(const char* check, CheckResult result, std::string reason, std::string file) {
  add({check, 0, "", result, std::move(reason), std::move(file), {}, 0});
}

std::string label_of(const Migration& migration) { return migration.digits + "_" + migration.name; }

CheckResult judge(const std::vector<Difference>& differences, const Traits& traits, bool strict) {
  const bool fails = std::any_of(differences.begin(), differences.end(), [&](const Difference& difference) {
    return strict || difference.difference_class == DifferenceClass::logical ||
           (difference.difference_class == DifferenceClass::physical && traits.restores_column_order);
  });
  return fails ? CheckResult::fail : differences.empty() ? CheckResult::pass : CheckResult::note;
}

std::string count_of(const std::vector<Difference>& differences) {
  return std::to_string(differences.size()) + (differences.size() == 1 ? " difference" : " differences");
}

std::string sentence_of(const Error& failure) {
  std::string text = describe(failure.details());
  while (!text.empty() && text.back() == '\n') {
    text.pop_back();
  }
  return text;
}

}  // namespace toolkit

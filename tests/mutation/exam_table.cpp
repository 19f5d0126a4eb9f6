#include <algorithm>
#include <map>
#include <set>

#include "exam.hpp"

namespace toolkit::test {

namespace {

struct Count {
  int good = 0;
  int bad = 0;
  int known = 0;
};

void count(Count& count, Verdict verdict) {
  count.known += verdict == Verdict::known_miss ? 1 : 0;
  count.good += is_good(verdict) && verdict != Verdict::known_miss ? 1 : 0;
  count.bad += is_good(verdict) ? 0 : 1;
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

std::string cell(const std::map<std::string, Count>& of_engines, const std::string& engine) {
  const auto found = of_engines.find(engine);
  if (found == of_engines.end()) {
    return "·";
  }
  const Count& count = found->second;
  std::string text =
      std::to_string(count.good) + " of " + std::to_string(count.good + count.bad + count.known);
  return text + (count.bad > 0 ? " BAD" : "") + (count.known > 0 ? " (listed)" : "");
}

std::string rows_of(const std::vector<Answer>& answers, bool harmless,
                    const std::vector<std::string>& engines, const std::string& title) {
  std::map<std::string, std::map<std::string, Count>> kinds;
  std::size_t width = title.size();
  for (const Answer& answer : answers) {
    if (answer.is_harmless == harmless) {
      count(kinds[answer.kind][answer.engine], answer.verdict);
      count(kinds["~ total"][answer.engine], answer.verdict);
      width = std::max(width, answer.kind.size());
    }
  }
  std::string text = "\n" + padded(title, width);
  for (const std::string& engine : engines) {
    text += "  " + padded(engine, 14);
  }
  text += "\n";
  for (const auto& [kind, of_engines] : kinds) {
    text += padded(kind == "~ total" ? "in all" : kind, width);
    for (const std::string& engine : engines) {
      // The sign of an engine that a kind is not for has two bytes.
      const std::string shown = cell(of_engines, engine);
      text += "  " + padded(shown, shown == "·" ? 15 : 14);
    }
    while (text.back() == ' ') {
      text.pop_back();
    }
    text += "\n";
  }
  return text;
}

int distinct(const std::vector<Answer>& answers, bool harmless, bool kinds) {
  std::set<std::string> names;
  for (const Answer& answer : answers) {
    if (answer.is_harmless == harmless) {
      names.insert(kinds ? answer.kind : answer.kind + ": " + answer.name);
    }
  }
  return static_cast<int>(names.size());
}

}  // namespace

std::string exam_table(const std::vector<Answer>& answers) {
  std::vector<std::string> engines;
  std::map<Verdict, int> verdicts;
  for (const Answer& answer : answers) {
    ++verdicts[answer.verdict];
    if (std::find(engines.begin(), engines.end(), answer.engine) == engines.end()) {
      engines.push_back(answer.engine);
    }
  }
  std::string text = rows_of(answers, false, engines, "defects found, by kind");
  text += rows_of(answers, true, engines, "harmless ones without a failure");
  text += "\n" + std::to_string(distinct(answers, false, false)) + " defects of " +
          std::to_string(distinct(answers, false, true)) + " kinds, " +
          std::to_string(distinct(answers, true, false)) + " harmless variations;";
  for (const Verdict verdict : {Verdict::found, Verdict::missed, Verdict::known_miss, Verdict::named_wrongly,
                                Verdict::quiet, Verdict::false_alarm}) {
    text += " " + std::string(to_string(verdict)) + " " + std::to_string(verdicts[verdict]);
  }
  return text + "\n";
}

}  // namespace toolkit::test

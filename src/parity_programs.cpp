#include <algorithm>
#include <map>

#include "parity_compare.hpp"
#include "parity_tokens.hpp"

namespace toolkit {

namespace {

using NamesBySlot = std::map<std::string, std::string>;

/// `after insert`: the names of the triggers that fire then. PostgreSQL's one trigger of two events is two.
NamesBySlot slots_of(const CatalogObject& table) {
  NamesBySlot slots;
  for (const CatalogObject* trigger : children_of(table, "trigger")) {
    std::string events = lower_ascii(trigger->property("events"));
    while (!events.empty()) {
      const std::size_t end = std::min(events.find(" or "), events.size());
      const std::string event = events.substr(0, end);
      events.erase(0, end == events.size() ? end : end + 4);
      std::string& names =
          slots[lower_ascii(trigger->property("timing")) + " " + event.substr(0, event.find(' '))];
      names += (names.empty() ? "" : ", ") + trigger->name;
    }
  }
  return slots;
}

bool is_end(const ExpressionToken& token, int depth) {
  return token.kind == SqlPart::end || (depth == 0 && token.kind == SqlPart::name && token.text == "from");
}

}  // namespace

void compare_triggers(ParityWork& work, const ObjectCouple& table, const std::string& title) {
  const NamesBySlot left = slots_of(table.reference);
  const NamesBySlot right = slots_of(table.other);
  for (const auto& [slot, names] : left) {
    if (right.find(slot) == right.end()) {
      work.add("trigger", title + ", trigger " + slot, names, "");
    }
  }
  for (const auto& [slot, names] : right) {
    if (left.find(slot) == left.end()) {
      work.add("trigger", title + ", trigger " + slot, "", names);
    }
  }
}

/// From the catalog where the server tells them, else the last name of each item of the first SELECT.
std::vector<std::string> view_columns(const CatalogObject& view) {
  std::vector<std::string> names;
  for (const CatalogObject* column : children_of(view, "column")) {
    names.push_back(lower_ascii(column->name));
  }
  if (!names.empty()) {
    return names;
  }
  const auto tokens = expression_tokens(view.property("definition"));
  if (!tokens || tokens->front().text != "select") {
    return {};
  }
  int depth = 0;
  for (std::size_t i = 1; i < tokens->size(); ++i) {
    const ExpressionToken& token = (*tokens)[i];
    const bool is_bracket = token.kind == SqlPart::symbol;
    depth += is_bracket && (token.text == "(" || token.text == "[") ? 1 : 0;
    depth -= is_bracket && (token.text == ")" || token.text == "]") ? 1 : 0;
    if (!is_end(token, depth) && !(depth == 0 && is_bracket && token.text == ",")) {
      continue;
    }
    const ExpressionToken& last = (*tokens)[i - 1];
    if (last.kind != SqlPart::name && last.kind != SqlPart::quoted_name) {
      return {};
    }
    names.push_back(last.text);
    if (is_end(token, depth)) {
      return names;
    }
  }
  return {};
}

}  // namespace toolkit

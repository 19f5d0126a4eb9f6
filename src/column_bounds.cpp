#include "column_bounds.hpp"

#include <algorithm>
#include <charconv>
#include <regex>

namespace toolkit {

std::int64_t number_of(const std::string& text, std::int64_t otherwise) {
  std::int64_t value = otherwise;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failure == std::errc() && end == text.data() + text.size() ? value : otherwise;
}

std::vector<std::string> literals_in(const std::string& list) {
  static const std::regex literal(R"('(?:[^']|'')*'|-?[0-9]+(?:\.[0-9]+)?)");
  std::vector<std::string> found;
  for (std::sregex_iterator it(list.begin(), list.end(), literal), end; it != end; ++it) {
    found.push_back(it->str());
  }
  return found;
}

namespace {

/// A name as the server may write it in an expression: bare or quoted.
std::string name_pattern(const std::string& name) {
  static const std::regex special(R"([.^$|()\[\]{}*+?\\])");
  const std::string escaped = std::regex_replace(name, special, R"(\$&)");
  return "[(]*[\"`\\[]?" + escaped + "[\"`\\]]?[)]*(?:::[a-z ]+)?[)]*";
}

void tighten_least(std::optional<std::int64_t>& bound, std::int64_t value) {
  bound = std::max(bound.value_or(value), value);
}

void tighten_most(std::optional<std::int64_t>& bound, std::int64_t value) {
  bound = std::min(bound.value_or(value), value);
}

void read_comparison(const std::string& expression, const std::string& name, ColumnBounds& bounds) {
  static constexpr auto flags = std::regex::icase | std::regex::ECMAScript;
  const std::string column = "(^|[^a-z0-9_])" + name;
  const std::regex compared(column + R"(\s*(>=|<=|<>|>|<)\s*\(?'?(-?[0-9]+))", flags);
  for (std::sregex_iterator it(expression.begin(), expression.end(), compared), end; it != end; ++it) {
    const std::string operation = (*it)[2];
    const std::int64_t value = number_of((*it)[3], 0);
    if (operation == ">" || operation == ">=") {
      tighten_least(bounds.least, value + (operation == ">" ? 1 : 0));
    } else if (operation != "<>") {
      tighten_most(bounds.most, value - (operation == "<" ? 1 : 0));
    }
  }
  std::smatch found;
  const std::regex between(column + R"(\s+between\s+(-?[0-9]+)\s+and\s+(-?[0-9]+))", flags);
  if (std::regex_search(expression, found, between)) {
    tighten_least(bounds.least, number_of(found[2], 0));
    tighten_most(bounds.most, number_of(found[3], 0));
  }
  const std::regex in(column + R"(\s*(?:in\s*\(|=\s*any\s*\(+array\[)([^\])]*))", flags);
  if (std::regex_search(expression, found, in)) {
    bounds.choices = literals_in(found[2]);
  }
}

void read_length(const std::string& expression, const std::string& name, ColumnBounds& bounds) {
  const std::regex length(
      R"((?:char_length|character_length|length)\s*\()" + name + R"(\s*\)?\s*(>=|<=|>|<)\s*([0-9]+))",
      std::regex::icase);
  for (std::sregex_iterator it(expression.begin(), expression.end(), length), end; it != end; ++it) {
    const std::string operation = (*it)[1];
    const auto value = static_cast<std::size_t>(number_of((*it)[2], 0));
    if (operation.front() == '>') {
      bounds.least_length = value + (operation == ">" ? 1 : 0);
    } else {
      bounds.most_length = value - (operation == "<" && value > 0 ? 1 : 0);
    }
  }
}

}  // namespace

std::map<std::string, ColumnBounds> bounds_of(const CatalogObject& table) {
  std::map<std::string, ColumnBounds> all;
  for (const CatalogObject& check : table.children) {
    if (check.kind != "check") {
      continue;
    }
    const std::string expression(check.property("expression"));
    for (const CatalogObject& column : table.children) {
      if (column.kind == "column" && expression.find(column.name) != std::string::npos &&
          expression.size() < 2'000) {
        read_comparison(expression, name_pattern(column.name), all[column.name]);
        read_length(expression, name_pattern(column.name), all[column.name]);
      }
    }
  }
  return all;
}

}  // namespace toolkit

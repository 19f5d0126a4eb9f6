#include <algorithm>
#include <initializer_list>
#include <utility>

#include "diff_parts.hpp"

namespace toolkit {

namespace {

constexpr std::size_t longest_line = 100;

std::string first_line(std::string_view text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  // Not within a character.
  std::size_t end = std::min(line.size(), longest_line);
  while (end < line.size() && end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) {
    --end;
  }
  return std::string(line.substr(0, end)) + (end < text.size() ? " …" : "");
}

std::string column_essence(const CatalogObject& column) {
  std::string text(column.property("type"));
  text += column.property("nullable") == "no" ? (text.empty() ? "not null" : ", not null") : "";
  for (const char* each : {"default", "identity", "generated"}) {
    if (!column.property(each).empty()) {
      text += std::string(text.empty() ? "" : ", ") + each + " " + first_line(column.property(each));
    }
  }
  return text;
}

std::string key_essence(const CatalogObject& key) {
  std::string text = key.property("unique").empty() ? "" : "unique ";
  text.append("(").append(key.property("columns")).append(")");
  if (!key.property("where").empty()) {
    text += " where " + first_line(key.property("where"));
  }
  if (!key.property("references").empty()) {
    text.append(" references ").append(key.property("references"));
  }
  for (const auto& [property, words] :
       {std::pair("on-update", " on update "), {"on-delete", " on delete "}}) {
    if (!key.property(property).empty()) {
      text.append(words).append(key.property(property));
    }
  }
  return text;
}

std::string names_of_columns(const CatalogObject& table) {
  std::string names;
  for (const CatalogObject& child : table.children) {
    if (child.kind == "column") {
      names += (names.empty() ? "" : ", ") + child.name;
    }
  }
  return "(" + names + ")";
}

bool is_one_of(std::string_view kind, std::initializer_list<std::string_view> kinds) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

/// The lines that differ, between what both begin and end with.
std::string changed_lines(const std::string& expected, const std::string& actual) {
  const std::vector<std::string_view> left = lines_of(expected);
  const std::vector<std::string_view> right = lines_of(actual);
  const std::size_t shorter = std::min(left.size(), right.size());
  std::size_t head = 0;
  while (head < shorter && left[head] == right[head]) {
    ++head;
  }
  std::size_t tail = 0;
  while (tail < shorter - head && left[left.size() - 1 - tail] == right[right.size() - 1 - tail]) {
    ++tail;
  }
  std::string text;
  for (std::size_t i = head; i < left.size() - tail; ++i) {
    text.append("\n  - ").append(left[i]);
  }
  for (std::size_t i = head; i < right.size() - tail; ++i) {
    text.append("\n  + ").append(right[i]);
  }
  return " differs from line " + std::to_string(head + 1) + " on (- expected, + actual)" + text;
}

std::string change_text(const std::string& expected, const std::string& actual) {
  const auto is_long = [](const std::string& text) {
    return text.size() > longest_line || text.find('\n') != std::string::npos;
  };
  if (!expected.empty() && !actual.empty() && (is_long(expected) || is_long(actual))) {
    return changed_lines(expected, actual);
  }
  return " is " + (actual.empty() ? "none" : first_line(actual)) + ", expected " +
         (expected.empty() ? "none" : first_line(expected));
}

}  // namespace

std::string essence(const CatalogObject& object) {
  if (object.kind == "column") {
    return column_essence(object);
  }
  if (object.kind == "table") {
    return names_of_columns(object);
  }
  if (is_one_of(object.kind, {"primary key", "unique", "foreign key", "index"})) {
    return key_essence(object);
  }
  if (object.kind == "trigger") {
    return std::string(object.property("timing")) + " " + std::string(object.property("events"));
  }
  if (object.kind == "schema" && !object.property("comment").empty()) {
    return "comment " + first_line(object.property("comment"));
  }
  const bool is_private = object.properties.empty() || object.properties.front().name == "comment";
  return is_private ? std::string() : first_line(object.properties.front().value);
}

std::string title_of(const CatalogObject& object) {
  if (!object.name.empty()) {
    return object.kind + " " + object.name;
  }
  if (object.kind == "check") {
    return "check (" + essence(object) + ")";
  }
  const std::string columns(object.property("columns"));
  return columns.empty() ? object.kind : object.kind + " (" + columns + ")";
}

std::string describe(const Difference& difference) {
  const std::string title =
      difference.object + (difference.property.empty() ? ": " : ": " + difference.property);
  switch (difference.kind) {
    case DifferenceKind::missing:
      return title + "missing" + (difference.expected.empty() ? "" : ", expected " + difference.expected);
    case DifferenceKind::unexpected:
      return title + "unexpected" + (difference.actual.empty() ? "" : ", is " + difference.actual);
    case DifferenceKind::changed:
      break;
  }
  return title + change_text(difference.expected, difference.actual);
}

std::string_view to_string(DifferenceClass difference_class) {
  switch (difference_class) {
    case DifferenceClass::logical:
      return "logical";
    case DifferenceClass::physical:
      return "physical";
    case DifferenceClass::cosmetic:
      break;
  }
  return "cosmetic";
}

}  // namespace toolkit

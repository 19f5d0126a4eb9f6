#include "toolkit/file_name.hpp"

#include <algorithm>
#include <cctype>
#include <utility>
#include <vector>

#include "toolkit/dialect_names.hpp"
#include "toolkit/directive.hpp"

namespace toolkit {

namespace {

constexpr std::size_t max_version_digits = 18;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_char(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '_'; }

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back().push_back(c);
    }
  }
  return parts;
}

// The words between the name and `.sql`: dialect, direction and step, each recognised wherever it stands.
struct Suffixes {
  std::string dialect;
  std::string direction;
  std::string step;
};

// A word as it was meant: upp, postgre.
std::string nearest_suffix(const std::string& word) {
  std::vector<std::string> known = {"up", "down"};
  for (const DialectName& each : known_dialect_names()) {
    known.push_back(each.name);
  }
  return nearest_word(word, known);
}

Suffixes recognise(const std::vector<std::string>& parts) {
  Suffixes found;
  for (std::size_t i = 1; i + 1 < parts.size(); ++i) {
    const bool is_known = all_digits(parts[i]) || dialect_name_of(parts[i]);
    const std::string part = is_known ? parts[i] : nearest_suffix(parts[i]);
    if (part == "up" || part == "down") {
      found.direction = part;
    } else if (all_digits(part)) {
      found.step = part;
    } else if (const auto dialect = dialect_name_of(part)) {
      found.dialect = *dialect;
    }
  }
  return found;
}

/// `v0002_1.7.0_schema.up.sql` -> `0002_1_7_0_schema.up.sql`, `3_users_down.sql` -> `3_users.down.sql`: other
/// tools have a letter before the version, dots in the name, an underscore before the direction.
std::vector<std::string> parts_of_other_tools(const std::string& lower) {
  std::vector<std::string> parts = split(lower, '.');
  std::string& stem = parts.front();
  if (stem.size() > 1 && stem.front() == 'v' && is_digit(stem[1])) {
    stem.erase(0, 1);
  }
  auto direction = std::find_if(parts.begin() + 1, parts.end(),
                                [](const std::string& part) { return part == "up" || part == "down"; });
  if (direction == parts.end()) {
    for (const char* word : {"_up", "_down"}) {
      if (stem.ends_with(word)) {
        stem.erase(stem.size() - std::string_view(word).size());
        parts.insert(parts.begin() + 1, word + 1);
      }
    }
    return parts;
  }
  auto end_of_name = direction;
  if (end_of_name != parts.begin() + 1 && dialect_name_of(*(end_of_name - 1))) {
    --end_of_name;
  }
  // One word alone may be a dialect that nobody knows here, one number a step in the wrong place.
  const bool is_alone = end_of_name == parts.begin() + 2 && !all_digits(stem) &&
                        std::all_of(parts[1].begin(), parts[1].end(), [&](char c) {
                          return is_digit(c) == is_digit(parts[1].front()) && c != '_';
                        });
  for (auto part = parts.begin() + 1; part != end_of_name && !is_alone; ++part) {
    if (!dialect_name_of(*part)) {
      stem += '_' + std::exchange(*part, "");
    }
  }
  std::erase(parts, "");
  return parts;
}

// A good name out of what the bad one seems to mean; empty when the version or the direction is not there.
std::string nearest_good_name(const std::string& lower) {
  const std::vector<std::string> parts = parts_of_other_tools(lower);
  const Suffixes suffixes = recognise(parts);
  const std::string& stem = parts.front();
  std::size_t digits = 0;
  while (digits < stem.size() && is_digit(stem[digits])) {
    ++digits;
  }
  std::string name;
  for (std::size_t i = digits; i < stem.size(); ++i) {
    name.push_back(is_name_char(stem[i]) ? stem[i] : '_');
  }
  name.erase(0, name.find_first_not_of('_'));
  const bool is_version = digits <= max_version_digits && stem.find_first_not_of('0') < digits;
  if (!is_version || name.empty() || suffixes.direction.empty()) {
    return {};
  }
  std::string step = suffixes.step;
  step.erase(0, std::min(step.find_first_not_of('0'), step.size()));
  return stem.substr(0, digits) + "_" + name + (suffixes.dialect.empty() ? "" : "." + suffixes.dialect) +
         "." + suffixes.direction + (step.empty() ? "" : "." + step) + ".sql";
}

std::string version_problem(const std::string& stem) {
  const std::size_t underscore = stem.find('_');
  const std::string digits = stem.substr(0, underscore);
  if (underscore == std::string::npos || !all_digits(digits)) {
    return "it does not begin with a version and an underscore";
  }
  if (digits.find_first_not_of('0') == std::string::npos) {
    return "version 0 is reserved";
  }
  if (digits.size() > max_version_digits) {
    return "its version has more than 18 digits";
  }
  const std::string name = stem.substr(underscore + 1);
  if (name.empty() || !std::all_of(name.begin(), name.end(), is_name_char)) {
    return "its name may only hold a-z, 0-9 and _";
  }
  return {};
}

std::optional<int> parse_step(const std::string& text) {
  if (!all_digits(text) || text.front() == '0' || text.size() > 6) {
    return std::nullopt;
  }
  return std::stoi(text);
}

// Fills `parsed` from the parts after the name, in the one order that the grammar has.
std::string suffix_problem(const std::vector<std::string>& parts, FileName& parsed) {
  std::size_t next = 1;
  const std::size_t end = parts.size() - 1;  // the last part is "sql"
  if (next < end && parts[next] != "up" && parts[next] != "down") {
    const auto dialect = dialect_name_of(parts[next]);
    if (!dialect || all_digits(parts[next])) {
      return "'" + parts[next] + "' is neither a dialect nor up or down";
    }
    parsed.dialect = *dialect;
    ++next;
  }
  if (next >= end || (parts[next] != "up" && parts[next] != "down")) {
    return "the direction up or down is missing";
  }
  parsed.direction = parts[next++] == "up" ? Direction::up : Direction::down;
  if (next < end) {
    const auto step = parse_step(parts[next]);
    if (!step) {
      return "'" + parts[next] + "' is no step (1, 2, 3, … without leading zeros)";
    }
    parsed.step = *step;
    ++next;
  }
  return next == end ? std::string() : "there is something after the step";
}

bool is_reserved(const std::vector<std::string>& parts) {
  return (parts.front() == "schema" || parts.front() == "base") &&
         (parts.size() == 2 || (parts.size() == 3 && dialect_name_of(parts[1])));
}

}  // namespace

std::string_view to_string(Direction direction) { return direction == Direction::up ? "up" : "down"; }

std::string to_string(const FileName& name) {
  return name.digits + "_" + name.name + (name.dialect.empty() ? "" : "." + name.dialect) + "." +
         std::string(to_string(name.direction)) + (name.step == 0 ? "" : "." + std::to_string(name.step)) +
         ".sql";
}

std::optional<Version> parse_version(std::string_view digits) {
  if (!all_digits(digits)) {
    return std::nullopt;
  }
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.empty() || digits.size() > max_version_digits) {
    return std::nullopt;
  }
  Version version = 0;
  for (const char c : digits) {
    version = version * 10 + (c - '0');
  }
  return version;
}

std::string_view file_name_grammar() { return "<version>_<name>[.<dialect>].<up|down>[.<step>].sql"; }

ClassifiedName classify_name(std::string_view name) {
  ClassifiedName classified;
  const std::string lower = lower_case(name);
  if (lower.empty() || lower.front() == '.' || !lower.ends_with(".sql")) {
    classified.ignored = true;
    return classified;
  }
  const std::vector<std::string> parts = split(name, '.');
  if (lower == name && is_reserved(parts)) {
    classified.reserved = true;
    return classified;
  }
  FileName parsed;
  classified.problem = lower == name ? version_problem(parts.front()) : "names are written in lower case";
  if (classified.problem.empty()) {
    classified.problem = suffix_problem(parts, parsed);
  }
  if (!classified.problem.empty()) {
    classified.nearest_name = nearest_good_name(lower);
    return classified;
  }
  const std::size_t underscore = parts.front().find('_');
  parsed.digits = parts.front().substr(0, underscore);
  parsed.name = parts.front().substr(underscore + 1);
  parsed.version = *parse_version(parsed.digits);
  classified.migration = parsed;
  return classified;
}

}  // namespace toolkit

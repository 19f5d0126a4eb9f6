#include "config_table.hpp"

#include <algorithm>
#include <utility>

#include "toolkit/directive.hpp"

namespace toolkit {

namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string list;
  for (const std::string& word : words) {
    list += (list.empty() ? "" : ", ") + word;
  }
  return list;
}

}  // namespace

Error bad_config(const std::string& path, const toml::source_region& at, const std::string& message,
                 const std::string& advice) {
  ErrorDetails details;
  details.kind = ErrorKind::configuration;
  details.message = message;
  details.advice = advice;
  details.position = {path, static_cast<int>(at.begin.line), static_cast<int>(at.begin.column)};
  return Error(std::move(details));
}

ConfigTable::ConfigTable(const toml::table& table, std::string path, std::string name)
    : table_(table), path_(std::move(path)), name_(std::move(name)) {}

std::optional<std::string> ConfigTable::text(const std::string& key) {
  const toml::node* node = find(key);
  if (node == nullptr) {
    return std::nullopt;
  }
  if (!node->is_string()) {
    throw wrong_type(*node, key, "a text");
  }
  return node->value<std::string>();
}

std::optional<std::int64_t> ConfigTable::number(const std::string& key, std::int64_t least) {
  const toml::node* node = find(key);
  if (node == nullptr) {
    return std::nullopt;
  }
  if (!node->is_integer() || *node->value<std::int64_t>() < least) {
    throw wrong_type(*node, key, least > 0 ? "a whole number above 0" : "a whole number, 0 or more");
  }
  return node->value<std::int64_t>();
}

std::optional<bool> ConfigTable::boolean(const std::string& key) {
  const toml::node* node = find(key);
  if (node == nullptr) {
    return std::nullopt;
  }
  if (!node->is_boolean()) {
    throw wrong_type(*node, key, "true or false");
  }
  return node->value<bool>();
}

std::optional<std::chrono::milliseconds> ConfigTable::duration(const std::string& key) {
  const toml::node* node = find(key);
  if (node == nullptr) {
    return std::nullopt;
  }
  const auto parsed = node->is_string() ? parse_duration(*node->value<std::string>()) : std::nullopt;
  if (!parsed) {
    throw wrong_type(*node, key, "a duration such as \"5s\" or \"500ms\"");
  }
  return parsed;
}

std::vector<std::string> ConfigTable::texts(const std::string& key) {
  const toml::node* node = find(key);
  std::vector<std::string> values;
  if (node == nullptr) {
    return values;
  }
  const toml::array* array = node->as_array();
  if (array == nullptr || !array->is_homogeneous(toml::node_type::string)) {
    throw wrong_type(*node, key, "a list of texts");
  }
  for (const toml::node& each : *array) {
    values.push_back(*each.value<std::string>());
  }
  return values;
}

std::optional<ConfigTable> ConfigTable::table(const std::string& key) {
  const toml::node* node = find(key);
  if (node == nullptr) {
    return std::nullopt;
  }
  if (!node->is_table()) {
    throw wrong_type(*node, key, "a table");
  }
  return ConfigTable(*node->as_table(), path_, name_.empty() ? key : name_ + "." + key);
}

std::vector<ConfigTable> ConfigTable::tables(const std::string& key) {
  std::vector<ConfigTable> all;
  const toml::node* node = find(key);
  if (node == nullptr) {
    return all;
  }
  const toml::array* array = node->as_array();
  const std::string whole_name = name_.empty() ? key : name_ + "." + key;
  if (array == nullptr || !array->is_homogeneous(toml::node_type::table)) {
    throw wrong_type(*node, key, "a list of tables, each begun by [[" + whole_name + "]]");
  }
  for (const toml::node& each : *array) {
    all.emplace_back(*each.as_table(), path_, whole_name);
  }
  return all;
}

std::string ConfigTable::place() const { return path_ + ":" + std::to_string(table_.source().begin.line); }

Error ConfigTable::refused(const std::string& message, const std::string& advice,
                           const std::string& key) const {
  const toml::node* node = key.empty() ? nullptr : table_.get(key);
  return bad_config(path_, node == nullptr ? table_.source() : node->source(), message, advice);
}

std::vector<std::string> ConfigTable::keys() const {
  std::vector<std::string> names;
  for (const auto& [key, value] : table_) {
    names.emplace_back(key.str());
  }
  return names;
}

void ConfigTable::refuse_unknown() const {
  for (const auto& [key, value] : table_) {
    const std::string name(key.str());
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) {
      continue;
    }
    const std::string nearest = nearest_word(name, known_);
    throw bad_config(path_, key.source(),
                     "unknown key '" + name + "'" + (name_.empty() ? "" : " in [" + name_ + "]"),
                     nearest.empty() ? "known are: " + joined(known_) : "did you mean " + nearest + "?");
  }
}

const toml::node* ConfigTable::find(const std::string& key) {
  known_.push_back(key);
  return table_.get(key);
}

Error ConfigTable::wrong_type(const toml::node& node, const std::string& key,
                              const std::string& wanted) const {
  return bad_config(path_, node.source(), "'" + key + "' must be " + wanted);
}

}  // namespace toolkit

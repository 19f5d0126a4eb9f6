#pragma once

#include <toml++/toml.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "toolkit/error.hpp"

/// One table of toolkit.toml, read key by key; for settings.cpp only.
namespace toolkit {

/// An error at a place in toolkit.toml.
Error bad_config(const std::string& path, const toml::source_region& at, const std::string& message,
                 const std::string& advice = {});

/// What nobody asked for is an unknown key. All readers throw Error(configuration) for a value of another
/// type.
class ConfigTable {
 public:
  ConfigTable(const toml::table& table, std::string path, std::string name);

  std::optional<std::string> text(const std::string& key);
  std::optional<bool> boolean(const std::string& key);
  std::optional<std::int64_t> number(const std::string& key, std::int64_t least = 1);  ///< least: 0 or 1
  std::optional<std::chrono::milliseconds> duration(const std::string& key);
  std::vector<std::string> texts(const std::string& key);
  std::optional<ConfigTable> table(const std::string& key);
  std::vector<ConfigTable> tables(const std::string& key);  ///< `[[key]]`
  std::vector<std::string> keys() const;
  std::string place() const;  ///< `toolkit.toml:12`

  /// Error(configuration) at the table's, or at the key's, place.
  Error refused(const std::string& message, const std::string& advice, const std::string& key = {}) const;

  /// Requires: every known key was asked for.
  void refuse_unknown() const;

 private:
  const toml::node* find(const std::string& key);
  Error wrong_type(const toml::node& node, const std::string& key, const std::string& wanted) const;

  const toml::table& table_;
  std::string path_;
  std::string name_;
  std::vector<std::string> known_;
};

}  // namespace toolkit

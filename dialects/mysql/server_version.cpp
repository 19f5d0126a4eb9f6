#include "server_version.hpp"

#include <charconv>
#include <string>

namespace toolkit::mysql {

namespace {

int number_at(std::string_view text, std::size_t& at) {
  int number = 0;
  const auto parsed = std::from_chars(text.data() + at, text.data() + text.size(), number);
  at = static_cast<std::size_t>(parsed.ptr - text.data());
  at += at < text.size() && text[at] == '.' ? 1 : 0;
  return number;
}

}  // namespace

ServerInfo server_info(std::string_view version_text) {
  ServerInfo info;
  const bool is_mariadb = version_text.find("MariaDB") != std::string_view::npos;
  if (is_mariadb && version_text.starts_with("5.5.5-")) {
    version_text.remove_prefix(6);  // MariaDB 10 says this first, for replicas of old MySQL
  }
  std::size_t at = 0;
  const int major = number_at(version_text, at);
  const int minor = number_at(version_text, at);
  const int patch = number_at(version_text, at);
  info.product = is_mariadb ? "MariaDB" : "MySQL";
  info.flavour = is_mariadb ? "mariadb" : "mysql";
  info.version = std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
  info.version_number = major * 10000 + minor * 100 + patch;
  if (is_mariadb ? info.version_number < 100600 : info.version_number < 80000) {
    info.warning =
        info.product + " " + info.version +
        " is older than what is supported (MySQL 8.0, MariaDB 10.6): its DDL is not atomic, a crash in "
        "the middle of a statement can leave a part of it";
  }
  return info;
}

}  // namespace toolkit::mysql

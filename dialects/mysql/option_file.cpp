#include "option_file.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>

#include "toolkit/error.hpp"

namespace toolkit::mysql {

namespace {

std::string_view trim(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

// The client programs cut a value at a `#` outside quotes, then take one pair of quotes away.
std::string_view without_comment(std::string_view value) {
  char quote = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (c == '\\' && i + 1 < value.size()) {
      ++i;
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == quote) {
      quote = 0;
    } else if (quote == 0 && c == '#') {
      return value.substr(0, i);
    }
  }
  return value;
}

std::string unescape(std::string_view value) {
  static constexpr std::string_view letters = "btnrs\\'\"";
  static constexpr std::string_view meanings = "\b\t\n\r \\'\"";
  std::string plain;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const std::size_t at =
        value[i] == '\\' && i + 1 < value.size() ? letters.find(value[i + 1]) : std::string_view::npos;
    if (at == std::string_view::npos) {
      plain.push_back(value[i]);
    } else {
      plain.push_back(meanings[at]);
      ++i;
    }
  }
  return plain;
}

std::string value_of(std::string_view raw) {
  std::string_view value = trim(without_comment(raw));
  if (value.size() >= 2 && (value.front() == '\'' || value.front() == '"') && value.back() == value.front()) {
    value = value.substr(1, value.size() - 2);
  }
  return unescape(value);
}

std::string key_of(std::string_view raw) {
  std::string key(trim(raw));
  std::replace(key.begin(), key.end(), '_', '-');
  return key;
}

std::optional<std::string> read_whole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return std::nullopt;
  }
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::string take_option(DatabaseUrl& url, const std::string& key) {
  const auto found = url.options.find(key);
  if (found == url.options.end()) {
    return {};
  }
  std::string value = found->second;
  url.options.erase(found);
  return value;
}

std::string home_option_file() {
  const char* home = std::getenv("HOME");  // NOLINT(concurrency-mt-unsafe): nothing here sets it
  return home == nullptr || *home == '\0' ? std::string() : std::string(home) + "/.my.cnf";
}

int port_of(const std::string& text, const std::string& path) {
  const bool digits = !text.empty() && text.size() <= 5 &&
                      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  const int port = digits ? std::stoi(text) : 0;
  if (port < 1 || port > 65535) {
    throw Error(ErrorKind::configuration, "the port in '" + path + "' is not a number from 1 to 65535");
  }
  return port;
}

void fill(DatabaseUrl& url, const std::map<std::string, std::string>& values, const std::string& path) {
  // A host of the URL brings its own place: the file's socket and port belong to the file's host.
  const bool place_is_open = url.host.empty() && url.port == 0 && url.options.count("socket") == 0;
  for (const auto& [key, value] : values) {
    const bool is_option =
        key.rfind("ssl-", 0) == 0 || key == "tls-version" || (key == "socket" && place_is_open);
    if (is_option) {
      url.options.emplace(key, value);
    } else if (key == "user" && url.user.empty()) {
      url.user = value;
    } else if (key == "password" && !url.has_password) {
      url.password = value;
      url.has_password = true;
    } else if (key == "host" && place_is_open) {
      url.host = value;
    } else if (key == "port" && place_is_open) {
      url.port = port_of(value, path);
    }
  }
}

}  // namespace

std::map<std::string, std::string> parse_option_file(std::string_view text,
                                                     const std::vector<std::string>& groups) {
  std::map<std::string, std::string> values;
  bool wanted = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#' || line.front() == ';' || line.front() == '!') {
      continue;
    }
    if (line.front() == '[') {
      const std::string_view group = trim(line.substr(1, std::min(line.find(']'), line.size()) - 1));
      wanted = std::find(groups.begin(), groups.end(), group) != groups.end();
      continue;
    }
    const std::size_t equals = line.find('=');
    if (wanted) {
      values[key_of(line.substr(0, equals))] =
          equals == std::string_view::npos ? std::string() : value_of(line.substr(equals + 1));
    }
  }
  return values;
}

DatabaseUrl with_option_file(DatabaseUrl url) {
  const std::string named = take_option(url, "defaults-file");
  const std::string group = take_option(url, "defaults-group");
  const std::string path = !named.empty() ? named : url.has_password ? std::string() : home_option_file();
  if (path.empty()) {
    return url;
  }
  const std::optional<std::string> text = read_whole(path);
  if (!text && !named.empty()) {
    throw Error(ErrorKind::configuration, "the option file '" + path + "' cannot be read",
                "check ?defaults-file= in the URL and the file's rights");
  }
  std::vector<std::string> groups = {"client"};
  if (!group.empty()) {
    groups.push_back(group);
  }
  if (text) {
    fill(url, parse_option_file(*text, groups), path);
  }
  return url;
}

}  // namespace toolkit::mysql

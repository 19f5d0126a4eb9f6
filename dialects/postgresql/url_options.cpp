#include "url_options.hpp"

#include <libpq-fe.h>
#include <netdb.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <vector>

#include "toolkit/error.hpp"

namespace toolkit::postgresql {

namespace {

using Options = std::map<std::string, std::string>;

// Options whose values are words; an empty list is any text. From libpq's manual, 14 to 18.
const std::map<std::string, std::vector<std::string>>& known_options() {
  static const std::map<std::string, std::vector<std::string>> known = {
      {"application_name", {}},
      {"channel_binding", {"disable", "prefer", "require"}},
      {"connect_timeout", {}},
      {"fallback_application_name", {}},
      {"gssencmode", {"disable", "prefer", "require"}},
      {"gssdelegation", {"0", "1"}},
      {"gsslib", {}},
      {"host", {}},
      {"hostaddr", {}},
      {"keepalives", {"0", "1"}},
      {"keepalives_count", {}},
      {"keepalives_idle", {}},
      {"keepalives_interval", {}},
      {"krbsrvname", {}},
      {"load_balance_hosts", {"disable", "random"}},
      {"max_protocol_version", {}},
      {"min_protocol_version", {}},
      {"options", {}},
      {"passfile", {}},
      {"password", {}},
      {"port", {}},
      {"require_auth", {}},
      {"requirepeer", {}},
      {"service", {}},
      {"ssl_max_protocol_version", {"TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"}},
      {"ssl_min_protocol_version", {"TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"}},
      {"sslcert", {}},
      {"sslcertmode", {"disable", "allow", "require"}},
      {"sslcompression", {"0", "1"}},
      {"sslcrl", {}},
      {"sslcrldir", {}},
      {"sslkey", {}},
      {"sslmode", {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}},
      {"sslnegotiation", {"postgres", "direct"}},
      {"sslpassword", {}},
      {"sslrootcert", {}},
      {"sslsni", {"0", "1"}},
      {"target_session_attrs", {"any", "read-write", "read-only", "primary", "standby", "prefer-standby"}},
      {"tcp_user_timeout", {}},
      {"user", {}},
  };
  return known;
}

std::string join(const std::vector<std::string>& words) {
  std::string list;
  for (const std::string& word : words) {
    list += (list.empty() ? "" : ", ") + word;
  }
  return list;
}

/// The keywords of the libpq that is loaded, which may be older than the header.
const std::set<std::string>& libpq_keywords() {
  static const std::set<std::string> keywords = [] {
    std::set<std::string> words;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> all(PQconndefaults(), PQconninfoFree);
    for (const PQconninfoOption* each = all.get(); each != nullptr && each->keyword != nullptr; ++each) {
      words.insert(each->keyword);
    }
    return words;
  }();
  return keywords;
}

std::vector<std::string> usable_options() {
  std::vector<std::string> names;
  for (const auto& [name, values] : known_options()) {
    if (libpq_keywords().count(name) != 0) {
      names.push_back(name);
    }
  }
  return names;
}

void check_option(const std::string& key, const std::string& value) {
  const auto known = known_options().find(key);
  if (key == "client_encoding") {
    throw Error(ErrorKind::configuration, "client_encoding cannot be chosen: files are sent as UTF-8",
                "remove it from the URL");
  }
  if (known == known_options().end()) {
    throw Error(ErrorKind::configuration, "unknown option '" + key + "' in a postgresql URL",
                "known are: " + join(usable_options()));
  }
  if (libpq_keywords().count(key) == 0) {
    throw Error(ErrorKind::configuration,
                "the option '" + key + "' needs a newer libpq than this one (" +
                    std::to_string(PQlibVersion() / 10'000) + ")",
                "this libpq knows: " + join(usable_options()));
  }
  const std::vector<std::string>& values = known->second;
  if (!values.empty() && std::find(values.begin(), values.end(), value) == values.end()) {
    throw Error(ErrorKind::configuration, "'" + value + "' is no value of the option '" + key + "'",
                "it takes: " + join(values));
  }
}

void refuse_both(const DatabaseUrl& url, const char* key, bool is_in_authority) {
  if (is_in_authority && url.options.count(key) != 0) {
    throw Error(ErrorKind::configuration,
                std::string("the URL names the ") + key + " twice: before the '/' and as an option",
                "keep one of the two");
  }
}

std::vector<std::string> split(const std::string& text, char separator) {
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

/// `a:1,b` and the port after it, as libpq's two lists. A single IPv6 address has more colons than one.
void add_hosts(const DatabaseUrl& url, Options& all) {
  const std::string port = url.port == 0 ? "" : std::to_string(url.port);
  if (url.host.find(',') == std::string::npos) {
    all["host"] = url.host;
    all["port"] = port;
    return;
  }
  std::string hosts;
  std::string ports;
  const std::vector<std::string> parts = split(url.host, ',');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::vector<std::string> pair = split(parts[i], ':');
    const bool last = i + 1 == parts.size();
    hosts += (i == 0 ? "" : ",") + pair[0];
    ports += (i == 0 ? "" : ",") + (pair.size() > 1 ? pair[1] : last ? port : "");
  }
  all["host"] = hosts;
  all["port"] = ports;
}

std::size_t address_count(const std::string& host) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (host.empty() || host.front() == '/' || host.front() == '@' ||
      getaddrinfo(host.c_str(), nullptr, &wanted, &found) != 0) {
    return 1;
  }
  std::size_t count = 0;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    ++count;
  }
  freeaddrinfo(found);
  return std::max<std::size_t>(count, 1);
}

/// libpq applies its timeout (whole seconds, at least 2) to each address that it tries.
std::string timeout_each(const Options& all, std::chrono::milliseconds timeout) {
  std::size_t addresses = 0;
  const auto hostaddr = all.find("hostaddr");
  const auto host = all.find("host");
  if (hostaddr != all.end()) {
    addresses = split(hostaddr->second, ',').size();
  } else if (host != all.end()) {
    for (const std::string& each : split(host->second, ',')) {
      addresses += address_count(each);
    }
  }
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(timeout).count() /
                       static_cast<std::int64_t>(std::max<std::size_t>(addresses, 1));
  return std::to_string(std::max<std::int64_t>(seconds, 2));
}

void make_read_only(Options& all) {
  std::string& options = all["options"];
  if (options.find("default_transaction_read_only") != std::string::npos) {
    throw Error(ErrorKind::configuration, "the URL's options set default_transaction_read_only",
                "remove it: a command that only reads sets it itself");
  }
  options += std::string(options.empty() ? "" : " ") + "-c default_transaction_read_only=on";
}

std::string percent_encode(std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x80 && std::isalnum(byte) != 0) || c == '-' || c == '.' || c == '_' || c == '~') {
      encoded.push_back(c);
    } else {
      encoded += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
  }
  return encoded;
}

Options all_options(const DatabaseUrl& url, const OpenOptions& options) {
  refuse_both(url, "host", !url.host.empty());
  refuse_both(url, "port", url.port != 0);
  refuse_both(url, "user", !url.user.empty());
  refuse_both(url, "password", url.has_password);
  Options all;
  if (!url.host.empty() || url.port != 0) {
    add_hosts(url, all);
  }
  if (!url.user.empty()) {
    all["user"] = url.user;
  }
  if (url.has_password) {
    all["password"] = url.password;
  }
  for (const auto& [key, value] : url.options) {
    check_option(key, value);
    all[key] = value;
  }
  all.emplace("application_name", options.application_name);
  all.emplace("connect_timeout", timeout_each(all, options.connect_timeout));
  all["client_encoding"] = "UTF8";
  if (options.read_only) {
    make_read_only(all);
  }
  return all;
}

}  // namespace

std::string connect_uri(const DatabaseUrl& url, const OpenOptions& options) {
  std::string uri = "postgresql:///" + percent_encode(url.database);
  char separator = '?';
  for (const auto& [key, value] : all_options(url, options)) {
    if (!value.empty()) {
      uri += separator + key + "=" + percent_encode(value);
      separator = '&';
    }
  }
  return uri;
}

DatabaseUrl with_database(DatabaseUrl url, std::string database) {
  url.database = std::move(database);
  return url;
}

}  // namespace toolkit::postgresql

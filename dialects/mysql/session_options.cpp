#include "session_options.hpp"

#include <mysql.h>
#include <soci/soci.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <vector>

#include "toolkit/error.hpp"

namespace toolkit::mysql {

namespace {

#ifdef MARIADB_BASE_VERSION
// Connector/C reads a host that holds `;` as a list of its own options, which is the only way to most of
// them through SOCI (4.0 and 4.1 alike). The same makes an unchecked host of a URL an injection.

const std::vector<std::string> modes = {"disabled", "preferred", "required", "verify-ca", "verify-identity"};
const std::vector<std::string> known_options = {"socket",      "ssl-mode",      "ssl-ca",        "ssl-capath",
                                                "ssl-cert",    "ssl-key",       "ssl-crl",       "ssl-cipher",
                                                "tls-version", "defaults-file", "defaults-group"};
#elif SOCI_VERSION >= 400100

const std::vector<std::string> modes = {"disabled", "preferred", "required", "verify-ca", "verify-identity"};
const std::vector<std::string> known_options = {"socket",  "ssl-mode",      "ssl-ca",        "ssl-cert",
                                                "ssl-key", "defaults-file", "defaults-group"};
#else
// libmysqlclient's own mode is `preferred`, and SOCI 4.0 has no key for another one.

const std::vector<std::string> modes = {"preferred", "required"};
const std::vector<std::string> known_options = {"socket", "ssl-mode", "defaults-file", "defaults-group"};
#endif

bool contains(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::string joined(const std::vector<std::string>& words) {
  std::string list;
  for (const std::string& word : words) {
    list += (list.empty() ? "" : ", ") + word;
  }
  return list;
}

// SOCI's own quoting: '…' with a backslash before ' and \.
std::string soci_value(std::string_view key, std::string_view value) {
  std::string text = std::string(key) + "='";
  for (const char c : value) {
    if (c == '\'' || c == '\\') {
      text.push_back('\\');
    }
    text.push_back(c);
  }
  return text + "' ";
}

std::string option(const DatabaseUrl& url, const std::string& key) {
  const auto found = url.options.find(key);
  return found == url.options.end() ? std::string() : found->second;
}

bool uses_socket(const DatabaseUrl& url) {
  return !option(url, "socket").empty() || url.host.empty() || (url.host == "localhost" && url.port == 0);
}

// What never leaves the machine is not encrypted unless asked for: the handshake takes longer than all that a
// run with nothing to do does (measured 60 ms with Connector/C on GnuTLS, 2 ms for the rest).
bool stays_on_this_machine(const DatabaseUrl& url) {
  return uses_socket(url) || url.host == "localhost" || url.host == "::1" || url.host.starts_with("127.");
}

void check_host(const std::string& host) {
  const auto allowed = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' || c == ':' || c == '-';
  };
  if (!std::all_of(host.begin(), host.end(), allowed)) {
    throw Error(ErrorKind::configuration, "the host of the database URL holds a character that no host has",
                "hosts are written with letters, digits, '.', '_', ':' and '-'");
  }
}

void check_options(const DatabaseUrl& url) {
  for (const auto& [key, value] : url.options) {
    if (!contains(known_options, key)) {
      throw Error(ErrorKind::configuration,
                  "the database URL has the option '" + key + "', which this build does not know",
                  "MySQL and MariaDB URLs take: " + joined(known_options));
    }
    const bool in_braces = key.rfind("ssl-", 0) == 0 || key == "tls-version";
    if (in_braces && value.find_first_of("{};") != std::string::npos) {
      throw Error(ErrorKind::configuration, "the option '" + key + "' may not hold any of { } ;");
    }
  }
}

std::string ssl_mode(const DatabaseUrl& url) {
  std::string mode = option(url, "ssl-mode");
  std::transform(mode.begin(), mode.end(), mode.begin(), [](char c) {
    return c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  if (mode.empty()) {
    return stays_on_this_machine(url) && contains(modes, "disabled") ? "disabled" : "preferred";
  }
  if (!contains(modes, mode)) {
    throw Error(ErrorKind::configuration, "this build cannot give ssl-mode=" + option(url, "ssl-mode"),
                "it can give: " + joined(modes));
  }
  if ((mode == "verify-ca" || mode == "verify-identity") && option(url, "ssl-ca").empty() &&
      option(url, "ssl-capath").empty()) {
    throw Error(ErrorKind::configuration, "ssl-mode=" + mode + " needs to know whom to trust",
                "add ssl-ca=FILE with the certificate of the authority");
  }
  if (mode == "verify-identity" && uses_socket(url)) {
    throw Error(ErrorKind::configuration,
                "ssl-mode=verify-identity needs a host name, and this URL names a socket",
                "use mysql://HOST:PORT/…");
  }
  return mode;
}

#ifdef MARIADB_BASE_VERSION
// Every mode but verify-identity may end in the clear when somebody in between says "no TLS here" (required
// and verify-ca notice it after the login). No password may have gone over in the clear by then, as the
// plugins mysql_clear_password and dialog would send it.
constexpr std::string_view safe_logins =
    ";restricted-auth={mysql_native_password,caching_sha2_password,sha256_password,client_ed25519,parsec,"
    "auth_gssapi_client}";

std::string library_host(const DatabaseUrl& url, const std::string& mode) {
  std::string host = "host=" + (uses_socket(url) ? std::string("localhost") : url.host);
  if (!uses_socket(url) && url.host == "localhost") {
    host += ";protocol=" + std::to_string(static_cast<int>(MYSQL_PROTOCOL_TCP));
  }
  if (!stays_on_this_machine(url) && mode != "verify-identity") {
    host += safe_logins;
  }
  if (mode == "disabled") {
    return host + ";ssl-enforce=0";
  }
  host += ";ssl-enforce=1";
  if (mode == "verify-identity") {
    host += ";ssl-verify-server-cert=1";
  } else if (mode != "verify-ca") {
    // verify-ca leaves the library's own default: the chain is checked whenever ssl-ca is there, and newer
    // libraries check the name as well, which is more than asked for and never less.
    host += ";ssl-verify-server-cert=0";
  }
  for (const char* key :
       {"ssl-ca", "ssl-capath", "ssl-cert", "ssl-key", "ssl-crl", "ssl-cipher", "tls-version"}) {
    const std::string value = option(url, key);
    if (!value.empty()) {
      host += std::string(";") + key + "={" + value + "}";
    }
  }
  return host;
}
#else
std::string library_tls(const DatabaseUrl& url, const std::string& mode) {
  std::string text;
  for (const auto& [key, soci_key] :
       {std::pair{"ssl-ca", "sslca"}, std::pair{"ssl-cert", "sslcert"}, std::pair{"ssl-key", "sslkey"}}) {
    const std::string value = option(url, key);
    text += value.empty() ? std::string() : soci_value(soci_key, value);
  }
#if SOCI_VERSION >= 400100
  std::string upper = mode;
  std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) {
    return c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  });
  text += soci_value("ssl_mode", upper);
#else
  (void)mode;
#endif
  return text;
}

// The library takes the socket for the name localhost whatever the port; over TCP it is the address.
std::string library_host(const DatabaseUrl& url) {
  return uses_socket(url) ? "localhost" : url.host == "localhost" ? "127.0.0.1" : url.host;
}
#endif

}  // namespace

SessionOptions session_options(const DatabaseUrl& url, const OpenOptions& options, bool with_database) {
  check_host(url.host);
  check_options(url);
  const std::string mode = ssl_mode(url);
  SessionOptions session;
  session.needs_tls = mode == "required" || mode == "verify-ca" || mode == "verify-identity";
#ifdef MARIADB_BASE_VERSION
  session.connect_string = soci_value("host", library_host(url, mode));
#else
  session.connect_string = soci_value("host", library_host(url)) + library_tls(url, mode);
#endif
  if (url.port != 0) {
    session.connect_string += soci_value("port", std::to_string(url.port));
  }
  if (!option(url, "socket").empty()) {
    session.connect_string += soci_value("unix_socket", option(url, "socket"));
  }
  if (!url.user.empty()) {
    session.connect_string += soci_value("user", url.user);
  }
  if (url.has_password) {
    session.connect_string += soci_value("password", url.password);
  }
  if (with_database && !url.database.empty()) {
    session.connect_string += soci_value("db", url.database);
  }
  const auto seconds = std::max<long long>(1, (options.connect_timeout.count() + 999) / 1000);
  session.connect_string += soci_value("connect_timeout", std::to_string(seconds));
  session.connect_string += soci_value("charset", "utf8mb4");
  return session;
}

}  // namespace toolkit::mysql

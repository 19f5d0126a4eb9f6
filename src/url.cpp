#include "toolkit/url.hpp"

#include <algorithm>
#include <cctype>
#include <utility>
#include <vector>

#include "toolkit/error.hpp"

namespace toolkit {

namespace {

constexpr std::string_view advice = "a URL looks like postgresql://user@host:5432/database or sqlite:path";

constexpr std::string_view path_advice =
    "in an sqlite URL the path is written with %25 for a % and %3F for a ?; foreign_keys=on|off may follow a "
    "?";

Error malformed(const std::string& what, std::string_view next = advice) {
  return {ErrorKind::configuration, "malformed database URL: " + what, std::string(next)};
}

bool is_sqlite(const DatabaseUrl& url) { return url.scheme == "sqlite" || url.scheme == "sqlite3"; }

int hex_digit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  if (c >= 'A' && c <= 'F') {
    return c - 'A' + 10;
  }
  return -1;
}

std::string percent_decode(std::string_view text, const char* part, std::string_view next = advice) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded.push_back(text[i]);
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      throw malformed(std::string("a % without two hexadecimal digits in the ") + part, next);
    }
    decoded.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  if (decoded.find('\0') != std::string::npos) {
    throw malformed(std::string("a NUL byte in the ") + part);
  }
  return decoded;
}

std::string percent_encode(std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '-' || c == '.' || c == '_' || c == '~') {
      encoded.push_back(c);
    } else {
      encoded += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
  }
  return encoded;
}

int parse_port(std::string_view text) {
  const bool digits = !text.empty() && text.size() <= 5 &&
                      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  const int port = digits ? std::stoi(std::string(text)) : 0;
  if (port < 1 || port > 65535) {
    throw malformed("the port is not a number from 1 to 65535");
  }
  return port;
}

void parse_host(std::string_view text, DatabaseUrl& url) {
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos || (close + 1 < text.size() && text[close + 1] != ':')) {
      throw malformed("an address in [ ] is not closed");
    }
    url.host = std::string(text.substr(1, close - 1));
    port = text.substr(close + 1);
  } else {
    const std::size_t colon = text.rfind(':');
    url.host = percent_decode(text.substr(0, colon), "host");
    port = colon == std::string_view::npos ? std::string_view() : text.substr(colon);
  }
  if (!port.empty()) {
    url.port = parse_port(port.substr(1));
  }
}

void parse_options(std::string_view text, DatabaseUrl& url) {
  const std::string_view next = is_sqlite(url) ? path_advice : advice;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      throw malformed("an option is not of the form key=value", next);
    }
    const std::string key = percent_decode(pair.substr(0, equals), "options", next);
    if (!url.options.emplace(key, percent_decode(pair.substr(equals + 1), "options", next)).second) {
      throw malformed("the option '" + key + "' is given twice");
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void parse_authority(std::string_view text, DatabaseUrl& url) {
  const std::size_t at = text.rfind('@');
  if (at != std::string_view::npos) {
    const std::string_view user = text.substr(0, at);
    const std::size_t colon = user.find(':');
    url.user = percent_decode(user.substr(0, colon), "user");
    if (colon != std::string_view::npos) {
      url.has_password = true;
      url.password = percent_decode(user.substr(colon + 1), "password");
    }
    text.remove_prefix(at + 1);
  }
  parse_host(text, url);
}

/// A '/' or '?' in a password ends the part that holds it, and the rest would be shown as what it is not.
void refuse_cut_password(std::string_view authority, std::string_view behind) {
  const bool has_path = behind.starts_with('/');
  const std::string_view looked_at = has_path ? behind.substr(0, behind.find('?')) : behind;
  if (authority.find('@') == std::string_view::npos && authority.find(':') != std::string_view::npos &&
      looked_at.find('@') != std::string_view::npos) {
    throw malformed("an @ stands behind the first / or ?",
                    "in user and password write / as %2F, ? as %3F, @ as %40 and % as %25; in the name of a "
                    "database @ as %40");
  }
}

bool is_secret_option(std::string_view key) {
  return key.find("password") != std::string_view::npos || key == "passwd" || key == "pwd";
}

void replace_all(std::string& text, const std::string& from, std::string_view to) {
  for (std::size_t at = text.find(from); !from.empty() && at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// A password as client libraries echo it: plain, percent-encoded, with quotes or backslashes doubled.
std::vector<std::string> spellings(const std::string& secret) {
  std::string escaped;
  std::string doubled;
  for (const char c : secret) {
    escaped += (c == '\'' || c == '\\' || c == '"') ? std::string{'\\', c} : std::string{c};
    doubled += c == '\'' ? std::string("''") : std::string{c};
  }
  std::vector<std::string> all = {secret, percent_encode(secret), escaped, doubled};
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return all;
}

}  // namespace

std::string DatabaseUrl::display() const {
  std::string text = scheme + ":";
  if (scheme == "sqlite" || scheme == "sqlite3") {
    return text + database;
  }
  text += "//" + percent_encode(user) + (has_password ? ":***" : "");
  text += user.empty() && !has_password ? "" : "@";
  text += host.find(':') != std::string::npos ? "[" + host + "]" : host;
  text += port != 0 ? ":" + std::to_string(port) : "";
  text += "/" + database;
  char separator = '?';
  for (const auto& [key, value] : options) {
    text += separator + key + "=" + (is_secret_option(key) ? "***" : value);
    separator = '&';
  }
  return text;
}

DatabaseUrl parse_url(std::string_view text) {
  if (text.empty()) {
    throw malformed("it is empty");
  }
  if (std::any_of(text.begin(), text.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; })) {
    throw malformed("it holds a control character");
  }
  const std::size_t colon = text.find(':');
  const auto is_scheme_char = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+';
  };
  if (colon == std::string_view::npos || colon == 0 ||
      !std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon), is_scheme_char)) {
    throw malformed("it does not begin with a scheme and a colon");
  }
  DatabaseUrl url;
  for (const char c : text.substr(0, colon)) {
    url.scheme.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  }
  std::string_view rest = text.substr(colon + 1);
  if (rest.starts_with("//") && !is_sqlite(url)) {
    const std::string_view parts = rest.substr(2);
    const std::size_t end = std::min(parts.find_first_of("/?"), parts.size());
    refuse_cut_password(parts.substr(0, end), parts.substr(end));
  }
  const std::size_t question = rest.find('?');
  if (question != std::string_view::npos) {
    parse_options(rest.substr(question + 1), url);
    rest = rest.substr(0, question);
  }
  if (is_sqlite(url)) {
    if (rest.starts_with("//")) {
      rest.remove_prefix(2);
    }
    url.database = percent_decode(rest, "path", path_advice);
    return url;
  }
  if (!rest.starts_with("//")) {
    throw malformed("two slashes are missing after '" + url.scheme + ":'");
  }
  rest.remove_prefix(2);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  parse_authority(rest.substr(0, slash), url);
  url.database = percent_decode(rest.substr(std::min(slash + 1, rest.size())), "database name");
  return url;
}

std::string redact(std::string text, const DatabaseUrl& url) {
  for (const std::string& spelling : spellings(url.password)) {
    replace_all(text, spelling, "***");
  }
  for (const auto& [key, value] : url.options) {
    if (is_secret_option(key)) {
      replace_all(text, value, "***");
    }
  }
  return redact_urls(std::move(text));
}

std::string redact_urls(std::string text) {
  for (std::size_t at = text.find("://"); at != std::string::npos; at = text.find("://", at + 3)) {
    const std::size_t begin = at + 3;
    const std::size_t end = std::min(text.find_first_of(" \t\n\"'", begin), text.size());
    const std::size_t last_at = text.rfind('@', end - (end > begin ? 1 : 0));
    if (last_at == std::string::npos || last_at < begin || last_at >= end) {
      continue;
    }
    const std::size_t colon = text.find(':', begin);
    if (colon < last_at) {
      text.replace(colon + 1, last_at - colon - 1, "***");
    }
  }
  return text;
}

}  // namespace toolkit

#include "url_text.hpp"

#include "toolkit/sandbox_server.hpp"

namespace toolkit::testing {

namespace {

bool is_sqlite(const DatabaseUrl& url) { return url.scheme.starts_with("sqlite"); }

/// A path stays readable: only what would end it or be decoded is written otherwise.
std::string path_text(const std::string& path) {
  std::string text;
  for (const char character : path) {
    text += character == '%' ? "%25" : character == '?' ? "%3F" : std::string(1, character);
  }
  return text;
}

std::string authority_text(const DatabaseUrl& url) {
  std::string text = percent_encode(url.user);
  if (url.has_password) {
    text += ":" + percent_encode(url.password);
  }
  text += text.empty() ? "" : "@";
  if (url.host.starts_with('/')) {
    text += percent_encode(url.host);
  } else {
    text += url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]";
  }
  return text + (url.port == 0 ? "" : ":" + std::to_string(url.port));
}

}  // namespace

std::string url_text(const DatabaseUrl& url) {
  std::string text = is_sqlite(url)
                         ? url.scheme + ":" + path_text(url.database)
                         : url.scheme + "://" + authority_text(url) + "/" + percent_encode(url.database);
  char separator = '?';
  for (const auto& [key, value] : url.options) {
    text += separator + percent_encode(key) + "=" + percent_encode(value);
    separator = '&';
  }
  return text;
}

}  // namespace toolkit::testing

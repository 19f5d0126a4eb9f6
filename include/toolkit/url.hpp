#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

namespace toolkit {

/// A database URL taken apart. `scheme://user:password@host:port/database?key=value&…`, percent-decoded;
/// `sqlite:path`, `sqlite::memory:` and `sqlite:///absolute/path` keep everything after the scheme in
/// `database`. The original text is not kept: it holds the password.
struct DatabaseUrl {
  std::string scheme;  ///< lower case
  std::string user;
  std::string password;  ///< never printed, see `display`
  bool has_password = false;
  std::string host;  ///< empty: the client library's default; may be a socket folder (PostgreSQL)
  int port = 0;      ///< 0: the default
  std::string database;
  std::map<std::string, std::string> options;

  /// The URL for people: user, host, port and database, `***` for a password, options without secrets.
  std::string display() const;
};

/// Pure. Throws Error(configuration) for a malformed URL: no scheme, a bad percent escape, a bad port, a
/// NUL or control character, a bad bracketed host. The message never repeats the user information.
DatabaseUrl parse_url(std::string_view text);

/// Pure. `text` with every occurrence of each of the URL's secrets (password, also percent-encoded and
/// quoted forms, and `password=`-like options) replaced by `***`. For texts of client libraries.
std::string redact(std::string text, const DatabaseUrl& url);

/// Pure. Replaces whatever looks like user information in a URL by `***` (for a text that did not parse).
std::string redact_urls(std::string text);

}  // namespace toolkit

#include "errors.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace toolkit::mysql {

namespace {

struct Known {
  unsigned code;
  ErrorKind kind;
  std::string_view advice;
};

// Server error reference of MySQL 9 and MariaDB 11; the numbers up to 1900 are shared.
constexpr std::array<Known, 14> known = {{
    {1044, ErrorKind::server, "grant the user the rights that the statement needs"},
    {1049, ErrorKind::server, "make that database first"},
    {1142, ErrorKind::server, "grant the user the rights that the statement needs"},
    {1143, ErrorKind::server, "grant the user the rights that the statement needs"},
    {1227, ErrorKind::server, "grant the user the rights that the statement needs"},
    {1205, ErrorKind::timeout,
     "another session holds a lock; run again, or give the file a longer lock-timeout"},
    {3572, ErrorKind::timeout,
     "another session holds a lock; run again, or give the file a longer lock-timeout"},
    {1213, ErrorKind::server, "another session took locks in another order; run again"},
    {3024, ErrorKind::timeout, "give the file a longer statement-timeout"},
    {1969, ErrorKind::timeout, "give the file a longer statement-timeout"},
    {1317, ErrorKind::interrupted, ""},
    {1290, ErrorKind::server,
     "the server runs with an option that forbids this; is it a replica, or read only?"},
    {1836, ErrorKind::server, "the server is read only: use the writable one"},
    {3100, ErrorKind::server, "a replication plugin of the server refused it"},
}};

Known look_up(unsigned code) {
  const auto* found =
      std::find_if(known.begin(), known.end(), [code](const Known& k) { return k.code == code; });
  return found == known.end() ? Known{code, ErrorKind::server, {}} : *found;
}

std::string place_of(const DatabaseUrl& url) {
  const auto socket = url.options.find("socket");
  if (socket != url.options.end()) {
    return socket->second;
  }
  const std::string host = url.host.empty() ? "localhost" : url.host;
  return host + (url.port != 0 ? ":" + std::to_string(url.port) : "");
}

std::string connect_advice(unsigned code, const std::string& message, const DatabaseUrl& url) {
  const bool via_socket = message.find("socket") != std::string::npos;
  switch (code) {
    case 1045:
    case 1698:
      return "check user and password; the account's host matters too ('user'@'%'), and one that requires "
             "TLS needs "
             "ssl-mode=required";
    case 1044:
      return "grant the user rights on the database '" + url.database + "'";
    case 1049:
      return "create it with: toolkit create";
    case 1040:
    case 1203:
      return "the server has no free connection; close some or raise max_connections";
    case 1130:
      return "the server accepts no user from this host";
    case 3159:
      return "the server wants an encrypted connection: add ?ssl-mode=required to the URL";
    case 2026:
      return "check ssl-mode and ssl-ca in the URL";
    case 2059:
    case 2058:
      return "this build's client library lacks the server's login plugin; install it or use another login "
             "method";
    case 5010:
      return "this login sends the password itself: add ssl-mode=verify-identity&ssl-ca=FILE to the URL";
    case 2013:
      return "the server did not answer in time, or it is no MySQL or MariaDB server";
    case 2005:
      return "check the host name in the URL";
    case 2002:
    case 2003:
      return via_socket ? "is the server running? For TCP write 127.0.0.1 or a port, for another socket "
                          "?socket=/path"
                        : "is the server running, and does it listen on this host and port?";
    default:
      return {};
  }
}

}  // namespace

bool is_connection_lost(unsigned code) {
  // 2006 gone away, 2013 lost during query, 2055 lost (extended), 1053 shutdown, 1927 and 3169 killed,
  // 4031 closed for inactivity, 1152/1158/1160/1161 network, 2014 is a defect of ours and no loss.
  constexpr std::array<unsigned, 12> lost = {2006, 2013, 2055, 1053, 1927, 3169,
                                             4031, 1152, 1158, 1159, 1160, 1161};
  return std::find(lost.begin(), lost.end(), code) != lost.end();
}

ErrorDetails answered(unsigned code, std::string_view sqlstate, std::string message) {
  const Known entry = look_up(code);
  ErrorDetails details;
  details.kind = entry.kind;
  details.message = std::move(message);
  details.sqlstate = std::string(sqlstate);
  details.native_code = code == 0 ? std::string() : std::to_string(code);
  details.advice = std::string(entry.advice);
  if (is_connection_lost(code)) {
    details.kind = ErrorKind::connection;
    details.connection_lost = true;
    details.advice = "look at the server's log; the next run shows what became of the statement";
  }
  return details;
}

Error connect_error(unsigned code, std::string message, const DatabaseUrl& url) {
  ErrorDetails details;
  details.kind = ErrorKind::connection;
  details.advice = connect_advice(code, message, url);
  details.message = "cannot connect to " + place_of(url) + ": " + redact(std::move(message), url);
  details.native_code = code == 0 ? std::string() : std::to_string(code);
  return Error(std::move(details));
}

std::optional<std::size_t> offset_of_error(std::string_view message, std::string_view statement) {
  const std::size_t near = message.find("near '");
  const std::size_t at_line = message.rfind("' at line ");
  if (near == std::string_view::npos || at_line == std::string_view::npos || at_line < near + 6) {
    return std::nullopt;
  }
  std::string_view rest = message.substr(near + 6, at_line - near - 6);
  constexpr std::string_view cut = "...";  // MariaDB shows so that the text goes on
  if (rest.size() > cut.size() && rest.ends_with(cut) && statement.find(rest) == std::string_view::npos) {
    rest.remove_suffix(cut.size());
  }
  const std::string_view number = message.substr(at_line + 10);
  int line = 0;
  if (std::from_chars(number.data(), number.data() + number.size(), line).ec != std::errc() || line < 1) {
    return std::nullopt;
  }
  if (rest.empty()) {
    return statement.size();  // the text ended too early
  }
  std::size_t begin = 0;
  for (int i = 1; i < line; ++i) {
    const std::size_t end = statement.find('\n', begin);
    if (end == std::string_view::npos) {
      return std::nullopt;
    }
    begin = end + 1;
  }
  // The rest runs to the statement's end unless it was cut, so the last fitting place is the right one
  // for a short rest, and the first one on that line for a long one.
  const std::size_t found =
      statement.ends_with(rest) ? statement.size() - rest.size() : statement.find(rest, begin);
  return found == std::string_view::npos || found < begin ? std::nullopt : std::optional(found);
}

}  // namespace toolkit::mysql

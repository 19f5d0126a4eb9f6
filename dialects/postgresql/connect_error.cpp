#include "connect_error.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace toolkit::postgresql {

namespace {

/// One cause: the words that tell it, its SQLSTATE where it is the server's, and what to do.
struct Cause {
  std::string_view words;
  std::string_view sqlstate;
  std::string_view advice;
};

constexpr std::string_view tls_advice =
    "see sslmode, sslrootcert, sslcert and sslkey in the URL; the server's certificate and name must fit "
    "them";

// The most telling first: a text may name several addresses with a cause each. Server texts are those of an
// English lc_messages; another language falls through to the text itself.
constexpr std::array<Cause, 29> causes = {{
    {"password authentication failed", "28P01", "check user and password of the URL"},
    {"no password supplied", "28P01",
     "the server asks for a password: put it into the URL, PGPASSWORD, or a .pgpass file"},
    {"authentication failed", "28000", "check the user of the URL and the server's pg_hba.conf"},
    {"no pg_hba.conf entry", "28000",
     "the server's pg_hba.conf allows no such connection; it may ask for TLS (sslmode=require)"},
    {"pg_hba.conf rejects", "28000",
     "the server's pg_hba.conf refuses such connections; it may ask for TLS (sslmode=require)"},
    {"is not permitted to log in", "28000", "the role needs LOGIN"},
    {"permission denied for database", "42501", "the role needs CONNECT on this database"},
    {"too many connections for", "53300", "wait for other sessions to end, or raise the limit"},
    {"too many clients already", "53300", "wait for other sessions to end, or raise max_connections"},
    {"remaining connection slots are reserved", "53300",
     "wait for other sessions to end, or raise max_connections"},
    {"the database system is starting up", "57P03", "wait until the server is ready: 'toolkit wait'"},
    {"the database system is shutting down", "57P03", "the server is being stopped"},
    {"the database system is in recovery mode", "57P03", "wait until the server is ready: 'toolkit wait'"},
    {"not currently accepting connections", "55000", "the database does not allow connections"},
    {"session is read-only", "", "this server is a standby; name the primary in the URL"},
    {"server is in hot standby mode", "", "this server is a standby; name the primary in the URL"},
    {"server does not support SSL", "", "sslmode asks for TLS and the server has none"},
    {"root certificate file", "", "name the CA's certificate with sslrootcert in the URL"},
    {"certificate", "", tls_advice},
    {"SSL error", "", tls_advice},
    {"SSL SYSCALL error", "", tls_advice},
    {"private key file", "", tls_advice},
    {"could not translate host name", "", "check the host of the URL"},
    {"could not parse network address", "", "check the host of the URL"},
    {"timeout expired", "", "the server does not answer; check host, port and firewalls"},
    {"Connection refused", "", "no server listens there; check host and port, and that it runs"},
    {"No such file or directory", "", "no server listens on this socket; check its folder, and that it runs"},
    {"Permission denied", "", "this user may not use the server's socket"},
    {"Network is unreachable", "", "check the host of the URL and the network"},
}};

bool holds(std::string_view text, std::string_view words) {
  return text.find(words) != std::string_view::npos;
}

/// One line: libpq breaks and indents.
std::string on_one_line(const std::string& text) {
  std::string line;
  for (const char c : text) {
    const bool blank = c == '\n' || c == '\t' || c == '\r' || c == ' ';
    if (!blank) {
      line.push_back(c);
    } else if (!line.empty() && line.back() != ' ') {
      line.push_back(' ');
    }
  }
  line.erase(line.find_last_not_of(" .") + 1);
  return line;
}

std::string without_question(std::string text) {
  for (const char* question : {" Is the server running on that host and accepting TCP/IP connections?",
                               " Is the server running locally and accepting connections on that socket?"}) {
    for (std::size_t at = text.find(question); at != std::string::npos; at = text.find(question)) {
      text.erase(at, std::string_view(question).size());
    }
  }
  return text;
}

bool is_absent_database(std::string_view text) {
  const std::size_t at = text.find("database \"");
  return at != std::string_view::npos && holds(text.substr(at), "\" does not exist");
}

}  // namespace

Error connect_error(const std::string& text, const DatabaseUrl& url) {
  ErrorDetails details;
  details.kind = ErrorKind::connection;
  details.message =
      "cannot connect to " + url.display() + ": " + redact(without_question(on_one_line(text)), url);
  if (is_absent_database(text)) {
    details.sqlstate = "3D000";
    details.advice = "make it with 'toolkit create'";
  } else if (holds(text, "role \"") && holds(text, "\" does not exist")) {
    details.sqlstate = "28000";
    details.advice = "check the user of the URL";
  } else if (holds(text, "invalid") && (holds(text, "value") || holds(text, "URI query parameter"))) {
    details.kind = ErrorKind::configuration;
    details.advice = "this build's libpq does not take this option";
  } else {
    const auto* const cause = std::find_if(causes.begin(), causes.end(),
                                           [&](const Cause& each) { return holds(text, each.words); });
    if (cause != causes.end()) {
      details.sqlstate = cause->sqlstate;
      details.advice = cause->advice;
    }
  }
  details.native_code = details.sqlstate;
  return Error(std::move(details));
}

}  // namespace toolkit::postgresql

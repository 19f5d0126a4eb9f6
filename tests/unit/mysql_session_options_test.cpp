#ifdef TOOLKIT_WITH_MYSQL

#include "../../dialects/mysql/session_options.hpp"

#include <doctest/doctest.h>

#include "toolkit/error.hpp"

using namespace toolkit;

namespace {

mysql::SessionOptions options_of(const std::string& url, bool with_database = true) {
  return mysql::session_options(parse_url(url), {}, with_database);
}

std::string refusal(const std::string& url) {
  try {
    options_of(url);
    return "accepted";
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::configuration);
    return error.details().message;
  }
}

bool has(const std::string& url, const std::string& part) {
  return options_of(url).connect_string.find(part) != std::string::npos;
}

// libmysqlclient is told through keys of SOCI instead.
bool is_connector_c() { return has("mysql://h/db", "host='host=h;"); }

}  // namespace

TEST_CASE("values reach the client library whatever they hold") {
  const std::string text = options_of("mysql://m%27e:p%5C%27%20%3Bx%3D1@h/d%27b").connect_string;
  CHECK(text.find("user='m\\'e' ") != std::string::npos);
  CHECK(text.find("password='p\\\\\\' ;x=1' ") != std::string::npos);
  CHECK(text.find("db='d\\'b' ") != std::string::npos);
  CHECK(text.find("charset='utf8mb4' ") != std::string::npos);
  CHECK(text.find("reconnect") == std::string::npos);
  CHECK(options_of("mysql://h/db", false).connect_string.find("db=") == std::string::npos);
}

TEST_CASE("what is to be encrypted is known afterwards") {
  CHECK_FALSE(options_of("mysql://h/db").needs_tls);
  CHECK_FALSE(options_of("mysql://h/db?ssl-mode=preferred").needs_tls);
  CHECK(options_of("mysql://h/db?ssl-mode=required").needs_tls);
  CHECK(options_of("mysql://h/db?ssl-mode=REQUIRED").needs_tls);
}

TEST_CASE("unknown and impossible options are refused with a list") {
  CHECK(refusal("mysql://h/db?sslmode=require") ==
        "the database URL has the option 'sslmode', which this build does not know");
  CHECK(refusal("mysql://h/db?ssl-mode=strict") == "this build cannot give ssl-mode=strict");
  CHECK(refusal("mysql://h;local-infile=1/db") ==
        "the host of the database URL holds a character that no host has");
  CHECK(refusal("mysql://a%3Bb/db") == "the host of the database URL holds a character that no host has");
}

TEST_CASE("Connector/C gets its options in the host" * doctest::skip(!is_connector_c())) {
  CHECK(has("mysql://h/db", "host='host=h;restricted-auth={"));
  CHECK(has("mysql://h/db", ";ssl-enforce=1;ssl-verify-server-cert=0'"));
  CHECK(has("mysql://127.0.0.1/db", "host='host=127.0.0.1;ssl-enforce=0'"));
  CHECK(has("mysql:///db", "host='host=localhost;ssl-enforce=0'"));
  CHECK(has("mysql://localhost/db?socket=/run/x.sock", "unix_socket='/run/x.sock'"));
  CHECK(has("mysql://localhost:3307/db", "host='host=localhost;protocol=1;ssl-enforce=0'"));
  CHECK(has("mysql://h/db?ssl-mode=verify-ca&ssl-ca=/ca.pem", ";ssl-enforce=1;ssl-ca={/ca.pem}'"));
  CHECK(has("mysql://h/db?ssl-mode=verify-identity&ssl-ca=/ca.pem",
            "host='host=h;ssl-enforce=1;ssl-verify-server-cert=1;ssl-ca={/ca.pem}'"));
}

TEST_CASE("a mode that verifies must know whom to trust, and by which name" *
          doctest::skip(!is_connector_c())) {
  CHECK(refusal("mysql://h/db?ssl-mode=verify-ca") == "ssl-mode=verify-ca needs to know whom to trust");
  CHECK(refusal("mysql:///db?ssl-mode=verify-identity&ssl-ca=/ca.pem") ==
        "ssl-mode=verify-identity needs a host name, and this URL names a socket");
  CHECK(refusal("mysql://h/db?ssl-ca=a};ssl-enforce=0") == "the option 'ssl-ca' may not hold any of { } ;");
}

#endif

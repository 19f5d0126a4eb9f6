#ifdef TOOLKIT_WITH_MYSQL

#include <sys/socket.h>

#include <netinet/in.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>

#include "../support/files.hpp"
#include "../support/secrets.hpp"
#include "../support/temp_folder.hpp"
#include "mysql_fixture.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

std::unique_ptr<Connection> open(const DatabaseUrl& url, const OpenOptions& options = {}) {
  static const Registry dialects = builtin_dialects();
  return dialects.for_url(url).open(url, options);
}

ErrorDetails refusal(const DatabaseUrl& url, const OpenOptions& options = {}) {
  try {
    open(url, options);
  } catch (const Error& error) {
    note_output(describe(error.details(), true));
    return error.details();
  }
  FAIL("connected");
  return {};
}

/// Whether the build can say more than `required` to its client library: SOCI 4.0 cannot to libmysqlclient.
/// Not for a skip() decorator: that is asked before the dialect's own constants are there.
bool gives_every_mode() {
  return refusal(parse_url("mysql://u@127.0.0.1:1/db?ssl-mode=disabled")).kind != ErrorKind::configuration;
}

std::string cipher(const DatabaseUrl& url) {
  const auto connection = open(url);
  return connection->query("SHOW SESSION STATUS LIKE 'Ssl_cipher'", {}, 2).at(0).at(1).value_or("");
}

DatabaseUrl with(DatabaseUrl url, const std::string& mode, const std::string& authority = {}) {
  url.options["ssl-mode"] = mode;
  if (!authority.empty()) {
    url.options["ssl-ca"] = authority;
  }
  return url;
}

SandboxOptions tls_options(SandboxTls tls) {
  SandboxOptions options;
  options.tcp = true;
  options.tls = tls;
  options.password = test_password();
  return options;
}

// A port that is open and never says a word.
class SilentServer {
 public:
  SilentServer() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(socket_, 5) == 0);
    REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port = ntohs(address.sin_port);
  }
  ~SilentServer() { ::close(socket_); }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;

  int port = 0;

 private:
  int socket_;
};

}  // namespace

TEST_CASE("mysql: the server says what it is") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    const auto connection = open(parse_url(database.url()));
    const ServerInfo& info = connection->server();
    CHECK(info.flavour == server.engine);
    CHECK(info.product == (server.engine == "mariadb" ? "MariaDB" : "MySQL"));
    CHECK(database.value("SELECT @@version").find(info.version) == 0);
    CHECK(info.database == database.name());
    CHECK(info.default_schema == database.name());
    CHECK(info.warning.empty());
  }
}

TEST_CASE("mysql: databases are created once, dropped once, and a missing one is named with the way out") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    DatabaseUrl url = parse_url(server.url);
    url.database = database.name() + "_we`ird";
    const Registry dialects = builtin_dialects();
    const Dialect& dialect = dialects.for_url(url);
    CHECK(dialect.create_database(url, {}));
    CHECK_FALSE(dialect.create_database(url, {}));
    CHECK(open(url)->query("SELECT @@character_set_database", {}, 1).at(0).at(0) == "utf8mb4");
    CHECK(dialect.drop_database(url, {}));
    CHECK_FALSE(dialect.drop_database(url, {}));
    const ErrorDetails error = refusal(url);
    CHECK(error.kind == ErrorKind::connection);
    CHECK(error.native_code == "1049");
    CHECK(error.advice == "create it with: toolkit create");
    url.database.clear();
    CHECK(refusal(url).kind == ErrorKind::configuration);
  }
}

TEST_CASE("mysql: a wrong password, an absent host, a closed port and a silent server each say so") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    DatabaseUrl url = parse_url(database.url());
    url.user = "nobody_here";
    url.has_password = true;
    url.password = test_password();
    const ErrorDetails error = refusal(url);
    CHECK(error.native_code == "1045");
    CHECK(describe(error).find(url.password) == std::string::npos);
  }
  CHECK(refusal(parse_url("mysql://u@no-such-host.invalid/db")).native_code == "2005");
  CHECK((refusal(parse_url("mysql://u@127.0.0.1:1/db")).native_code == "2002" ||
         refusal(parse_url("mysql://u@127.0.0.1:1/db")).native_code == "2003"));
  const SilentServer silent;
  OpenOptions options;
  options.connect_timeout = std::chrono::milliseconds(1000);
  const auto start = std::chrono::steady_clock::now();
  const ErrorDetails error =
      refusal(parse_url("mysql://u@127.0.0.1:" + std::to_string(silent.port) + "/db"), options);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
  CHECK(error.kind == ErrorKind::connection);
  CHECK(error.advice == "the server did not answer in time, or it is no MySQL or MariaDB server");
}

TEST_CASE("mysql: a password comes from an option file too") {
  FOR_EACH_MYSQL(server) {
    const TestDatabase database(server);
    const auto admin = open_native(server.url);
    const std::string user = "u_" + database.name();
    admin->run("CREATE USER '" + user + "'@'%' IDENTIFIED BY '" + test_password() + "'");
    admin->run("GRANT ALL ON `" + database.name() + "`.* TO '" + user + "'@'%'");
    const TempFolder folder;
    write_file(folder.path() / "my.cnf",
               "[client]\nuser = " + user + "\npassword = \"" + test_password() + "\"\n");
    DatabaseUrl url = parse_url(database.url());
    url.user.clear();
    url.password.clear();
    url.has_password = false;
    url.options["defaults-file"] = (folder.path() / "my.cnf").string();
    CHECK(open(url)->query("SELECT CURRENT_USER()", {}, 1).at(0).at(0) == user + "@%");
    admin->run("DROP USER '" + user + "'@'%'");
  }
}

TEST_CASE("mysql: every ssl-mode gives what it says, on a server that requires TLS") {
  if (!gives_every_mode()) {
    return;  // the case below tells what this build gives
  }
  for (const std::string flavour : {"mysql", "mariadb"}) {
    if (!has_local_server(flavour)) {
      continue;  // a given MySQL is looked at below
    }
    CAPTURE(flavour);
    const auto server = start_sandbox(flavour, tls_options(SandboxTls::required));
    const DatabaseUrl url = parse_url(server->create_database("tls"));
    const std::string authority = server->certificate_authority().string();
    REQUIRE_FALSE(authority.empty());
    const TempFolder folder;
    // A certificate that signed nothing here: the server of another sandbox has its own.
    const auto stranger = start_sandbox(flavour, tls_options(SandboxTls::offered));
    const std::string other = stranger->certificate_authority().string();

    CHECK_FALSE(cipher(with(url, "preferred")).empty());
    CHECK_FALSE(cipher(with(url, "required")).empty());
    CHECK_FALSE(cipher(with(url, "verify-ca", authority)).empty());
    CHECK_FALSE(cipher(with(url, "verify-identity", authority)).empty());
    const ErrorDetails plain = refusal(with(url, "disabled"));
    CHECK(plain.kind == ErrorKind::connection);
    CHECK_FALSE(plain.advice.empty());
    CHECK(refusal(with(url, "verify-ca", other)).native_code == "2026");
    CHECK(refusal(with(url, "verify-identity", other)).native_code == "2026");
    CHECK(refusal(with(url, "verify-ca", (folder.path() / "absent.pem").string())).kind ==
          ErrorKind::connection);
    // Reaches the same server, by a name that its certificate does not hold.
    DatabaseUrl renamed = url;
    renamed.host = "127.1";
    CHECK_FALSE(cipher(with(renamed, "verify-ca", authority)).empty());
    CHECK(refusal(with(renamed, "verify-identity", authority)).native_code == "2026");
  }
}

namespace {

/// The CA file of a server on this machine, as it names it itself; empty where it cannot be read from here.
std::string authority_of(const TestServer& server) {
  const auto session = open_native(server.url);
  const std::filesystem::path named = session->value("SELECT @@ssl_ca");
  const std::filesystem::path path = named.is_absolute() ? named : session->value("SELECT @@datadir") / named;
  return !named.empty() && ::access(path.c_str(), R_OK) == 0 ? path.string() : std::string();
}

}  // namespace

// MySQL makes its own CA and a certificate that holds no host name (manual 9, 8.3.3.1), so verify-identity
// can only be refused here; that it accepts the right name is seen above, through the same client library.
TEST_CASE("mysql: a given server's certificate is checked as far as ssl-mode says" *
          doctest::skip(!is_server_expected("mysql"))) {
  if (!gives_every_mode()) {
    return;
  }
  for (const TestServer& server : test_servers("mysql")) {
    CAPTURE(server.label);
    DatabaseUrl url = parse_url(server.url);
    const std::string authority = authority_of(server);
    const auto has_name = open_native(server.url)->value("SELECT @@ssl_cert") != "server-cert.pem";
    if (authority.empty() || url.options.contains("socket") || has_name) {
      std::cerr << "SKIPPED: ssl-mode=verify-* on " << server.label
                << ": it needs TCP, a CA file that can be read from here and the server's own certificate\n";
      continue;
    }
    const auto stranger = has_local_server("mariadb")
                              ? start_sandbox("mariadb", tls_options(SandboxTls::offered))
                              : std::unique_ptr<Sandbox>();
    CHECK_FALSE(cipher(with(url, "required")).empty());
    CHECK_FALSE(cipher(with(url, "verify-ca", authority)).empty());
    const ErrorDetails unnamed = refusal(with(url, "verify-identity", authority));
    CHECK(unnamed.kind == ErrorKind::connection);
    CHECK(unnamed.native_code == "2026");
    CHECK(unnamed.advice.find("ssl-ca") != std::string::npos);
    for (const std::string mode : {"verify-ca", "verify-identity"}) {
      CAPTURE(mode);
      if (stranger) {
        CHECK(refusal(with(url, mode, stranger->certificate_authority().string())).native_code == "2026");
      }
      CHECK(refusal(with(url, mode, authority + ".absent")).kind == ErrorKind::connection);
      CHECK(refusal(with(url, mode)).kind == ErrorKind::configuration);  // never less than asked for
    }
  }
}

TEST_CASE("mysql: a library that SOCI cannot tell more gives preferred and required, and refuses the rest" *
          doctest::skip(!has_local_server("mariadb"))) {
  if (gives_every_mode()) {
    return;
  }
  const auto server = start_sandbox("mariadb", tls_options(SandboxTls::required));
  const auto plain = start_sandbox("mariadb", tls_options(SandboxTls::off));
  const DatabaseUrl url = parse_url(server->create_database("tls"));
  const DatabaseUrl plain_url = parse_url(plain->create_database("plain"));
  for (const std::string mode : {"preferred", "required"}) {
    CAPTURE(mode);
    CHECK_FALSE(cipher(with(url, mode)).empty());
  }
  CHECK(cipher(with(plain_url, "preferred")).empty());
  const ErrorDetails in_the_clear = refusal(with(plain_url, "required"));
  CHECK(in_the_clear.kind == ErrorKind::connection);
  for (const std::string mode : {"disabled", "verify-ca", "verify-identity"}) {
    CAPTURE(mode);
    const ErrorDetails error = refusal(with(url, mode));
    const bool refused = error.kind == ErrorKind::configuration &&
                         error.message == "this build cannot give ssl-mode=" + mode &&
                         error.advice == "it can give: preferred, required";
    CHECK(refused);
  }
}

TEST_CASE("mysql: a server without TLS is never talked to in the clear where TLS was asked for" *
          doctest::skip(!has_local_server("mariadb"))) {
  if (!gives_every_mode()) {
    return;
  }
  const auto server = start_sandbox("mariadb", tls_options(SandboxTls::off));
  const auto other = start_sandbox("mariadb", tls_options(SandboxTls::offered));
  const DatabaseUrl url = parse_url(server->create_database("plain"));
  const std::string authority = other->certificate_authority().string();
  CHECK(cipher(with(url, "disabled")).empty());
  CHECK(cipher(with(url, "preferred")).empty());
  CHECK(refusal(with(url, "required")).kind == ErrorKind::connection);
  CHECK(refusal(with(url, "verify-ca", authority)).kind == ErrorKind::connection);
  CHECK(refusal(with(url, "verify-identity", authority)).kind == ErrorKind::connection);
  const DatabaseUrl offered = parse_url(other->create_database("offered"));
  CHECK(cipher(with(offered, "disabled")).empty());
  CHECK_FALSE(cipher(with(offered, "preferred")).empty());
}

TEST_CASE("mysql: logins of caching_sha2_password work over every way in" *
          doctest::skip(!is_server_expected("mysql"))) {
  for (const TestServer& server : test_servers("mysql")) {
    const TestDatabase database(server);
    const auto admin = open_native(server.url);
    const std::string user = "s_" + database.name();
    admin->run("CREATE USER '" + user + "'@'%' IDENTIFIED WITH caching_sha2_password BY '" + test_password() +
               "'");
    admin->run("GRANT ALL ON `" + database.name() + "`.* TO '" + user + "'@'%'");
    DatabaseUrl url = parse_url(database.url());
    url.user = user;
    url.password = test_password();
    url.has_password = true;
    CHECK(open(url)->server().flavour == "mysql");  // first login: the whole exchange
    CHECK(open(url)->server().flavour == "mysql");  // second one: from the server's cache
    const std::string port = admin->value("SELECT IF(@@skip_networking, 0, @@port)");
    if (port != "0") {
      url.options.erase("socket");
      url.host = "127.0.0.1";
      url.port = std::stoi(port);
      for (const char* mode : {gives_every_mode() ? "disabled" : "preferred", "required"}) {
        admin->run("FLUSH PRIVILEGES");  // empties the cache
        CHECK_MESSAGE(open(with(url, mode))->server().flavour == "mysql", mode);
      }
    }
    admin->run("DROP USER '" + user + "'@'%'");
  }
}

#endif

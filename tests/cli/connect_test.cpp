#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../support/secrets.hpp"
#include "project.hpp"
#include "toolkit/url.hpp"

using namespace toolkit::test;

namespace {

namespace fs = std::filesystem;

/// A port of this machine. Listening: the kernel accepts, and nobody ever says a word.
class Port {
 public:
  explicit Port(bool listening) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE((!listening || listen(socket_, 8) == 0));
    REQUIRE(getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    number_ = std::to_string(ntohs(address.sin_port));
  }
  ~Port() { close(socket_); }
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;

  const std::string& number() const { return number_; }

 private:
  int socket_;
  std::string number_;
};

const std::vector<std::string> networked = {"postgresql", "mysql", "mariadb"};

/// The URL with another user and password; none when that is empty.
std::string as_user(const std::string& url, const std::string& user, const std::string& password) {
  const auto begin = url.find("://") + 3;
  const auto end = url.find('/', begin);
  const auto at = url.rfind('@', end);
  const auto host = at == std::string::npos || at < begin ? begin : at + 1;
  return url.substr(0, begin) + user + (password.empty() ? "" : ":" + password) + "@" + url.substr(host);
}

/// An account that may do nothing but log in; dropped with the guard.
class Account {
 public:
  explicit Account(const TestDatabase& database)
      : database_(database),
        name_("u" + database.name().substr(1)),
        is_mysql_(database.server().engine != "postgresql") {
    database.run(is_mysql_ ? "CREATE USER " + host_name() + " IDENTIFIED BY '" + test_password() + "'"
                           : "CREATE ROLE " + name_ + " LOGIN PASSWORD '" + test_password() + "'");
  }
  ~Account() {
    try {
      if (!is_mysql_) {
        database_.run("DROP OWNED BY " + name_ + "");
      }
      database_.run(is_mysql_ ? "DROP USER " + host_name() : "DROP ROLE " + name_);
    } catch (const std::exception& error) {
      MESSAGE("cannot drop the account: ", error.what());
    }
  }
  Account(const Account&) = delete;
  Account& operator=(const Account&) = delete;

  void may_read() const {
    database_.run(is_mysql_ ? "GRANT SELECT ON " + database_.name() + ".* TO " + host_name()
                            : "GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + name_);
  }
  std::string url(const std::string& password) const { return as_user(database_.url(), name_, password); }
  const std::string& name() const { return name_; }

 private:
  std::string host_name() const { return "'" + name_ + "'@'%'"; }

  const TestDatabase& database_;
  std::string name_;
  bool is_mysql_;
};

/// The client library of MySQL and MariaDB says some things in its own words.
std::string by_client_library(const std::string& golden) {
  return golden + (has_connector_c() ? "" : ".libmysqlclient");
}

void hide_account(Project& project, const Account& account) {
  project.hide(account.name(), "USER");
  project.hide(toolkit::parse_url(account.url("x")).display(), "DATABASE");
}

}  // namespace

TEST_CASE("cli: no server, a silent server and an unknown host are told within the time limit") {
  for (const std::string& engine : networked) {
    for (const TestServer& server : test_servers(engine)) {
      CAPTURE(server.label);
      Project project(server, pairs({"1_a"}));
      const Port closed(false);
      const Port silent(true);
      const std::string scheme = engine == "postgresql" ? "postgresql" : "mysql";
      const auto url = [&](const std::string& host) {
        return scheme + "://app:" + test_password() + "@" + host + "/shop";
      };
      project.hide(test_password(), "PASSWORD");  // of the command line that is shown
      project.hide(closed.number(), "PORT");
      project.hide(silent.number(), "PORT");
      std::string text = project.shown({"up", "-q", "-d", url("127.0.0.1:" + closed.number())});
      text +=
          project.shown({"up", "-q", "--connect-timeout", "1s", "-d", url("127.0.0.1:" + silent.number())});
      text += project.shown({"wait", "-q", "--timeout", "300ms", "-d", url("127.0.0.1:" + closed.number())});
      const std::string golden = "connect." + scheme;
      CHECK(difference_from(scheme == "mysql" ? by_client_library(golden) : golden, text) == "");
      const Outcome unknown = project.run({"status", "-d", url("no-such-host.invalid")});
      CHECK(unknown.exit_code == 1);
      CHECK(unknown.err.find("error: cannot connect to") == 0);
      CHECK(unknown.err.find("no-such-host.invalid") != std::string::npos);
      CHECK(unknown.err.find("\n  next: check the host") != std::string::npos);
    }
  }
}

TEST_CASE("cli: an absent database says toolkit create") {
  for (const std::string& engine : networked) {
    for (const TestServer& server : test_servers(engine)) {
      CAPTURE(server.label);
      Project project(server, pairs({"1_a"}));
      const std::string url = with_database(server.url, "shop_absent");
      project.hide(toolkit::parse_url(url).display(), "DATABASE");
      std::string text;
      for (const std::string command : {"up", "status", "plan"}) {
        text += project.shown({command, "-q"}, {{"TOOLKIT_DATABASE_URL", url}});
      }
      CHECK(difference_from("absent." + engine, text) == "");
    }
  }
}

TEST_CASE("cli: a wrong password is told, and never shown") {
  // The PostgreSQL that tests use may let everybody in: here is one that asks everybody.
  toolkit::SandboxOptions options;
  options.tcp = true;
  options.password = test_password();
  const auto asking = has_local_server("postgresql") ? start_sandbox("postgresql", options) : nullptr;
  for (const std::string& engine : networked) {
    std::vector<TestServer> servers = test_servers(engine);
    if (engine == "postgresql") {
      servers.clear();
      if (asking) {
        servers.push_back({engine, asking->url(), "postgresql with passwords"});
      }
    }
    for (const TestServer& server : servers) {
      CAPTURE(server.label);
      Project project(server, pairs({"1_a"}));
      const Account account(project.database());
      hide_account(project, account);
      account.may_read();  // so that only the password is wrong
      const int port = toolkit::parse_url(server.url).port;
      if (port > 0) {
        project.hide("port " + std::to_string(port), "port PORT");
      }
      const std::string wrong = made_up_password("wr%6Fng");
      std::string text = project.shown({"up", "-q"}, {{"TOOLKIT_DATABASE_URL", account.url(wrong)}});
      text += project.shown({"doctor", "-v"}, {{"TOOLKIT_DATABASE_URL", account.url(wrong)}});
      write_file(project.folder() / "password", made_up_password("from a file") + "\n");
      const std::string bare = as_user(project.database().url(), account.name(), "");
      text += project.shown({"status", "-q", "--format", "json", "--password-file", "password"},
                            {{"TOOLKIT_DATABASE_URL", bare}});
      CHECK(text.find("wrong") == std::string::npos);
      CHECK(text.find("from a file") == std::string::npos);
      CHECK(difference_from("wrong_password." + engine, text) == "");
      CHECK(project.run({"wait"}, {{"TOOLKIT_DATABASE_URL", account.url(test_password())}}).exit_code == 0);
    }
  }
}

TEST_CASE("cli: without rights nothing begins; with rights to read status, plan and doctor work") {
  for (const std::string& engine : networked) {
    for (const TestServer& server : test_servers(engine)) {
      CAPTURE(server.label);
      Project project(server, pairs({"1_a", "2_b"}));
      if (engine == "postgresql") {
        project.database().run("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
      }
      const Account account(project.database());
      hide_account(project, account);
      account.may_read();
      const std::map<std::string, std::string> environment = {
          {"TOOLKIT_DATABASE_URL", account.url(test_password())}};
      const std::string before = project.state();
      std::string text = project.shown({"status", "-q"}, environment);
      text += project.shown({"up", "-q"}, environment);
      CHECK(project.state() == before);
      REQUIRE(project.run({"up", "1"}).exit_code == 0);
      account.may_read();
      const std::string after = project.state();
      for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
               {"status", "-q"}, {"plan", "-q"}, {"doctor", "-q"}, {"up", "-q"}, {"down", "-q"}}) {
        text += project.shown(arguments, environment);
      }
      CHECK(project.state() == after);
      CHECK(difference_from("rights." + engine, without_server_notes(text)) == "");
    }
  }
}

TEST_CASE("cli: a history of a newer format is left alone") {
  FOR_EACH_SERVER(server) {
    Project project(server, pairs({"1_a", "2_b"}));
    REQUIRE(project.run({"up", "1"}).exit_code == 0);
    project.database().run("UPDATE toolkit_history SET step = 99 WHERE version = 0");
    const std::string before = project.state();
    CHECK(difference_from("newer_format", project.shown_all({{"up", "-q"},
                                                             {"down", "-q"},
                                                             {"status", "-q"},
                                                             {"plan", "-q"},
                                                             {"baseline", "2", "-q"},
                                                             {"settle", "1", "--as", "applied", "-q"}})) ==
          "");
    CHECK(project.state() == before);
  }
}

TEST_CASE("cli: SQLite files that are none, or cannot be made") {
  for (const TestServer& server : test_servers("sqlite")) {
    Project project(server, pairs({"1_a"}));
    write_file(project.folder() / "garbage.db", std::string(4096, 'x'));
    fs::create_directory(project.folder() / "folder.db");
    const std::string before = project.state();
    std::string text;
    for (const std::string path : {"garbage.db", "folder.db", "absent/app.db", "/proc/toolkit.db"}) {
      text += project.shown({"up", "-q", "-d", "sqlite:" + path});
      text += project.shown({"status", "-q", "-d", "sqlite:" + path});
    }
    text += project.shown({"drop", "-q", "-d", "sqlite:garbage.db", "--yes", "garbage.db"});
    text += project.shown({"create", "-q", "-d", "sqlite:absent/app.db"});
    CHECK(difference_from("sqlite_files", text) == "");
    CHECK(project.state() == before);
  }
}

TEST_CASE("cli: malformed URLs are exit 2") {
  for (const TestServer& server : test_servers("sqlite")) {
    Project project(server, pairs({"1_a"}));
    const std::string before = project.state();
    const std::string user = "app:" + test_password();
    std::string text;
    for (const std::string& url : std::vector<std::string>{
             "app.db", "sqlite:", "sqlite:app.db?mode=ro", "sqlite:why?.db", "sqlite:50%.db",
             "oracle://" + user + "@host/shop", "postgresql:/" + user + "@h/shop",
             "postgresql://" + user + "@host:99999/shop", "postgresql://" + user + "%zz@host/shop",
             "postgresql://" + user + "@[::1/shop", "postgresql://" + user + "@host/shop?sslmode=maybe",
             "mysql://" + user + "@host", "mysql://" + user + "@host/shop?ssl-mode=maybe",
             "mysql://" + user + "@host/shop?color=red", "mariadb://" + user + "@host:0/shop",
             "mysql://" + user + "@host/shop?a", "mysql://" + user + "@host/it's"}) {
      const Outcome outcome = project.run({"up", "-q", "-d", url});
      CHECK(outcome.exit_code == 2);
      text += normalised(url, {{test_password(), "PASSWORD"}}) + "\n" + outcome.err;
    }
    CHECK(difference_from(by_client_library("malformed_urls"), text) == "");
    CHECK(project.state() == before);
  }
}

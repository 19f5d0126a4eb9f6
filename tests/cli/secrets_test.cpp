#include "../support/secrets.hpp"

#include <doctest/doctest.h>

#include "project.hpp"

using namespace toolkit::test;

// Every output of every test is searched when the program ends (finish_run). Here a password goes through
// everything that prints: each command, verbose and as JSON, with good and with bad files.

namespace {

/// The same server with a password that it is given: PostgreSQL's own access rules may not ask for it.
std::string with_password(const Project& project, const std::string& user) {
  const std::string& url = project.database().url();
  const auto begin = url.find("://") + 3;
  const auto slash = url.find('/', begin);
  const auto at = url.rfind('@', slash);
  const auto host = at == std::string::npos || at < begin ? begin : at + 1;
  return url.substr(0, begin) + user + ":" + test_password() + "@" + url.substr(host);
}

}  // namespace

TEST_CASE("cli: no command prints a password, whatever becomes of it") {
  for (const std::string engine : {"postgresql", "mysql", "mariadb"}) {
    for (const TestServer& server : test_servers(engine)) {
      CAPTURE(server.label);
      Project project(server, pairs({"1_a", "2_b"}));
      const std::string user = "s" + project.database().name().substr(1);
      const bool is_mysql = engine != "postgresql";
      const std::string account = is_mysql ? "'" + user + "'@'%'" : user;
      project.database().run(is_mysql ? "CREATE USER " + account + " IDENTIFIED BY '" + test_password() + "'"
                                      : "CREATE ROLE " + account + " SUPERUSER LOGIN PASSWORD '" +
                                            test_password() + "'");
      if (is_mysql) {
        project.database().run("GRANT ALL ON " + project.database().name() + ".* TO " + account);
      }
      const std::string url = with_password(project, user);
      const auto check = [&](std::vector<std::string> arguments, int exit_code) {
        CAPTURE(arguments.front());
        for (const std::string format : {"text", "json"}) {
          std::vector<std::string> all = arguments;
          all.insert(all.end(), {"-v", "--format", format, "--database", url});
          const Outcome outcome = project.run(all);
          CHECK((exit_code < 0 || outcome.exit_code == exit_code));
          CHECK(outcome.out.find(secret_prefix) == std::string::npos);
          CHECK(outcome.err.find(secret_prefix) == std::string::npos);
        }
      };
      for (const std::string command : {"doctor", "status", "plan", "up", "redo", "wait"}) {
        check({command}, 0);
      }
      check({"up", "--to", "9"}, 2);
      check({"drop"}, 2);
      project.write(
          {{"3_c.up.sql", "CREATE TABLE c (id INTEGER,,);\n"}, {"3_c.down.sql", "DROP TABLE c;\n"}});
      check({"up"}, 1);
      project.write({{"1_a.up.sql", "CREATE TABLE changed (id INTEGER);\n"}});
      check({"up"}, 2);
      check({"status"}, 0);
      check({"create"}, -1);
      project.database().run(is_mysql ? "DROP USER " + account
                                      : "REASSIGN OWNED BY " + account + " TO CURRENT_USER; DROP OWNED BY " +
                                            account + "; DROP ROLE " + account);
    }
  }
  CHECK(leaking_outputs() == 0);
}

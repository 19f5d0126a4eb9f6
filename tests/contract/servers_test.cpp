#include "../support/servers.hpp"

#include <doctest/doctest.h>

using namespace toolkit::test;

// One case per engine, so that a missing one is seen and counted as skipped; where TOOLKIT_TEST_REQUIRE names
// it, the case runs and fails.

TEST_CASE("there is a PostgreSQL to test on" * doctest::skip(!is_server_expected("postgresql"))) {
  CHECK_FALSE(test_servers("postgresql").empty());
}

TEST_CASE("there is a MySQL to test on" * doctest::skip(!is_server_expected("mysql"))) {
  CHECK_FALSE(test_servers("mysql").empty());
}

TEST_CASE("there is a MariaDB to test on" * doctest::skip(!is_server_expected("mariadb"))) {
  CHECK_FALSE(test_servers("mariadb").empty());
}

TEST_CASE("each test has an empty database of its own, which goes afterwards") {
  FOR_EACH_SERVER(server) {
    std::string name;
    {
      const TestDatabase one(server);
      const TestDatabase other(server);
      name = one.name();
      CHECK(one.url() != other.url());
      one.run("CREATE TABLE numbers (n INTEGER, t VARCHAR(20))");
      one.run("INSERT INTO numbers VALUES (1, 'one'), (2, NULL)");
      CHECK(one.rows("SELECT n, t FROM numbers ORDER BY n") ==
            std::vector<TextRow>{{"1", "one"}, {"2", "NULL"}});
      CHECK(one.value("SELECT max(n) FROM numbers") == "2");
      CHECK_THROWS_AS(other.run("SELECT n FROM numbers"), std::runtime_error);
    }
    if (server.engine != "sqlite") {
      const auto session = open_native(server.url);
      CHECK(session->value(server.engine == "postgresql"
                               ? "SELECT count(*) FROM pg_database WHERE datname = '" + name + "'"
                               : "SELECT count(*) FROM information_schema.schemata WHERE schema_name = '" +
                                     name + "'") == "0");
    }
  }
}

TEST_CASE("a URL is given another database") {
  CHECK(with_database("postgresql://u@/one?host=/tmp/x", "two") == "postgresql://u@/two?host=/tmp/x");
  CHECK(with_database("mysql://u:p@h:1/one", "two") == "mysql://u:p@h:1/two");
  CHECK(with_database("mysql://u:p@h:1", "two") == "mysql://u:p@h:1/two");
  CHECK(with_database("mysql://h?socket=/a/b", "two") == "mysql://h/two?socket=/a/b");
}

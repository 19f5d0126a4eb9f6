#ifdef TOOLKIT_WITH_MYSQL

#include "../../dialects/mysql/server_version.hpp"

#include <doctest/doctest.h>

using namespace toolkit;

namespace {

std::string line_of(std::string_view version) {
  const ServerInfo info = mysql::server_info(version);
  return info.product + " " + info.version + " " + std::to_string(info.version_number) + " " + info.flavour +
         (info.warning.empty() ? "" : " old");
}

}  // namespace

TEST_CASE("a server's own words say which flavour it is") {
  CHECK(line_of("9.7.4-2") == "MySQL 9.7.4 90704 mysql");
  CHECK(line_of("8.0.35-27") == "MySQL 8.0.35 80035 mysql");
  CHECK(line_of("5.7.44-log") == "MySQL 5.7.44 50744 mysql old");
  CHECK(line_of("10.11.18-MariaDB-0+deb12u1") == "MariaDB 10.11.18 101118 mariadb");
  CHECK(line_of("5.5.5-10.6.12-MariaDB-log") == "MariaDB 10.6.12 100612 mariadb");
  CHECK(line_of("11.8.2-MariaDB") == "MariaDB 11.8.2 110802 mariadb");
  CHECK(line_of("10.5.29-MariaDB") == "MariaDB 10.5.29 100529 mariadb old");
  CHECK(line_of("") == "MySQL 0.0.0 0 mysql old");
}

#endif

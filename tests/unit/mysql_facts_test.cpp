#ifdef TOOLKIT_WITH_MYSQL

#include <doctest/doctest.h>

#include "../../dialects/mysql/facts.hpp"

using namespace toolkit::mysql;

namespace {

std::string doubt(const std::string& product, const std::string& variables) {
  Facts facts;
  doubt_locks(facts, product, variables);
  CHECK(facts.doubt.empty() == facts.way_out.empty());
  return facts.doubt;
}

}  // namespace

TEST_CASE("mysql: where a session's lock holds on one server of several, it is not trusted") {
  CHECK(doubt("9.7.4", "").empty());
  CHECK(doubt("10.11.18-MariaDB", "WSREP_ON=OFF").empty());
  CHECK(doubt("10.11.18-MariaDB", "WSREP_ON=ON").find("Galera") != std::string::npos);
  CHECK(doubt("8.0.30-PXC", "WSREP_ON=1").find("Galera") != std::string::npos);
  CHECK(doubt("9.7.4", "GROUP_REPLICATION_GROUP_NAME=\nGROUP_REPLICATION_SINGLE_PRIMARY_MODE=ON").empty());
  CHECK(
      doubt("9.7.4", "GROUP_REPLICATION_SINGLE_PRIMARY_MODE=ON\nGROUP_REPLICATION_GROUP_NAME=AA-BB").empty());
  CHECK(doubt("9.7.4", "GROUP_REPLICATION_SINGLE_PRIMARY_MODE=OFF\nGROUP_REPLICATION_GROUP_NAME=AA-BB")
            .find("multi-primary") != std::string::npos);
  CHECK(doubt("8.0.11-TiDB-v7.5.0", "").find("TiDB") != std::string::npos);
  CHECK(doubt("8.0.30-Vitess", "").find("Vitess") != std::string::npos);
}

#endif

#include "toolkit/query.hpp"

#include <doctest/doctest.h>

using namespace toolkit;

namespace {

void check(const std::string& sql, const std::string& numbered, const std::vector<std::string>& names) {
  const NumberedText found = number_parameters(sql);
  CHECK(found.sql == numbered);
  CHECK(found.names == names);
}

}  // namespace

TEST_CASE("names become numbers, each name one number") {
  check("SELECT :a, :b_2, :a", "SELECT $1, $2, $1", {"a", "b_2"});
  check(":z", "$1", {"z"});
  check("f(:a,:b);", "f($1,$2);", {"a", "b"});
  CHECK(number_parameters("SELECT :a + :a", '?').sql == "SELECT ?1 + ?1");
}

TEST_CASE("strings, casts and lone colons stay") {
  check("SELECT ':a', :b, 'it''s :c'", "SELECT ':a', $1, 'it''s :c'", {"b"});
  check("SELECT :a::jsonb", "SELECT $1::jsonb", {"a"});
  check("SELECT 'x'::text, : a, a:", "SELECT 'x'::text, : a, a:", {});
  check("", "", {});
}

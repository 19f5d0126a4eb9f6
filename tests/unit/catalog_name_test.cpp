#include "../../src/catalog_name.hpp"

#include <doctest/doctest.h>

using namespace toolkit;

TEST_CASE("the word that names a table is free of its schema and quotes") {
  CHECK(last_part("users") == "USERS");
  CHECK(last_part("app.users") == "USERS");
  CHECK(last_part("\"App Two\".\"t.\"\"x\"") == "T.\"X");
  CHECK(last_part("\"a.b\"") == "A.B");
  CHECK(last_part("") == "");
}

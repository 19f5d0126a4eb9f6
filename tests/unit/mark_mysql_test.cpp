#ifdef TOOLKIT_WITH_MYSQL

#include <doctest/doctest.h>

#include <set>

#include "../../dialects/mysql/mark.hpp"

using namespace toolkit;

TEST_CASE("the mark's envelope is persistent") {
  CHECK(
      mysql::mark_text(mysql::MarkClass::statement, "0123456789abcdef0123456789abcdef", 17, "db-1") ==
      R"({"format":1,"class":"statement","tag":"0123456789abcdef0123456789abcdef","connection":17,"server":"db-1"})");
  CHECK(mysql::mark_text(mysql::MarkClass::row_change, "t", 1, "\"").find(R"("class":"row-change")") !=
        std::string::npos);
}

TEST_CASE("every intent has a tag of its own") {
  std::set<std::string> tags;
  for (int i = 0; i < 100; ++i) {
    const std::string tag = mysql::new_tag();
    CHECK(tag.size() == 32);
    CHECK(tag.find_first_not_of("0123456789abcdef") == std::string::npos);
    tags.insert(tag);
  }
  CHECK(tags.size() == 100);
}

#endif

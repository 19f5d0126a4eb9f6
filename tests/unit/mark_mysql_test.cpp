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

TEST_CASE("a mark with objects and a place in the log is persistent, and read as it was written") {
  mysql::Mark mark{mysql::MarkClass::statement, "t", 17, "db-1", mysql::LogPlace{"binlog.000002", "157"}, {}};
  mysql::ObjectState there;
  there.name = {mysql::ObjectKind::table, "app", "t", "p0"};
  there.presence = mysql::Presence::present;
  there.definition = "00ff";
  there.text = "CREATE TABLE \"t\"";
  there.id = "1093";
  there.created = "2026-01-31 10:11:12";
  mysql::ObjectState absent;
  absent.name = {mysql::ObjectKind::procedure, "app", "p", ""};
  absent.presence = mysql::Presence::absent;
  mysql::ObjectState unknown;
  unknown.name = {mysql::ObjectKind::user, "", "'u'@'%'", ""};
  mark.objects = {there, absent, unknown};
  const std::string text = mysql::mark_text(mark);
  CHECK(text ==
        R"({"format":1,"class":"statement","tag":"t","connection":17,"server":"db-1",)"
        R"("binlog":{"file":"binlog.000002","position":"157"},"objects":[)"
        R"({"kind":"table","schema":"app","name":"t","partition":"p0","exists":true,"definition":"00ff",)"
        R"("text":"CREATE TABLE \"t\"","id":"1093","created":"2026-01-31 10:11:12"},)"
        R"({"kind":"procedure","schema":"app","name":"p","exists":false},)"
        R"({"kind":"user","schema":"","name":"'u'@'%'"}]})");
  const auto read = mysql::parse_mark(text);
  REQUIRE(read);
  CHECK(mysql::mark_text(*read) == text);
  CHECK(read->objects.at(2).presence == mysql::Presence::unknown);
}

TEST_CASE("a mark of another format, or none, is not guessed at") {
  CHECK_FALSE(mysql::parse_mark(""));
  CHECK_FALSE(mysql::parse_mark("[]"));
  CHECK_FALSE(mysql::parse_mark(R"({"format":2,"class":"statement"})"));
  CHECK_FALSE(mysql::parse_mark(R"({"format":"1"})"));
  CHECK(mysql::parse_mark(R"({"format":1,"class":"row-change","before":{"run_id":"x"}})")->mark_class ==
        mysql::MarkClass::row_change);
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

#include <doctest/doctest.h>

#include "postgresql_fixture.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

// current_query() answers with the text that the server got from the client, comments included.
const std::vector<std::string> traps = {
    "-- note: keep, :word, it's \"open\nCREATE TABLE got AS SELECT current_query() AS q",
    "/* a:b /* nested :c */ ' */ CREATE TABLE got AS SELECT current_query() AS q",
    "CREATE TABLE got AS SELECT current_query() AS q, '{\"a\":1}'::jsonb AS j",
    "CREATE TABLE got AS SELECT current_query() AS q, (ARRAY[1,2,3])[1:2] AS a",
    "CREATE TABLE got AS SELECT current_query() AS q, '12:30'::time AS t, ':x' AS x",
    "CREATE TABLE got AS SELECT current_query() AS q, 1 AS \"a:b\", 2 AS \"c:d\"",
    "CREATE TABLE got AS SELECT current_query() AS q, '{\"a\":1}'::jsonb ? 'a' AS one, '{}'::jsonb ?| "
    "ARRAY['a'] AS two",
    "CREATE TABLE got AS SELECT current_query() AS q, $$ :x $1 it's $$ AS d, $t$ $$ :y $t$ AS e",
    "CREATE TABLE got AS SELECT current_query() AS q, 7 % 4 AS m, '100%s %d' AS p, '@x' AS at",
    "CREATE TABLE got AS SELECT current_query() AS q, E'a\\'b:c\\n' AS e, U&'d\\0061t' AS u",
    "CREATE TABLE got AS\r\nSELECT current_query() AS q, 'a\r\nb' AS "
    "crlf,\t'\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80' AS wide",
};

}  // namespace

TEST_SUITE_BEGIN("postgresql bytes" * doctest::skip(!is_server_expected("postgresql")));

TEST_CASE_FIXTURE(PostgresqlFixture,
                  "what reaches the server is the file, byte for byte, on each of the three ways") {
  const auto held = lock();
  Version version = 0;
  for (const std::string& text : traps) {
    CAPTURE(text);
    run(make_task(++version, {text}));
    CHECK(database.value("SELECT q FROM got") == text);
    database.run("DROP TABLE got");
    run(make_task(++version, {text}), UnitKind::separate);
    CHECK(database.value("SELECT q FROM got") == text);
    database.run("DROP TABLE got");
    connection->execute(text);
    CHECK(database.value("SELECT q FROM got") == text);
    database.run("DROP TABLE got");
  }
}

TEST_CASE_FIXTURE(PostgresqlFixture, "stored bodies and rows are what the file says") {
  const std::string body =
      "\nDECLARE x int := 1; -- :y ? $1\nBEGIN\n  RETURN x::text || ':z' || E'\\n'; END;\n";
  run(make_task(1, {"CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $body$" + body + "$body$"}));
  CHECK(database.value("SELECT prosrc FROM pg_proc WHERE proname = 'f'") == body);
  run(make_task(
      2, {"CREATE TABLE a (t text)", "INSERT INTO a VALUES ('it''s :word at 12:30 \\n ? %s $1 \"q\"')"}));
  CHECK(database.value("SELECT t FROM a") == "it's :word at 12:30 \\n ? %s $1 \"q\"");
}

TEST_CASE("a backslash in a string means itself, whatever the server's default is" *
          doctest::skip(!is_server_expected("postgresql"))) {
  PostgresqlFixture fixture;
  fixture.database.run("ALTER DATABASE \"" + fixture.database.name() +
                       "\" SET standard_conforming_strings = off");
  fixture.connection = fixture.open();
  fixture.run(make_task(1, {"CREATE TABLE a AS SELECT 'a\\\\b' AS t"}));
  CHECK(fixture.database.value("SELECT t FROM a") == "a\\\\b");
}

TEST_SUITE_END();

#include <doctest/doctest.h>

#include <filesystem>
#include <functional>
#include <thread>

#include "../support/files.hpp"
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

/// As the server's log writes a statement: the lines after the first are indented with a tab; the next entry
/// begins with the prefix that the server was given.
std::string logged(const std::string& text) {
  std::string indented;
  for (const char c : text) {
    indented += c;
    if (c == '\n') {
      indented += '\t';
    }
  }
  return "LOG:  execute <unnamed>: " + indented + "\n<";
}

std::string log_of(const Sandbox& server) {
  std::string text;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(server.folder())) {
    if (entry.path().filename() == "log" && entry.is_regular_file()) {
      text += read_file(entry.path());
    }
  }
  return text;
}

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

TEST_CASE("the server's log holds the file byte for byte, and its activity what runs" *
          doctest::skip(!has_local_server("postgresql"))) {
  SandboxOptions options;
  options.server_arguments = {"-c", "log_statement=all", "-c", "log_line_prefix=<%p> "};
  const auto server = start_sandbox("postgresql", options);
  {
    PostgresqlFixture fixture({"postgresql", server->url(), "postgresql with a log"});
    const auto held = fixture.lock();
    Version version = 0;
    for (std::string text : traps) {
      CAPTURE(text);
      // Each text once, so that finding it in the log says which way it went.
      const auto run = [&](const std::string& mark, const std::function<void()>& how) {
        const std::string before = text;
        text += " -- " + mark + std::to_string(++version) + "\n, 'end' AS last";
        how();
        fixture.database.run("DROP TABLE got");  // the log's next entry, which shows where the text ends
        CHECK(log_of(*server).find(logged(text)) != std::string::npos);
        text = before;
      };
      run("in a transaction: ", [&] { fixture.run(make_task(version, {text})); });
      run("alone ", [&] { fixture.run(make_task(version, {text}), UnitKind::separate); });
      run("raw ", [&] { fixture.connection->execute(text); });
    }
    // Seen by another session while it waits: the lock is the test's.
    const auto other = fixture.database.connect();
    other->run("BEGIN; SELECT pg_advisory_xact_lock(4711)");
    const std::string waiting =
        "-- it's :here\nSELECT pg_advisory_xact_lock(4711) /* a:b ? $1 */, '12:30'::time";
    std::thread runner([&] { fixture.run(make_task(++version, {waiting})); });
    std::string seen;
    for (int attempt = 0; attempt < 500 && seen.empty(); ++attempt) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      seen = fixture.database.value(
          "SELECT query FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND wait_event = 'advisory'");
    }
    other->run("COMMIT");
    runner.join();
    CHECK(seen == waiting);
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

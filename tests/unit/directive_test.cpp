#include "toolkit/directive.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

#include "script_syntaxes.hpp"
#include "toolkit/error.hpp"

using namespace toolkit;
using std::chrono::milliseconds;

namespace {

const std::string path = "0001_a.sql";

Directives parse(const std::string& text, DirectivePlace place = DirectivePlace::up) {
  return parse_directives(scan_script(text, test::script_syntax_of("postgresql"), path), text, path, place);
}

std::string error_of(const std::string& text, DirectivePlace place = DirectivePlace::up) {
  try {
    parse(text, place);
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::files);
    const ErrorDetails& details = error.details();
    return std::to_string(details.position.line) + ":" + std::to_string(details.position.column) + " " +
           details.message + " | " + details.advice;
  }
  return "no error";
}

const std::string words =
    "no-transaction, irreversible, lock-timeout, statement-timeout, applied-if, also-checksum, ignore, "
    "schema-version";

}  // namespace

TEST_CASE("every directive is read") {
  const std::string checksum = "sha256:" + std::string(64, 'a');
  const Directives all = parse(
      "-- toolkit: no-transaction\n-- toolkit: lock-timeout 500ms\n-- toolkit: statement-timeout 2h\n"
      "-- toolkit: applied-if select count(*) > 0 FROM a\n-- toolkit: also-checksum " +
      checksum +
      "\n-- toolkit: ignore drop-column  nothing reads it \n-- toolkit: ignore other why\nSELECT 1;");
  CHECK(all.no_transaction);
  CHECK(all.lock_timeout == milliseconds(500));
  CHECK(all.statement_timeout == milliseconds(7'200'000));
  CHECK(all.applied_if == "select count(*) > 0 FROM a");
  CHECK(all.also_checksums == std::vector<std::string>{checksum});
  REQUIRE(all.ignored_rules.size() == 2);
  CHECK(all.ignored_rules[0].rule == "drop-column");
  CHECK(all.ignored_rules[0].reason == "nothing reads it");
  CHECK_FALSE(all.irreversible.has_value());
  CHECK(parse("-- toolkit: irreversible it is gone", DirectivePlace::down).irreversible == "it is gone");
  CHECK(parse("-- toolkit: schema-version 0012\nSELECT 1;", DirectivePlace::schema).schema_version == "0012");
  CHECK_FALSE(parse("SELECT 1").no_transaction);
}

TEST_CASE("unknown, reserved and malformed directives are refused with what was meant") {
  CHECK(error_of("-- a\n  -- toolkit: no-transactions\n") ==
        "2:3 there is no directive 'no-transactions' | did you mean 'no-transaction'?");
  CHECK(error_of("-- toolkit: xyz") == "1:1 there is no directive 'xyz' | the words are " + words);
  CHECK(error_of("-- toolkit:") == "1:1 this directive has no word | the words are " + words);
  CHECK(error_of("-- toolkit: variables") ==
        "1:1 the directive 'variables' is reserved for a later version | remove it");
  CHECK(error_of("-- toolkit: repeat") ==
        "1:1 the directive 'repeat' is reserved for a later version | remove it");
  CHECK(error_of("--toolkit: no-transaction") ==
        "1:1 this looks like a directive, but is only a comment | write it as '-- toolkit: no-transaction'");
  CHECK(error_of("-- Toolkit : ignore a b") ==
        "1:1 this looks like a directive, but is only a comment | write it as '-- toolkit: ignore a b'");
  CHECK(error_of("SELECT 1;\n-- toolkit: no-transaction") ==
        "2:1 a directive stands on its own line before the first statement | move '-- toolkit: "
        "no-transaction' to "
        "the top of the file");
}

TEST_CASE("values are checked") {
  CHECK(error_of("-- toolkit: no-transaction please") ==
        "1:1 the directive 'no-transaction' takes no value | remove 'please'");
  CHECK(error_of("-- toolkit: no-transaction\n-- toolkit: no-transaction") ==
        "2:1 the directive 'no-transaction' is given twice | keep one of the two lines");
  CHECK(error_of("-- toolkit: lock-timeout 5") ==
        "1:1 lock-timeout needs a duration, not '5' | write a number and a unit: 500ms, 5s, 10m or 2h (at "
        "most 24 "
        "days)");
  CHECK(error_of("-- toolkit: lock-timeout 0s") ==
        "1:1 lock-timeout must be more than zero | a wait for a lock is always bounded; write e.g. 5s");
  CHECK(error_of("-- toolkit: statement-timeout 600h").starts_with("1:1 statement-timeout needs a duration"));
  CHECK(error_of("-- toolkit: statement-timeout 0s") == "no error");
  CHECK(error_of("-- toolkit: applied-if DELETE FROM a") ==
        "1:1 applied-if needs a query that begins with SELECT | write e.g. '-- toolkit: applied-if SELECT "
        "count(*) "
        "> 0 FROM settings'");
  CHECK(error_of("-- toolkit: applied-if selected").starts_with("1:1 applied-if needs"));
  CHECK(error_of("-- toolkit: also-checksum sha256:ABC") ==
        "1:1 also-checksum needs 'sha256:' and 64 lower-case hexadecimal digits | copy the checksum as "
        "'toolkit "
        "status --format json' shows it");
  CHECK(error_of("-- toolkit: also-checksum " + std::string(71, 'a')).starts_with("1:1 also-checksum needs"));
  CHECK(
      error_of("-- toolkit: ignore rule") ==
      "1:1 ignore needs a rule and a reason | write e.g. '-- toolkit: ignore drop-column nothing reads it'");
  CHECK(error_of("-- toolkit: ignore rule a\n-- toolkit: ignore rule b") ==
        "2:1 the rule 'rule' is ignored twice | keep one of the two lines");
  CHECK(error_of("-- toolkit: schema-version 0", DirectivePlace::schema) ==
        "1:1 schema-version needs a version, not '0' | write the highest version that this schema contains: "
        "1 to 18 "
        "digits");
}

TEST_CASE("directives belong into their kind of file") {
  CHECK(error_of("-- toolkit: irreversible x", DirectivePlace::up) ==
        "1:1 the directive 'irreversible' belongs into a down file only | remove it here");
  CHECK(error_of("-- toolkit: irreversible", DirectivePlace::down) ==
        "1:1 irreversible needs a reason | write e.g. '-- toolkit: irreversible the old values are gone'");
  CHECK(error_of("-- toolkit: irreversible x\nSELECT 1", DirectivePlace::down) ==
        "1:1 a down that is irreversible holds no statement | remove the statement, or this line");
  CHECK(error_of("-- toolkit: schema-version 1", DirectivePlace::up) ==
        "1:1 the directive 'schema-version' belongs into schema.sql only | remove it here");
  CHECK(error_of("-- toolkit: applied-if SELECT 1", DirectivePlace::schema) ==
        "1:1 the directive 'applied-if' belongs into a migration file only | remove it here");
}

TEST_CASE("durations need a number and a unit") {
  CHECK(parse_duration("500ms") == milliseconds(500));
  CHECK(parse_duration("5s") == milliseconds(5'000));
  CHECK(parse_duration("10m") == milliseconds(600'000));
  CHECK(parse_duration("2h") == milliseconds(7'200'000));
  CHECK(parse_duration("9223372036854775807ms") == milliseconds(std::numeric_limits<std::int64_t>::max()));
  for (const char* bad : {"", "5", "s", "-5s", "+5s", "5 s", "5S", "5sec", "1.5s", "9223372036854775808ms",
                          "9223372036854775807s", "99999999999999999999999ms"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_duration(bad).has_value());
  }
}

TEST_CASE("the nearest word is one that is near") {
  const std::vector<std::string> known = {"up", "down", "status"};
  CHECK(nearest_word("statsu", known) == "status");
  CHECK(nearest_word("STATUS", known) == "status");
  CHECK(nearest_word("don", known) == "down");
  CHECK(nearest_word("xyz", known).empty());
  CHECK(nearest_word("", known).empty());
  CHECK(nearest_word(std::string(1'000'000, 'u'), known).empty());
}

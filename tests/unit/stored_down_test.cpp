#include "../../src/stored_down.hpp"

#include <doctest/doctest.h>

#include "toolkit/checksum.hpp"
#include "toolkit/error.hpp"

namespace {

using namespace toolkit;

Step step_of(const std::string& file_text, int number) {
  Step step;
  step.file_text = file_text;
  step.checksum = checksum_of_text(file_text);
  step.number = number;
  return step;
}

Script two_steps() {
  Script down;
  down.steps = {step_of("-- toolkit: no-transaction\n-- why: \"it\" is old\nDROP INDEX t_i;\r\n", 1),
                step_of("\xEF\xBB\xBF"
                        "DROP TABLE t;;\n",
                        2)};
  down.steps[0].directives.no_transaction = true;
  down.checksum = checksum_of_steps({down.steps[0].checksum, down.steps[1].checksum});
  return down;
}

HistoryRow row_with(const Script& down) {
  HistoryRow row;
  row.version = 7;
  row.name = "make_t";
  row.state = State::applied;
  row.steps = 1;
  row.down_checksum = down.checksum;
  return row;
}

}  // namespace

TEST_CASE("the stored way back is the canonical text of each down file (persistent)") {
  CHECK(down_steps_json(two_steps()) ==
        R"([{"sql":"-- why: \"it\" is old\nDROP INDEX t_i;","no_transaction":true},)"
        R"({"sql":"DROP TABLE t;;","no_transaction":false}])");
}

TEST_CASE("an irreversible down keeps its reason") {
  Script down;
  down.steps = {step_of("-- toolkit: irreversible rows are gone\n", 1)};
  down.steps[0].directives.irreversible = "rows are gone";
  down.checksum = down.steps[0].checksum;
  const std::string json = down_steps_json(down);
  CHECK(json == R"([{"sql":"","no_transaction":false,"irreversible":"rows are gone"}])");
  CHECK(migration_from_history(row_with(down), json, {}).down.irreversible == "rows are gone");
}

TEST_CASE("what was stored comes back with its checksums and its statements") {
  const Script down = two_steps();
  const Migration migration = migration_from_history(row_with(down), down_steps_json(down), {});
  CHECK(migration.version == 7);
  CHECK(migration.down.checksum == down.checksum);
  REQUIRE(migration.down.steps.size() == 2);
  CHECK(migration.down.steps[0].sql == "-- why: \"it\" is old\nDROP INDEX t_i");
  CHECK(migration.down.steps[0].directives.no_transaction);
  CHECK(migration.down.steps[1].sql == "DROP TABLE t");
  CHECK(migration.down.steps[1].checksum == down.steps[1].checksum);
  CHECK(migration.down.no_transaction());
}

TEST_CASE("a stored way back that was edited is refused") {
  const Script down = two_steps();
  std::string json = down_steps_json(down);
  json.replace(json.find("DROP TABLE t"), 12, "DROP TABLE u");
  try {
    migration_from_history(row_with(down), json, {});
    FAIL("nothing was thrown");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::changed);
    CHECK(std::string(error.what())
              .starts_with("the way back that the history keeps for version 7 does not have the checksum"));
  }
}

TEST_CASE("a stored way back that is no list of texts is refused") {
  const Script down = two_steps();
  for (const char* json : {"", "[]", "{}", "[1]", R"([{"sql":1}])", R"([{"no_transaction":true}])",
                           R"([{"sql":"x","no_transaction":"y"}])"}) {
    CAPTURE(json);
    CHECK_THROWS_AS(migration_from_history(row_with(down), json, {}), Error);
  }
}

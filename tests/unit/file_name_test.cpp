#include "toolkit/file_name.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "toolkit/dialect_names.hpp"

using namespace toolkit;

namespace {

/// Everything that is known of a name, as one text.
std::string classified(const std::string& name) {
  const ClassifiedName found = classify_name(name);
  if (found.migration) {
    const FileName& file = *found.migration;
    return std::to_string(file.version) + " '" + file.digits + "' " + file.name + " [" + file.dialect + "] " +
           std::string(to_string(file.direction)) + " " + std::to_string(file.step);
  }
  if (found.reserved || found.ignored) {
    return found.reserved ? "reserved" : "ignored";
  }
  return found.problem + (found.nearest_name.empty() ? "" : " -> " + found.nearest_name);
}

}  // namespace

TEST_CASE("a name that fits the grammar is taken apart") {
  CHECK(classified("0001_create_users.up.sql") == "1 '0001' create_users [] up 0");
  CHECK(classified("1_a.down.sql") == "1 '1' a [] down 0");
  CHECK(classified("0002_b.mysql.up.sql") == "2 '0002' b [mysql] up 0");
  CHECK(classified("0003_c.sqlite.down.12.sql") == "3 '0003' c [sqlite] down 12");
  CHECK(classified("0003_c.up.1.sql") == "3 '0003' c [] up 1");
  CHECK(classified("999999999999999999_9__.up.sql") == "999999999999999999 '999999999999999999' 9__ [] up 0");
  CHECK(classified("20260101120000_a.up.sql") == "20260101120000 '20260101120000' a [] up 0");
  CHECK(classified("1_up.up.sql") == "1 '1' up [] up 0");
}

TEST_CASE("aliases of dialects are read, and every known dialect is") {
  CHECK(classified("1_a.pg.up.sql") == "1 '1' a [postgresql] up 0");
  CHECK(classified("1_a.postgres.up.sql") == "1 '1' a [postgresql] up 0");
  CHECK(classified("1_a.sqlite3.up.sql") == "1 '1' a [sqlite] up 0");
  std::vector<std::string> names;
  for (const DialectName& known : known_dialect_names()) {
    names.push_back(known.name);
    CHECK(classified("1_a." + known.name + ".up.sql") == "1 '1' a [" + known.name + "] up 0");
  }
  CHECK(names == std::vector<std::string>{"postgresql", "mysql", "mariadb", "sqlite"});
  CHECK(dialect_name_of("PG") == "postgresql");
  CHECK(dialect_name_of("oracle") == std::nullopt);
  CHECK(dialect_name_of("") == std::nullopt);
}

TEST_CASE("what is no migration is ignored or reserved") {
  for (const char* name : {"README.md", ".0001_a.up.sql", ".sql", "", "0001_a.up.sql.bak", "0001_a.up", "sql",
                           "0001_a.up.sql~", ".gitkeep"}) {
    CAPTURE(name);
    CHECK(classified(name) == "ignored");
  }
  for (const char* name :
       {"schema.sql", "base.sql", "schema.sqlite.sql", "base.pg.sql", "schema.mariadb.sql"}) {
    CAPTURE(name);
    CHECK(classified(name) == "reserved");
  }
}

TEST_CASE("a *.sql outside the grammar says what is wrong and the nearest good name") {
  const std::string no_version = "it does not begin with a version and an underscore";
  CHECK(classified("0002-b.up.sql") == no_version + " -> 0002_b.up.sql");
  CHECK(classified("0002b.up.sql") == no_version + " -> 0002_b.up.sql");
  CHECK(classified("users.up.sql") == no_version);
  CHECK(classified("_a.up.sql") == no_version);
  CHECK(classified("-1_a.up.sql") == no_version);
  CHECK(classified("+1_a.up.sql") == no_version);
  CHECK(classified("1e30_a.up.sql") == no_version + " -> 1_e30_a.up.sql");
  CHECK(classified("0001.up.sql") == no_version);
  CHECK(classified("V1__init.sql") == "names are written in lower case");
  CHECK(classified("0_a.up.sql") == "version 0 is reserved");
  CHECK(classified("000_a.up.sql") == "version 0 is reserved");
  CHECK(classified("1000000000000000000_a.up.sql") == "its version has more than 18 digits");
  const std::string bad_name = "its name may only hold a-z, 0-9 and _";
  CHECK(classified("1_.up.sql") == bad_name);
  CHECK(classified("1_add-users.up.sql") == bad_name + " -> 1_add_users.up.sql");
  CHECK(classified("1_add users.up.sql") == bad_name + " -> 1_add_users.up.sql");
  CHECK(classified("1_\xC3\xBC.up.sql") == bad_name);
  const std::string lower_case = "names are written in lower case";
  CHECK(classified("0001_X.UP.SQL") == lower_case + " -> 0001_x.up.sql");
  CHECK(classified("0001_x.up.SQL") == lower_case + " -> 0001_x.up.sql");
  CHECK(classified("0001_x.MySQL.up.sql") == lower_case + " -> 0001_x.mysql.up.sql");
  CHECK(classified("Schema.sql") == lower_case);
}

TEST_CASE("names as other tools have them get the nearest good one too") {
  CHECK(classified("0002_1.7.0_schema.up.sql") ==
        "'7' is neither a dialect nor up or down -> 0002_1_7_0_schema.up.sql");
  CHECK(classified("V0001.Initial_Schema.up.sql") ==
        "names are written in lower case -> 0001_initial_schema.up.sql");
  CHECK(classified("V0002.WebAuthn.down.sql") == "names are written in lower case -> 0002_webauthn.down.sql");
  CHECK(classified("v3_a.mysql.up.2.sql") ==
        "it does not begin with a version and an underscore -> 3_a.mysql.up.2.sql");
  CHECK(classified("0021_add_flag_down.sql") ==
        "the direction up or down is missing -> 0021_add_flag.down.sql");
  CHECK(classified("0021_a.b.c.sqlite3.up.sql") ==
        "'b' is neither a dialect nor up or down -> 0021_a_b_c.sqlite.up.sql");
  CHECK(classified("5_1.cockroach.up.sql") ==
        "'cockroach' is neither a dialect nor up or down -> 5_1.up.sql");
}

TEST_CASE("a bad dialect, direction or step is named") {
  CHECK(classified("1_a.sql") == "the direction up or down is missing");
  CHECK(classified("1_a.mysql.sql") == "the direction up or down is missing");
  CHECK(classified("1_a.oracle.up.sql") == "'oracle' is neither a dialect nor up or down -> 1_a.up.sql");
  CHECK(classified("1_a.up.mysql.sql") ==
        "'mysql' is no step (1, 2, 3, … without leading zeros) -> 1_a.mysql.up.sql");
  CHECK(classified("1_a.1.up.sql") == "'1' is neither a dialect nor up or down -> 1_a.up.1.sql");
  CHECK(classified("1_a.up.0.sql") == "'0' is no step (1, 2, 3, … without leading zeros) -> 1_a.up.sql");
  CHECK(classified("1_a.up.01.sql") == "'01' is no step (1, 2, 3, … without leading zeros) -> 1_a.up.1.sql");
  CHECK(classified("1_a.up.1234567.sql") ==
        "'1234567' is no step (1, 2, 3, … without leading zeros) -> 1_a.up.1234567.sql");
  CHECK(classified("1_a.up..sql") == "'' is no step (1, 2, 3, … without leading zeros) -> 1_a.up.sql");
  CHECK(classified("1_a.up.1.2.sql") == "there is something after the step -> 1_a.up.2.sql");
  CHECK(classified("schema.oracle.sql") == "it does not begin with a version and an underscore");
}

TEST_CASE("versions are digits, above 0, of at most 18 digits") {
  CHECK(parse_version("1") == 1);
  CHECK(parse_version("0001") == 1);
  CHECK(parse_version("999999999999999999") == 999'999'999'999'999'999);
  CHECK(parse_version("00000000000000000000042") == 42);
  for (const char* text :
       {"", "0", "000", "-1", "+1", " 1", "1 ", "1.0", "1e3", "1000000000000000000", "0x1"}) {
    CAPTURE(text);
    CHECK(parse_version(text) == std::nullopt);
  }
}

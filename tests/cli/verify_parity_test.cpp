#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "project.hpp"

using namespace toolkit::test;

// The parity part of `verify`: the engines of one run held against the first one.

namespace {

/// All engines of this run, as `--on` takes them; MySQL is a server that is there.
std::string all_targets() {
  std::string targets;
  std::string last;
  for (const TestServer& server : test_servers()) {
    const std::string target = server.engine == "mysql" ? server.url : server.engine;
    if (target != last) {
      targets += (targets.empty() ? "" : ",") + target;
    }
    last = target;
  }
  return targets;
}

const TestServer& sqlite() { return test_servers("sqlite").front(); }

FileTree small_set() {
  return {
      {"0001_create_apps.up.sql",
       "CREATE TABLE apps (id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL);\n"},
      {"0001_create_apps.down.sql", "DROP TABLE apps;\n"},
      {"0002_index_apps.up.sql", "CREATE INDEX apps_name ON apps (name);\n"},
      {"0002_index_apps.down.sql", "DROP INDEX apps_name;\n"},
      {"0002_index_apps.mysql.down.sql", "DROP INDEX apps_name ON apps;\n"},
      {"0002_index_apps.sqlite.up.sql", "-- SQLite scans so few rows faster.\n"},
      {"0002_index_apps.sqlite.down.sql", "-- Nothing was made.\n"},
      {"0003_note_apps.up.sql", "ALTER TABLE apps ADD COLUMN note VARCHAR(40) DEFAULT 'none';\n"},
      {"0003_note_apps.sqlite.up.sql", "ALTER TABLE apps ADD COLUMN note VARCHAR(40) DEFAULT 'None';\n"},
      {"0003_note_apps.down.sql", "ALTER TABLE apps DROP COLUMN note;\n"},
  };
}

const char* const meant =
    "[[parity.allow]]\nitem = \"table apps, index apps_name\"\ndialects = [\"sqlite\"]\n"
    "reason = \"SQLite scans so few rows faster\"\n";

/// From the parity lines on; the checks of the engines are other tests'.
std::string parity_part(const Outcome& outcome) {
  const std::size_t begin =
      std::min({outcome.out.find("\nfail  parity"), outcome.out.find("\nallowed  parity"),
                outcome.out.find("\nnote  parity"), outcome.out.find("\npass  parity"), outcome.out.size()});
  const std::size_t end = std::min(outcome.out.rfind("not proven: "), outcome.out.rfind("proven: "));
  return "[exit " + std::to_string(outcome.exit_code) + "]" + outcome.out.substr(begin, end - begin);
}

}  // namespace

TEST_CASE("cli: the reference set is at parity on every engine, in one run") {
  Project project(sqlite());
  const std::string source = TOOLKIT_SOURCE_DIR;
  const Outcome outcome =
      project.run({"-m", source + "/migrations", "verify", "--on", all_targets(), "--no-rows"});
  CAPTURE(outcome.out);
  CAPTURE(outcome.err);
  CHECK(outcome.exit_code == 0);
  if (test_servers().size() > 1) {
    CHECK(outcome.out.find("pass  parity  0 differences") != std::string::npos);
  }
}

TEST_CASE("cli: what generate writes, of every type, is proven on every engine and at parity") {
  Project project(sqlite());
  const std::vector<std::string> types = {"string", "text",      "int",  "bigint", "decimal", "bool",
                                          "date",   "timestamp", "uuid", "bytes",  "json"};
  std::vector<std::string> create = {"generate", "create_notes", "id:id"};
  for (const std::string& type : types) {
    create.push_back("a_" + type + ":" + type);
    create.push_back("b_" + type + ":" + type + "!");
  }
  REQUIRE(project.run(create).exit_code == 0);
  for (const std::string& type : types) {
    REQUIRE(project.run({"generate", "add_notes_c_" + type, "c_" + type + ":" + type}).exit_code == 0);
    const bool has_default = type != "date" && type != "timestamp" && type != "uuid";
    if (has_default) {
      const std::string column = "d_" + type + ":" + type + "!";
      REQUIRE(project.run({"generate", "add_notes_d_" + type, column}).exit_code == 0);
    }
  }
  REQUIRE(project.run({"generate", "remove_notes_d_json", "d_json:json!"}).exit_code == 0);
  const Outcome outcome = project.run({"verify", "--on", all_targets()});
  CAPTURE(outcome.out);
  CAPTURE(outcome.err);
  CHECK(outcome.exit_code == 0);
  if (test_servers().size() > 1) {
    CHECK(outcome.out.find("pass  parity  0 differences, 0 allowed, 0 notes") != std::string::npos);
  }
}

TEST_CASE("cli: verify finds what differs between two engines, as text, JSON, JUnit and TAP" *
          doctest::skip(!is_server_expected("postgresql"))) {
  if (!has_local_server("postgresql")) {
    return;
  }
  Project project(sqlite(), small_set());
  const std::vector<std::string> verify = {"verify", "--on", "postgresql,sqlite", "--junit", "v.xml",
                                           "--tap",  "v.tap"};
  std::string shown = parity_part(project.run(verify));
  write_file(project.folder() / "toolkit.toml", meant);
  shown += parity_part(project.run(verify));
  write_file(project.folder() / "toolkit.toml",
             std::string(meant) +
                 "\n[[parity.allow]]\nitem = \"default\"\nreason = \"its case is no matter\"\n\n"
                 "[[parity.allow]]\nitem = \"view*\"\nreason = \"there was one\"\n");
  const Outcome stale = project.run(verify);
  shown += parity_part(stale);
  const auto from = [](const std::string& text, const std::string& word) {
    return text.substr(std::min(text.find(word), text.size()));
  };
  shown += from(read_file(project.folder() / "v.xml"), "  <testsuite name=\"parity\"");
  const std::string tap = read_file(project.folder() / "v.tap");
  shown += tap.substr(tap.rfind('\n', tap.find(" - parity ")) + 1);
  CHECK(difference_from("verify.parity", shown) == "");

  const Outcome json = project.run({"--format", "json", "verify", "--on", "postgresql,sqlite"});
  CHECK(difference_from("verify.parity.json",
                        nlohmann::ordered_json::parse(json.out)["parity"].dump(2) + "\n") == "");
}

TEST_CASE("cli: verify leaves parity out, or skips it visibly" *
          doctest::skip(!is_server_expected("postgresql"))) {
  if (!has_local_server("postgresql")) {
    return;
  }
  Project project(sqlite(), small_set());
  const Outcome without = project.run({"verify", "--on", "postgresql,sqlite", "--no-parity"});
  CHECK(without.exit_code == 0);
  CHECK(without.out.find("parity") == std::string::npos);
  CHECK(nlohmann::json::parse(
            project.run({"--format", "json", "verify", "--on", "postgresql,sqlite", "--no-parity"})
                .out)["parity"]
            .is_null());
  project.write({{"0003_note_apps.sqlite.up.sql", "ALTER TABLE app ADD COLUMN note TEXT;\n"}});
  const Outcome broken = project.run({"verify", "--on", "postgresql,sqlite"});
  CHECK(broken.exit_code == 3);
  CHECK(broken.out.find("skip  parity: fewer than two engines came to the end\n") != std::string::npos);
}

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "project.hpp"

using namespace toolkit::test;

// What verify says of locks, algorithms and tables that are written anew, by asking each server.

namespace {

FileTree shared_set() {
  return {
      {"1_create_t.up.sql", "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a VARCHAR(10), n INTEGER);\n"},
      {"1_create_t.down.sql", "DROP TABLE t;\n"},
      {"2_add_b.up.sql", "ALTER TABLE t ADD COLUMN b INTEGER;\n"},
      {"2_add_b.down.sql", "ALTER TABLE t DROP COLUMN b;\n"},
      {"3_index_a.up.sql", "CREATE INDEX t_a ON t (a);\n"},
      {"3_index_a.down.sql", "DROP INDEX t_a;\n"},
      {"3_index_a.mysql.down.sql", "DROP INDEX t_a ON t;\n"},
      {"4_create_child.up.sql",
       "CREATE TABLE child (id INTEGER NOT NULL PRIMARY KEY, t_id INTEGER, CONSTRAINT child_t FOREIGN KEY "
       "(t_id) REFERENCES t (id));\n"},
      {"4_create_child.down.sql", "DROP TABLE child;\n"},
      {"5_count.up.sql", "UPDATE t SET n = 1;\n"},
      {"5_count.down.sql", "-- toolkit: irreversible what n was is not kept\n"}};
}

FileTree set_for(const std::string& engine) {
  FileTree set = shared_set();
  if (engine == "postgresql") {
    set["6_widen_n.up.sql"] = "ALTER TABLE t ALTER COLUMN n TYPE bigint;\n";
    set["6_widen_n.down.sql"] = "ALTER TABLE t ALTER COLUMN n TYPE integer;\n";
    set["7_index_n.up.sql"] = "-- toolkit: no-transaction\nCREATE INDEX CONCURRENTLY t_n ON t (n);\n";
    set["7_index_n.down.sql"] = "-- toolkit: no-transaction\nDROP INDEX CONCURRENTLY t_n;\n";
  } else if (engine == "sqlite") {
    set["6_widen_n.up.1.sql"] = "CREATE TABLE t2 (id INTEGER NOT NULL PRIMARY KEY, n INTEGER);\n";
    set["6_widen_n.up.2.sql"] = "INSERT INTO t2 SELECT id, n FROM t;\n";
    set["6_widen_n.up.3.sql"] = "DROP TABLE t;\n";
    set["6_widen_n.up.4.sql"] = "ALTER TABLE t2 RENAME TO t;\n";
    set["6_widen_n.down.sql"] = "-- toolkit: irreversible a and b are gone\n";
  } else {
    set["6_widen_n.up.sql"] = "ALTER TABLE t MODIFY n BIGINT;\n";
    set["6_widen_n.down.sql"] = "ALTER TABLE t MODIFY n INTEGER;\n";
    set["7_full_text.up.sql"] = "CREATE FULLTEXT INDEX t_text ON t (a);\n";
    set["7_full_text.down.sql"] = "DROP INDEX t_text ON t;\n";
    set["8_own_words.up.sql"] = "ALTER TABLE t ADD COLUMN c INT, ALGORITHM=COPY, LOCK=SHARED;\n";
    set["8_own_words.down.sql"] = "ALTER TABLE t DROP COLUMN c;\n";
    set["9_write_anew.up.sql"] = "ALTER TABLE child FORCE;\n";
    set["9_write_anew.down.sql"] = "ALTER TABLE child FORCE;\n";
  }
  return set;
}

std::string locks_in(const std::string& document) {
  std::string text;
  const nlohmann::json parsed = nlohmann::json::parse(document);
  for (const auto& version : parsed["engines"][0]["locks"]) {
    text += version["name"].get<std::string>() + ":";
    for (const auto& lock : version["locks"]) {
      text += " [" + lock["object"].get<std::string>() + "|" + lock["lock"].get<std::string>() + "|" +
              lock["algorithm"].get<std::string>() + "|" + (lock["rewritten"] ? "rewritten" : "") + "]";
    }
    text += "\n";
  }
  // MariaDB 11.2 and newer let others write while they copy.
  static const std::regex copied_online("\\|NONE\\|COPY");
  return std::regex_replace(text, copied_online, "|SHARED|COPY");
}

}  // namespace

TEST_CASE("cli: verify reports the locks that each version takes") {
  for (const TestServer& server : test_servers()) {
    CAPTURE(server.label);
    Project project(server, set_for(server.engine));
    const std::string on = server.engine == "sqlite" ? "sqlite" : server.url;
    const Outcome outcome = project.run({"verify", "--on", on, "--format", "json"});
    CAPTURE(outcome.out);
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK(difference_from("verify.locks." + server.engine, locks_in(outcome.out)) == "");
  }
}

#include "../../src/compare_rows.hpp"

#include <doctest/doctest.h>

#include "../../src/row_values.hpp"
#include "script_syntaxes.hpp"

using namespace toolkit;

namespace {

using Tables = std::map<std::string, TableRows>;

TableRows table_of(std::vector<std::string> columns, std::vector<std::string> key,
                   std::vector<std::vector<std::string>> rows,
                   std::map<std::string, std::string> types = {}) {
  return {std::move(columns), std::move(key), std::move(rows), std::move(types)};
}

Script script_of(const std::vector<std::string>& statements) {
  Script script;
  for (const std::string& sql : statements) {
    Step step;
    step.sql = sql;
    script.steps.push_back(step);
  }
  return script;
}

/// The findings, stated ones with a plus.
std::string found(const Tables& before, const Tables& after, const std::vector<std::string>& statements,
                  bool is_irreversible = false) {
  std::string text;
  for (const RowFinding& finding : compare_rows(before, after, script_of(statements),
                                                test::script_syntax_of("postgresql"), is_irreversible)) {
    text += (finding.is_stated ? "+ " : "- ") + finding.text + "\n";
  }
  return text;
}

const TableRows two = table_of({"id", "a"}, {"id"}, {{"1", "x"}, {"2", "y"}});

}  // namespace

TEST_CASE("compare_rows: equal rows in any order, and new ones, are no finding") {
  CHECK(found({{"t", two}}, {{"t", table_of({"a", "id"}, {"id"}, {{"z", "3"}, {"y", "2"}, {"x", "1"}})}},
              {}) == "");
}

TEST_CASE("compare_rows: what is gone and what changed, with an example") {
  CHECK(found({{"t", two}}, {{"t", table_of({"id", "a"}, {"id"}, {{"2", "Y"}})}},
              {"CREATE INDEX i ON t (a)"}) ==
        "- 1 row of 2 of table t are gone, for example id = 1, a = x\n"
        "- column a of table t has other values in 1 row: 'y' became 'Y'\n");
}

TEST_CASE("compare_rows: rows are told apart by the key of before, whatever the key is now") {
  CHECK(found({{"t", two}}, {{"t", table_of({"id", "a"}, {"id", "a"}, {{"1", "x"}, {"2", "y"}})}}, {}) == "");
  CHECK(found({{"t", two}}, {{"t", table_of({"id", "a"}, {}, {{"1", "x"}, {"2", "y"}})}}, {}) == "");
  CHECK(found({{"t", two}}, {{"t", table_of({"new_id", "a"}, {"new_id"}, {{"1", "x"}, {"2", "y"}})}}, {}) ==
        "");
}

TEST_CASE("compare_rows: equal rows of a table without a key are counted") {
  const TableRows twins = table_of({"a"}, {}, {{"x"}, {"x"}});
  CHECK(found({{"t", twins}}, {{"t", table_of({"a"}, {}, {{"x"}, {"x"}})}}, {}) == "");
  CHECK(found({{"t", twins}}, {{"t", table_of({"a"}, {}, {{"x"}})}}, {}) ==
        "- 1 row of 2 of table t are gone, for example a = x\n");
}

TEST_CASE("compare_rows: a statement states what it does to its own table, and to no other") {
  const Tables before = {{"public.t", two}, {"u", two}};
  const Tables after = {{"public.t", table_of({"id", "a"}, {"id"}, {{"1", "x"}})},
                        {"u", table_of({"id", "a"}, {"id"}, {{"1", "x"}})}};
  CHECK(found(before, after, {"DELETE FROM t WHERE id IN (SELECT id FROM u)"}) ==
        "+ 1 row of 2 of table public.t are gone, for example id = 2, a = y\n"
        "- 1 row of 2 of table u are gone, for example id = 2, a = y\n");
  CHECK(found(before, after, {"TRUNCATE \"t\", u"}).find("- ") == std::string::npos);
  CHECK(found(before, after, {"CALL tidy()"}).find("- ") == std::string::npos);
  CHECK(found(before, after, {"DELETE FROM a_view"}).find("- ") == std::string::npos);
  CHECK(found(before, after,
              {"CREATE TABLE u_new (id int)", "DELETE FROM u_new", "ALTER TABLE u_new RENAME TO u"})
            .find("- 1 row of 2 of table public.t") == 0);
}

TEST_CASE("compare_rows: an UPDATE states other values, and rows whose key it moves") {
  CHECK(found({{"t", two}}, {{"t", table_of({"id", "a"}, {"id"}, {{"1", "x"}, {"3", "z"}})}},
              {"UPDATE t SET id = 3, a = 'z' WHERE id = 2"}) ==
        "+ 1 row of 2 of table t are gone, for example id = 2, a = y\n");
  CHECK(found({{"t", two}}, {{"t", table_of({"id", "a"}, {"id"}, {{"1", "x"}})}}, {"UPDATE t SET a = 'x'"}) ==
        "- 1 row of 2 of table t are gone, for example id = 2, a = y\n");
  CHECK(found({{"t", two}}, {{"t", table_of({"id", "a"}, {"id"}, {{"1", "z"}, {"2", "z"}})}},
              {"INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET a = 'z'"}) ==
        "+ column a of table t has other values in 2 rows: 'x' became 'z'\n");
}

TEST_CASE("compare_rows: rows that a down leaves behind are notes") {
  const std::vector<RowFinding> left = rows_left_behind(
      {{"t", two}}, {{"t", table_of({"id", "a"}, {"id"}, {{"1", "x"}, {"2", "y"}, {"3", "seeded"}})}});
  REQUIRE(left.size() == 1);
  CHECK(left[0].text ==
        "1 row of table t that the up has put in is left behind, for example id = 3, a = seeded");
  CHECK(left[0].is_stated);
  CHECK(rows_left_behind({{"t", two}}, {{"t", two}}).empty());
}

TEST_CASE("compare_rows: common rows are those that both sides have, in the columns that both have") {
  const TableRows common =
      common_rows(two, table_of({"id", "a", "b"}, {"id"}, {{"1", "x", "0"}, {"2", "changed", "0"}}));
  CHECK(common.columns == std::vector<std::string>{"id", "a"});
  CHECK(common.rows == std::vector<std::vector<std::string>>{{"1", "x"}});
}

TEST_CASE("row_values: within one type every difference counts, between two the way of writing does not") {
  CHECK_FALSE(is_same_value("1.50", "text", "1.5", "text"));
  CHECK_FALSE(is_same_value("t", "text", "1", "text"));
  CHECK_FALSE(is_same_value("a ", "varchar(5)", "a", "varchar(5)"));
  CHECK(is_same_value("1.50", "numeric(8,2)", "1.5", "numeric(8,1)"));
  CHECK(is_same_value("3", "integer", "3.00", "numeric(8,2)"));
  CHECK_FALSE(is_same_value("3.77", "numeric(8,2)", "4", "integer"));
  CHECK(is_same_value("t", "boolean", "1", "smallint"));
  CHECK_FALSE(is_same_value("t", "text", "1", "smallint"));
  CHECK(is_same_value("2001-02-03 04:05:00.120", "datetime(3)", "2001-02-03 04:05:00.120000", "datetime(6)"));
  CHECK(is_same_value("2001-02-03", "date", "2001-02-03 00:00:00", "timestamp without time zone"));
  CHECK(is_same_value("2001-02-03 04:05:00", "timestamp", "2001-02-03 04:05:00+00", "timestamptz"));
  CHECK_FALSE(is_same_value("2001-02-03 04:05:00", "timestamp", "2001-02-03", "date"));
  CHECK_FALSE(is_same_value("2001-02-03 04:05:00.12", "timestamp(3)", "2001-02-03 04:05:00", "timestamp(0)"));
  CHECK(is_same_value("ab   ", "character(5)", "ab", "text"));
  CHECK(is_same_value("{\"a\": [1, \"b c\"]}", "json", "{\"a\":[1,\"b c\"]}", "jsonb"));
  CHECK_FALSE(is_same_value("{\"a\": \"b c\"}", "json", "{\"a\": \"bc\"}", "jsonb"));
  CHECK(is_same_value("9", "int unsigned", "00000009", "int(8) unsigned zerofill"));
  CHECK(is_same_value("0", "int unsigned", "00000000", "int(8) unsigned zerofill"));
  CHECK_FALSE(is_same_value("007", "varchar(9)", "7", "int"));
  CHECK(is_same_value("AB-1", "text", "ab-1", "uuid"));
}

TEST_CASE("compare_rows: an up that adds a rule says that it refuses rows") {
  const ScriptSyntax syntax = test::script_syntax_of("postgresql");
  for (const char* sql : {"ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (id)",
                          "alter table t add unique (a)", "ALTER TABLE t ADD CHECK (a > 0)",
                          "CREATE UNIQUE INDEX i ON t (a)", "ALTER TABLE t ADD PRIMARY KEY (a)"}) {
    CAPTURE(sql);
    CHECK(states_refusal(script_of({"SELECT 1", sql}), syntax));
  }
  for (const char* sql : {"ALTER TABLE t ADD COLUMN a integer NOT NULL", "CREATE INDEX i ON t (a)",
                          "ALTER TABLE t ALTER COLUMN a TYPE integer",
                          "ALTER TABLE t ALTER COLUMN a SET NOT NULL", "UPDATE t SET a = 'ADD CONSTRAINT'"}) {
    CAPTURE(sql);
    CHECK_FALSE(states_refusal(script_of({sql}), syntax));
  }
}

TEST_CASE("rows: a NULL becomes something where the column takes none any more") {
  TableRows before{{"id", "n"}, {"id"}, {{"1", "NULL"}, {"2", "x"}}, {}};
  TableRows after{{"id", "n"}, {"id"}, {{"1", ""}, {"2", "x"}}, {}};
  const ScriptSyntax syntax;
  CHECK(compare_rows({{"t", before}}, {{"t", after}}, {}, syntax, false).size() == 1);
  after.required = {"n"};
  CHECK(compare_rows({{"t", before}}, {{"t", after}}, {}, syntax, false).empty());
}

TEST_CASE("compare_rows: an irreversible version states what its new types do to values, and no more") {
  const Tables texts = {{"t", table_of({"id", "a", "b"}, {"id"}, {{"1", "abc", "x"}},
                                       {{"id", "bigint"}, {"a", "text"}, {"b", "text"}})}};
  const auto now = [](const std::string& a, const std::string& b, const std::string& type) {
    return Tables{{"t", table_of({"id", "a", "b"}, {"id"}, {{"1", a, b}},
                                 {{"id", "bigint"}, {"a", type}, {"b", "text"}})}};
  };
  const std::vector<std::string> retype = {"ALTER TABLE t ALTER COLUMN a TYPE integer USING length(a)"};
  const std::string changed = " column a of table t has other values in 1 row: 'abc' became '3'\n";
  CHECK(found(texts, now("3", "x", "integer"), retype, true) == "+" + changed);
  CHECK(found(texts, now("3", "x", "integer"), retype, false) == "-" + changed);
  CHECK(found(texts, now("3", "y", "integer"), retype, true) ==
        "+" + changed + "- column b of table t has other values in 1 row: 'x' became 'y'\n");
  CHECK(found(texts, now("ABC", "x", "text"),
              {"ALTER TABLE t ADD c int, ALTER a SET DATA TYPE text USING upper(a)"},
              true) == "+ column a of table t has other values in 1 row: 'abc' became 'ABC'\n");
  CHECK(found(texts, now("ABC", "x", "text"), {"ALTER TABLE t ALTER b TYPE text USING b"}, true) ==
        "- column a of table t has other values in 1 row: 'abc' became 'ABC'\n");
  CHECK(found(texts, {{"t", table_of({"id", "a", "b"}, {"id"}, {})}}, retype, true) ==
        "- 1 row of 1 of table t are gone, for example id = 1, a = abc, b = x\n");
}

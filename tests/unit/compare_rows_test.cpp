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
      common_rows(two, table_of({"id", "a", "b"}, {"id"}, {{"1", "x", "0"}, {"2", "changed", "0"}}), {});
  CHECK(common.columns == std::vector<std::string>{"id", "a"});
  CHECK(common.rows == std::vector<std::vector<std::string>>{{"1", "x"}});
}

TEST_CASE("compare_rows: common rows follow a column to its new name, and leave out one that is made anew") {
  const TableRows after =
      table_of({"id", "b", "a", "c"}, {"id"}, {{"1", "x", "new", ""}, {"2", "y", "new", ""}});
  const TableRows before = table_of({"id", "a", "c"}, {"id"}, {{"1", "x", "7"}, {"2", "y", "8"}});
  const TableRows common = common_rows(before, after, {{"C"}, {{"A", "B"}}});
  CHECK(common.columns == std::vector<std::string>{"id", "b"});
  CHECK(common.rows == two.rows);
}

TEST_CASE("compare_rows: a column is followed to the name that it gets, whatever takes its old one") {
  const TableRows after = table_of({"id", "b", "a"}, {"id"}, {{"1", "x", ""}, {"2", "y", ""}});
  const char* swap = "ALTER TABLE app.t RENAME COLUMN a TO b";
  CHECK(found({{"t", two}}, {{"t", after}}, {swap, "ALTER TABLE t ADD COLUMN a text NOT NULL DEFAULT ''"}) ==
        "");
  CHECK(found({{"t", two}}, {{"t", after}}, {"ALTER TABLE t CHANGE COLUMN a b text, ADD a text"}) == "");
  CHECK(found({{"t", two}}, {{"t", after}},
              {"ALTER TABLE t RENAME a TO c", "ALTER TABLE \"t\" RENAME c TO b"}) == "");
  CHECK(found({{"t", two}}, {{"t", table_of({"id", "b"}, {"id"}, {{"1", "x"}, {"2", "Y"}})}}, {swap}) ==
        "- column a of table t has other values in 1 row: 'y' became 'Y'\n");
  // Of another table, and a constraint of that name.
  CHECK(found({{"t", two}}, {{"t", after}}, {"ALTER TABLE u RENAME COLUMN a TO b"}) ==
        "- column a of table t has other values in 2 rows: 'x' became ''\n");
  CHECK(found({{"t", two}}, {{"t", after}}, {"ALTER TABLE t RENAME CONSTRAINT a TO b"}) ==
        "- column a of table t has other values in 2 rows: 'x' became ''\n");
}

TEST_CASE("compare_rows: what a column held that is dropped and made anew is stated to be gone") {
  const TableRows after = table_of({"id", "a"}, {"id"}, {{"1", ""}, {"2", ""}});
  const std::string told = " column a of table t has other values in 2 rows: 'x' became ''\n";
  CHECK(found({{"t", two}}, {{"t", after}},
              {"ALTER TABLE t DROP COLUMN IF EXISTS a", "ALTER TABLE t ADD COLUMN a text DEFAULT ''"}) ==
        "+" + told);
  CHECK(found({{"t", two}}, {{"t", after}}, {"ALTER TABLE t ADD b text, DROP a, ADD a text"}) == "+" + told);
  CHECK(found({{"t", two}}, {{"t", after}}, {"ALTER TABLE t DROP CONSTRAINT a, ALTER a DROP NOT NULL"}) ==
        "-" + told);
  // Rows are told apart by the rest when that was their key.
  CHECK(found({{"t", two}}, {{"t", table_of({"a", "id"}, {"id"}, {{"x", "u-1"}, {"y", "u-2"}})}},
              {"ALTER TABLE t DROP COLUMN id", "ALTER TABLE t ADD COLUMN id uuid PRIMARY KEY"}) ==
        "+ column id of table t has other values in 2 rows: '1' became 'u-1'\n");
  CHECK(found({{"t", two}}, {{"t", table_of({"a", "id"}, {"id"}, {{"x", "u-1"}})}},
              {"ALTER TABLE t DROP COLUMN id", "ALTER TABLE t ADD COLUMN id uuid PRIMARY KEY"}) ==
        "- 1 row of 2 of table t are gone, for example id = 2, a = y\n"
        "+ column id of table t has other values in 1 row: '1' became 'u-1'\n");
  // A column that takes the name of a dropped one is compared under it.
  CHECK(found({{"t", table_of({"id", "a", "b"}, {"id"}, {{"1", "x", "keep"}})}},
              {{"t", table_of({"id", "a"}, {"id"}, {{"1", "keep"}})}},
              {"ALTER TABLE t DROP a", "ALTER TABLE t RENAME b TO a"}) == "");
}

TEST_CASE("compare_rows: rows that stand in their table under its new name are there") {
  const std::vector<std::string> swap = {"ALTER TABLE t RENAME TO t_old", "ALTER TABLE t_new RENAME TO t"};
  const TableRows none = table_of({"id", "a"}, {"id"}, {});
  CHECK(found({{"t", two}}, {{"t", none}, {"t_old", two}}, swap) == "");
  CHECK(found({{"t", two}}, {{"t", none}, {"t_old", none}}, swap) ==
        "- 2 rows of 2 of table t are gone, for example id = 1, a = x\n");
  CHECK(found({{"t", two}}, {{"t", none}},
              {"ALTER TABLE t RENAME TO t_old", "CREATE TABLE t (id int, a text)", "DROP TABLE t_old"}) ==
        "- 2 rows of 2 of table t are gone, for example id = 1, a = x\n");
}

TEST_CASE("compare_rows: a table that is dropped before it is copied has lost its rows by that statement") {
  const Tables none = {{"t", table_of({"id", "a"}, {"id"}, {})}};
  const std::string told = " 2 rows of 2 of table t are gone, for example id = 1, a = x\n";
  CHECK(found({{"t", two}}, none, {"DROP TABLE IF EXISTS t", "CREATE TABLE t (id int, a text)"}) ==
        "+" + told);
  CHECK(found({{"t", two}}, none,
              {"CREATE TABLE n (id int, a text)", "INSERT INTO n SELECT * FROM t WHERE id > 9",
               "DROP TABLE t", "ALTER TABLE n RENAME TO t"}) == "-" + told);
  CHECK(found({{"t", two}}, none,
              {"CREATE TABLE n AS SELECT * FROM t WHERE id > 9", "DROP TABLE t",
               "ALTER TABLE n RENAME TO t"}) == "-" + told);
  // Of another table.
  CHECK(found({{"t", two}}, none, {"DROP TABLE u"}) == "-" + told);
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

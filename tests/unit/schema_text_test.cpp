#include "../../src/schema_text.hpp"

#include <doctest/doctest.h>

#include "../../src/schema_rows.hpp"
#include "../../src/schema_rows_words.hpp"
#include "../support/thrown.hpp"
#include "fake_dialect.hpp"
#include "toolkit/schema.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

std::string one_line(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) {
    all += (all.empty() ? "" : " | ") + text;
  }
  return all;
}

std::string with_row(const std::string& flavour, const std::vector<std::string>& statements) {
  return one_line(with_rows(statements, {"ROW"}, script_syntax_of(flavour)));
}

/// What stands behind the header of three lines.
std::string body_of(const std::string& flavour, const std::vector<std::string>& statements) {
  const std::string text = schema_text(7, "Server", statements, script_syntax_of(flavour));
  std::size_t at = 0;
  for (int line = 0; line < 4; ++line) {
    at = text.find('\n', at) + 1;
  }
  return text.substr(at);
}

CatalogObject column(const std::string& name, std::vector<Property> properties = {}) {
  return {"column", name, std::move(properties), {}};
}

CatalogObject table_of_numbers() {
  return {"table", "t", {}, {column("id"), column("up"), {"primary key", "pk", {{"columns", "id"}}, {}}}};
}

}  // namespace

TEST_CASE("fresh schema: statements end, bodies stand between delimiter lines, INSERTs stay together") {
  CHECK(
      schema_text(7, "Server", {}, script_syntax_of("sqlite")) ==
      "-- toolkit: schema-version 7\n"
      "-- The fresh schema for Server: what the versions up to 7 make, in one go. Written by 'toolkit schema "
      "dump'.\n"
      "-- 'toolkit schema load' loads it into an empty database and records the versions; a client of the\n"
      "-- server loads it without recording them.\n");
  CHECK(body_of("sqlite", {"CREATE TABLE a (i)", "INSERT INTO a VALUES (1)", "INSERT INTO a VALUES (2)",
                           "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END"}) ==
        "\nCREATE TABLE a (i);\n\nINSERT INTO a VALUES (1);\nINSERT INTO a VALUES (2);\n\nCREATE TRIGGER t "
        "AFTER INSERT ON a BEGIN SELECT 1; END;\n");
  CHECK(body_of("mysql",
                {"CREATE TABLE a (i INT) COMMENT 'a;b'", "CREATE PROCEDURE p() BEGIN SELECT '$$'; END"}) ==
        "\nCREATE TABLE a (i INT) COMMENT 'a;b';\n\nDELIMITER $$$\nCREATE PROCEDURE p() BEGIN SELECT '$$'; "
        "END$$$\nDELIMITER ;\n");
}

TEST_CASE("fresh schema: what would be read as other statements is refused") {
  CHECK(thrown_by([] {
          schema_text(7, "Server", {"SELECT 1; SELECT 2"}, script_syntax_of("postgresql"));
        }).kind == ErrorKind::internal);
}

TEST_CASE("fresh schema: rows stand behind the tables and before what reacts to them") {
  CHECK(with_row("sqlite", {"CREATE TABLE a (i)", "CREATE VIEW v AS SELECT 1"}) ==
        "CREATE TABLE a (i) | ROW | CREATE VIEW v AS SELECT 1");
  CHECK(with_row("postgresql", {"CREATE TABLE a (i int)", "ALTER TABLE a ADD CHECK (i > 0)",
                                "CREATE CONSTRAINT TRIGGER t AFTER INSERT ON a"}) ==
        "CREATE TABLE a (i int) | ALTER TABLE a ADD CHECK (i > 0) | ROW | CREATE CONSTRAINT TRIGGER t AFTER "
        "INSERT ON a");
  CHECK(with_row("postgresql", {"CREATE TABLE a (i int)", "CREATE MATERIALIZED VIEW m AS SELECT 1"}) ==
        "CREATE TABLE a (i int) | ROW | CREATE MATERIALIZED VIEW m AS SELECT 1");
  CHECK(
      with_row("mysql", {"CREATE TABLE a (i INT)", "SET SESSION sql_mode = ''",
                         "CREATE DEFINER = `x`@`y` TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET @a = 1"}) ==
      "CREATE TABLE a (i INT) | ROW | SET SESSION sql_mode = '' | CREATE DEFINER = `x`@`y` TRIGGER t BEFORE "
      "INSERT ON a FOR EACH ROW SET @a = 1");
  CHECK(with_row("sqlite", {}) == "ROW");
}

TEST_CASE("fresh schema: rows are sorted by key, numbers by value, parents first") {
  const CatalogObject plain = table_of_numbers();
  SavedRows rows{&plain, {"id", "up"}, {{"10", "'b'"}, {"9", "'a'"}, {"-1", "NULL"}}};
  sort_rows(rows);
  CHECK(rows.rows == std::vector<std::vector<std::string>>{{"-1", "NULL"}, {"9", "'a'"}, {"10", "'b'"}});

  CatalogObject own = table_of_numbers();
  own.children.push_back({"foreign key", "f", {{"columns", "up"}, {"references", "t (id)"}}, {}});
  SavedRows tree{&own, {"id", "up"}, {{"1", "2"}, {"2", "3"}, {"3", "NULL"}, {"4", "4"}}};
  sort_rows(tree);
  CHECK(tree.rows ==
        std::vector<std::vector<std::string>>{{"3", "NULL"}, {"4", "4"}, {"2", "3"}, {"1", "2"}});
  SavedRows circle{&own, {"id", "up"}, {{"1", "2"}, {"2", "1"}}};
  CHECK(thrown_by([&] { sort_rows(circle); }).kind == ErrorKind::usage);
}

TEST_CASE("fresh schema: INSERTs name their columns, and counting columns go on behind them") {
  const FakeDialect dialect;
  const CatalogObject table = {
      "table", "app.t", {}, {column("id", {{"identity", "always"}}), column("\"Odd \"\"n\"")}};
  CHECK(one_line(insert_statements({&table, {"id", "\"Odd \"\"n\""}, {{"1", "'x'"}}}, dialect)) ==
        "INSERT INTO \"app\".\"t\" (\"id\", \"Odd \"n\") OVERRIDING SYSTEM VALUE VALUES (1, 'x') | SELECT "
        "pg_catalog.setval(pg_catalog.pg_get_serial_sequence('\"app\".\"t\"', 'id'), max(\"id\")) FROM "
        "\"app\".\"t\"");
  CHECK(insert_statements({&table, {"id"}, {}}, dialect).empty());
}

TEST_CASE("fresh schema: a table that has what its database has by default says none of it") {
  Catalog catalog;
  const auto table = [](const std::string& name, const std::string& collation) {
    return std::make_shared<CatalogObject>(CatalogObject{
        "table", name, {{"engine", "InnoDB"}, {"charset", "utf8mb4"}, {"collation", collation}}, {}});
  };
  catalog.objects = {table("a", "utf8mb4_bin"), table("b", "utf8mb4_general_ci")};
  const Catalog plain = without_defaults(catalog, {"utf8mb4", "utf8mb4_bin"});
  CHECK(plain.objects[0]->properties == std::vector<Property>{{"engine", "InnoDB"}});
  CHECK(plain.objects[1] == catalog.objects[1]);
  CHECK(without_defaults(catalog, {}).objects == catalog.objects);
}

TEST_CASE(
    "schema: logical differences count, the order of columns where it can be restored, all when strict") {
  Traits traits;
  Difference difference;
  const auto counted = [&](DifferenceClass each, bool restores, bool strict) {
    difference.difference_class = each;
    traits.restores_column_order = restores;
    return counts(difference, traits, strict);
  };
  CHECK(counted(DifferenceClass::logical, false, false));
  CHECK_FALSE(counted(DifferenceClass::physical, false, false));
  CHECK(counted(DifferenceClass::physical, true, false));
  CHECK_FALSE(counted(DifferenceClass::cosmetic, true, false));
  CHECK(counted(DifferenceClass::cosmetic, false, true));
}

#include "toolkit/diff.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <string>

#include "../../src/diff_parts.hpp"
#include "../support/catalogs.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

/// `class: text`, a line each.
std::string told(const Catalog& expected, const Catalog& actual) {
  std::string text;
  for (const Difference& difference : diff(expected, actual)) {
    text.append(to_string(difference.difference_class))
        .append(": ")
        .append(describe(difference))
        .append("\n");
  }
  return text;
}

std::string told(const CatalogObject& expected, const CatalogObject& actual) {
  return told(catalog_of({expected}), catalog_of({actual}));
}

CatalogObject table(std::vector<CatalogObject> children, Facts facts = {}) {
  return object_of("table", "apps", std::move(facts), std::move(children));
}

CatalogObject columns(const std::string& names) {
  CatalogObject result = table({});
  for (const char name : names) {
    result.children.push_back(column_of(std::string(1, name), "INT"));
  }
  return result;
}

CatalogObject with(CatalogObject object, const std::string& property, const std::string& value) {
  object.properties.push_back({property, value});
  return object;
}

CatalogObject generated(const std::string& kind, const std::string& name, Facts facts) {
  return with(object_of(kind, name, std::move(facts)), "name-origin", "generated");
}

}  // namespace

TEST_CASE("diff: equal catalogs have none, shared or not") {
  const Catalog catalog = catalog_of({columns("abc"), object_of("view", "v", {{"definition", "SELECT 1"}})});
  CHECK(diff(catalog, catalog).empty());
  CHECK(diff(catalog, catalog_of({columns("abc"), object_of("view", "v", {{"definition", "SELECT 1"}})}))
            .empty());
  Catalog other = catalog;
  other.server = "another server";
  CHECK(diff(catalog, other).empty());
  CHECK(diff({}, {}).empty());
}

TEST_CASE("diff: whole objects, with what matters of them") {
  const Catalog none = catalog_of({});
  const Catalog all = catalog_of({object_of("enum", "mood", {{"labels", "sad, ok"}}), columns("ab"),
                                  object_of("view", "v", {{"definition", "SELECT a\nFROM t"}}),
                                  object_of("schema", "s", {{"comment", "x"}})});
  CHECK(told(all, none) ==
        "logical: schema s: missing, expected comment x\n"
        "logical: enum mood: missing, expected sad, ok\n"
        "logical: table apps: missing, expected (a, b)\n"
        "logical: view v: missing, expected SELECT a …\n");
  CHECK(told(none, all) ==
        "logical: schema s: unexpected, is comment x\n"
        "logical: enum mood: unexpected, is sad, ok\n"
        "logical: table apps: unexpected, is (a, b)\n"
        "logical: view v: unexpected, is SELECT a …\n");
}

TEST_CASE("diff: parts of a table that are missing or unexpected") {
  const CatalogObject full = table({
      column_of("id", "VARCHAR(36)", "no"),
      with(column_of("n", "INT"), "default", "0"),
      object_of("primary key", "apps_pk", {{"columns", "id"}}),
      object_of("unique", "u", {{"columns", "n desc"}}),
      object_of("foreign key", "fk", {{"columns", "n"}, {"references", "t (id)"}, {"on-delete", "cascade"}}),
      generated("check", "", {{"expression", "n > 0"}}),
      object_of("index", "i", {{"columns", "n, id"}, {"unique", "yes"}, {"where", "n > 1"}}),
      object_of("trigger", "tr", {{"timing", "after"}, {"events", "insert"}, {"body", "SELECT 1"}}),
  });
  CHECK(told(full, table({})) ==
        "logical: table apps, column id: missing, expected VARCHAR(36), not null\n"
        "logical: table apps, column n: missing, expected INT, default 0\n"
        "logical: table apps, primary key apps_pk: missing, expected (id)\n"
        "logical: table apps, unique u: missing, expected (n desc)\n"
        "logical: table apps, foreign key fk: missing, expected (n) references t (id) on delete cascade\n"
        "logical: table apps, check (n > 0): missing, expected n > 0\n"
        "logical: table apps, index i: missing, expected unique (n, id) where n > 1\n"
        "logical: table apps, trigger tr: missing, expected after insert\n");
  CHECK(told(table({}), full)
            .find("logical: table apps, index i: unexpected, is unique (n, id) where n > 1\n") !=
        std::string::npos);
  CHECK(diff(catalog_of({table({})}), catalog_of({full})).size() == 8);
}

TEST_CASE("diff: facts that differ, that came and that went") {
  CHECK(told(table({column_of("name", "TEXT", "no")}), table({column_of("name", "TEXT", "yes")})) ==
        "logical: table apps, column name: nullable is yes, expected no\n");
  CHECK(told(table({with(column_of("name", "TEXT"), "default", "0")}), table({column_of("name", "TEXT")})) ==
        "logical: table apps, column name: default is none, expected 0\n");
  CHECK(told(table({column_of("name", "TEXT")}), table({with(column_of("name", "TEXT"), "comment", "x")})) ==
        "logical: table apps, column name: comment is x, expected none\n");
  CHECK(told(table({}, {{"engine", "InnoDB"}}), table({}, {{"engine", "MyISAM"}})) ==
        "logical: table apps: engine is MyISAM, expected InnoDB\n");
  CHECK(told(table({}), table({}, {{"strict", "yes"}})) ==
        "logical: table apps: strict is yes, expected none\n");
}

TEST_CASE("diff: long texts show the lines that differ") {
  const auto view = [](const std::string& text) { return object_of("view", "v", {{"definition", text}}); };
  CHECK(told(view("SELECT a\nFROM t\nWHERE a > 1\nORDER BY a"),
             view("SELECT a\nFROM t\nWHERE a > 2\nORDER BY a")) ==
        "logical: view v: definition differs from line 3 on (- expected, + actual)\n"
        "  - WHERE a > 1\n  + WHERE a > 2\n");
  CHECK(told(view("a\nb\nc"), view("a\nc")) ==
        "logical: view v: definition differs from line 2 on (- expected, + actual)\n  - b\n");
}

TEST_CASE("diff: column order, as few as explain it") {
  CHECK(told(columns("abc"), columns("acb")) ==
        "physical: table apps, column b: position is after c, expected after a\n");
  CHECK(told(columns("abcde"), columns("bcdea")) ==
        "physical: table apps, column a: position is after e, expected first\n");
  CHECK(told(columns("abcde"), columns("eabcd")) ==
        "physical: table apps, column e: position is first, expected after d\n");
  CHECK(told(columns("abcd"), columns("adcb")).find("column b: position") != std::string::npos);
  CHECK(told(columns("abcd"), columns("acd")) == "logical: table apps, column b: missing, expected INT\n");
  CHECK(told(columns("acd"), columns("abcd")) == "logical: table apps, column b: unexpected, is INT\n");
}

TEST_CASE("diff: moving any one column of ten reports one; any order is explained by the fewest") {
  std::mt19937 random(3);
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::size_t> order(10);
    std::iota(order.begin(), order.end(), 0);
    const std::size_t from = random() % 10;
    const std::size_t to = random() % 10;
    const std::size_t moved = order[from];
    order.erase(order.begin() + static_cast<std::ptrdiff_t>(from));
    order.insert(order.begin() + static_cast<std::ptrdiff_t>(to), moved);
    const std::vector<bool> one = moved_columns(order);
    REQUIRE(std::count(one.begin(), one.end(), true) == (from == to ? 0 : 1));

    std::shuffle(order.begin(), order.end(), random);
    const std::vector<bool> is_moved = moved_columns(order);
    std::vector<std::size_t> kept;
    std::vector<std::size_t> lengths(order.size(), 1);  // the plain quadratic way
    for (std::size_t i = 0; i < order.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        lengths[i] = order[j] < order[i] ? std::max(lengths[i], lengths[j] + 1) : lengths[i];
      }
      if (!is_moved[i]) {
        kept.push_back(order[i]);
      }
    }
    REQUIRE(std::is_sorted(kept.begin(), kept.end()));
    REQUIRE(kept.size() == *std::max_element(lengths.begin(), lengths.end()));
  }
  CHECK(moved_columns({}).empty());
}

TEST_CASE("diff: names that the server chose are cosmetic, whatever their order") {
  const CatalogObject expected = table({generated("check", "apps_check", {{"expression", "a > 0"}}),
                                        generated("check", "apps_check1", {{"expression", "b > 0"}})});
  const CatalogObject swapped = table({generated("check", "apps_check", {{"expression", "b > 0"}}),
                                       generated("check", "apps_check1", {{"expression", "a > 0"}})});
  CHECK(told(expected, swapped) ==
        "cosmetic: table apps, check apps_check: name is apps_check1, expected apps_check\n"
        "cosmetic: table apps, check apps_check1: name is apps_check, expected apps_check1\n");
  const CatalogObject lost = table({generated("check", "apps_check", {{"expression", "b > 0"}})});
  CHECK(told(expected, lost) ==
        "logical: table apps, check apps_check: missing, expected a > 0\n"
        "cosmetic: table apps, check apps_check1: name is apps_check, expected apps_check1\n");
}

TEST_CASE("diff: without names, several of one kind") {
  const auto check = [](const std::string& expression) {
    return generated("check", "", {{"expression", expression}});
  };
  CHECK(
      told(table({check("a"), check("b"), check("b")}), table({check("b"), check("b"), check("a")})).empty());
  CHECK(told(table({check("a"), check("b"), check("b")}), table({check("b"), check("a")})) ==
        "logical: table apps, check (b): missing, expected b\n");
}

TEST_CASE("diff: a name that a person chose and that is lost is logical, and one difference") {
  const Facts facts = {{"columns", "a"}};
  CHECK(
      told(table({object_of("unique", "mine", facts)}), table({generated("unique", "apps_a_key", facts)})) ==
      "logical: table apps, unique mine: name is apps_a_key, expected mine\n");
  CHECK(told(table({object_of("index", "one", facts)}), table({object_of("index", "two", facts)})) ==
        "logical: table apps, index one: name is two, expected one\n");
  CHECK(told(table({object_of("unique", "u", facts)}), table({generated("unique", "u", facts)})) ==
        "cosmetic: table apps, unique u: name-origin is generated, expected none\n");
}

TEST_CASE("diff: primary keys and foreign keys are the same thing changed") {
  CHECK(told(table({object_of("primary key", "pk", {{"columns", "a, b"}})}),
             table({object_of("primary key", "pk", {{"columns", "a"}})})) ==
        "logical: table apps, primary key pk: columns is a, expected a, b\n");
  const Facts plain = {{"columns", "a"}, {"references", "t (id)"}};
  const Facts cascade = {{"columns", "a"}, {"references", "t (id)"}, {"on-delete", "cascade"}};
  CHECK(told(table({generated("foreign key", "", cascade)}), table({generated("foreign key", "", plain)})) ==
        "logical: table apps, foreign key (a): on-delete is none, expected cascade\n");
  CHECK(told(table({object_of("index", "i", {{"columns", "a"}})}),
             table({object_of("index", "i", {{"columns", "a desc"}})})) ==
        "logical: table apps, index i: columns is a desc, expected a\n");
}

TEST_CASE("diff: what cannot be modelled is held by its name") {
  Catalog expected = catalog_of({});
  Catalog actual = catalog_of({});
  expected.unsupported = {"rule a", "rule b"};
  actual.unsupported = {"rule b", "rule c"};
  CHECK(told(expected, actual) ==
        "logical: rule a: missing, expected not modelled, known by its name only\n"
        "logical: rule c: unexpected, is not modelled, known by its name only\n");
}

TEST_CASE("diff: fields for programs") {
  const std::vector<Difference> differences =
      diff(catalog_of({table({column_of("a", "INT", "no")})}), catalog_of({table({column_of("a", "INT")})}));
  REQUIRE(differences.size() == 1);
  CHECK(differences[0] == Difference{DifferenceKind::changed, DifferenceClass::logical,
                                     "table apps, column a", "nullable", "no", "yes"});
}

TEST_CASE("diff: order does not matter to whether a difference is found") {
  std::vector<CatalogObject> objects;
  objects.reserve(50);
  for (int i = 0; i < 50; ++i) {
    objects.push_back(object_of("table", "t" + std::to_string(i)));
  }
  Catalog expected = catalog_of(objects);
  sort_catalog(expected);
  std::shuffle(objects.begin(), objects.end(), std::mt19937(5));
  objects.push_back(object_of("view", "v"));
  CHECK(told(expected, catalog_of(objects)) == "logical: view v: unexpected\n");
}

TEST_CASE(
    "diff: whose a column is that a child shares with its parents, which no statement restores, is "
    "physical") {
  const CatalogObject own = table({column_of("a", "integer")});
  CatalogObject inherited = own;
  inherited.children.front() = with(inherited.children.front(), "inherited", "yes");
  CHECK(told(inherited, own) == "physical: table apps, column a: inherited is none, expected yes\n");
  CHECK(told(own, inherited) == "physical: table apps, column a: inherited is yes, expected none\n");
}

#include "toolkit/parity.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "../support/catalogs.hpp"

using namespace toolkit;
using namespace toolkit::test;

// Each row of the tables of docs/parity.md but those of types, which parity_types_test.cpp holds.

namespace {

/// `dialect`, and what stands below a table `t` with the columns a, b (integers) and s (a text).
struct Side {
  std::string dialect;
  std::vector<CatalogObject> below;
};

CatalogObject whole_column(const std::string& name, const Facts& more = {},
                           const std::string& logical = "integer 32", const std::string& nullable = "yes") {
  Facts facts = {{"type", "int"}, {"logical", logical}, {"nullable", nullable}};
  facts.insert(facts.end(), more.begin(), more.end());
  return object_of("column", name, facts);
}

Catalog catalog_of_side(const Side& side) {
  std::vector<CatalogObject> children;
  for (const char* name : {"a", "b", "s"}) {
    const bool is_given = std::any_of(side.below.begin(), side.below.end(), [&](const CatalogObject& each) {
      return each.kind == "column" && each.name == name;
    });
    if (!is_given) {
      children.push_back(whole_column(name, {}, name == std::string("s") ? "text" : "integer 32"));
    }
  }
  children.insert(children.end(), side.below.begin(), side.below.end());
  return catalog_of({object_of("table", "t", {}, children)}, side.dialect);
}

std::string told(const std::vector<ParityDifference>& differences) {
  std::string text;
  for (const ParityDifference& each : differences) {
    text += (text.empty() ? "" : "\n") + std::string(each.is_note ? "note " : "") +
            describe(each, "left", "right");
  }
  return text;
}

std::string between(const Side& left, const Side& right) {
  return told(parity(catalog_of_side(left), catalog_of_side(right)));
}

CatalogObject with_default(const std::string& text, const std::string& logical = "integer 32") {
  return whole_column("a", {{"default", text}}, logical);
}

CatalogObject key(const std::string& kind, const std::string& name, const std::string& columns,
                  const Facts& more = {}) {
  Facts facts = {{"columns", columns}};
  facts.insert(facts.end(), more.begin(), more.end());
  return object_of(kind, name, facts);
}

CatalogObject foreign(const std::string& columns, const std::string& references, const Facts& more = {}) {
  Facts facts = {{"columns", columns}, {"references", references}};
  facts.insert(facts.end(), more.begin(), more.end());
  return object_of("foreign key", "", facts);
}

CatalogObject check(const std::string& name, const std::string& expression) {
  return object_of("check", name, {{"expression", expression}});
}

CatalogObject trigger(const std::string& name, const std::string& timing, const std::string& events) {
  return object_of("trigger", name, {{"timing", timing}, {"events", events}});
}

}  // namespace

TEST_CASE("parity: tables and columns by name") {
  const Catalog one = catalog_of({object_of("table", "Apps", {}, {whole_column("Id")})}, "sqlite");
  const Catalog two = catalog_of({object_of("table", "apps", {}, {whole_column("id")})}, "postgresql");
  const Catalog none = catalog_of({}, "mysql");
  CHECK(told(parity(one, two)) == "");
  CHECK(told(parity(two, none)) == "table apps: missing on right, (id) on left");
  CHECK(told(parity(none, two)) == "table apps: missing on left, (id) on right");
  CHECK(between({"postgresql", {whole_column("x")}}, {"mysql", {}}) ==
        "table t, column x: missing on right, int on left");
  const Catalog partition =
      catalog_of({object_of("table", "p1", {{"partition-of", "apps"}}, {whole_column("id")})}, "postgresql");
  CHECK(told(parity(partition, none)) == "");
  const Catalog search = catalog_of({object_of("table", "apps", {{"options", "using fts5(id)"}})}, "sqlite");
  CHECK(told(parity(two, search)) == "");
}

TEST_CASE("parity: nullability") {
  const CatalogObject not_null = whole_column("a", {}, "integer 32", "no");
  CHECK(between({"postgresql", {not_null}}, {"mysql", {}}) ==
        "table t, column a: nullable is yes on right, no on left");
  const CatalogObject main = key("primary key", "", "a");
  CHECK(between({"postgresql", {not_null, main}}, {"sqlite", {main}}) ==
        "note table t, column a: key-nullable is yes on right, no on left");
  CHECK(between({"postgresql", {main}}, {"sqlite", {not_null, main}}) ==
        "table t, column a: nullable is no on right, yes on left");
}

TEST_CASE("parity: defaults") {
  const auto held = [](const std::string& left, const std::string& right, const std::string& left_type,
                       const std::string& right_type) {
    return between({"postgresql", {with_default(left, left_type)}},
                   {"mysql", {with_default(right, right_type)}});
  };
  CHECK(held("now()", "CURRENT_TIMESTAMP(6)", "timestamp", "timestamp") == "");
  CHECK(held("false", "0", "boolean", "boolean") == "");
  CHECK(held("true", "b'1'", "boolean", "boolean") == "");
  CHECK(held("false", "'0'", "boolean", "boolean") == "");
  CHECK(held("0", "'0'", "integer 32", "integer 32") == "");
  CHECK(held("0", "0.0000", "decimal 12,4", "decimal 12,4") == "");
  CHECK(held("'-1'::integer", "-1", "integer 32", "integer 32") == "");
  CHECK(held("'sync'::character varying", "'sync'", "varchar 16", "varchar 16") == "");
  CHECK(held("NULL::character varying", "", "varchar 16", "varchar 16") == "");
  CHECK(held("'{}'::jsonb", "('{}')", "json", "json") == "");
  CHECK(held("'{}'::jsonb", "(json_object())", "json", "json") == "");
  CHECK(held("'\\x6162'::bytea", "'ab'", "bytes", "bytes") == "");
  CHECK(held("gen_random_uuid()", "(uuid())", "uuid", "char 36") == "");
  CHECK(held("CURRENT_DATE", "(curdate())", "date", "date") == "");
  CHECK(held("128", "256", "integer 32", "integer 32") ==
        "table t, column a: default is 256 on right, 128 on left");
  CHECK(held("'0'::text", "'0.0'", "text", "text") ==
        "table t, column a: default is '0.0' on right, '0'::text on left");
  CHECK(held("", "''", "text", "text") == "table t, column a: default is '' on right, none on left");
  CHECK(held("own_function()", "(other_function())", "text", "text") ==
        "note table t, column a: default is (other_function()) on right, own_function() on left");
  CHECK(between({"postgresql", {with_default("true", "boolean")}},
                {"sqlite", {with_default("1", "integer")}}) == "");
}

TEST_CASE("parity: numbering, generated columns, ON UPDATE") {
  const CatalogObject identity = whole_column("a", {{"identity", "by default"}});
  const CatalogObject serial = whole_column("a", {{"default", "nextval('t_a_seq'::regclass)"}});
  const CatalogObject numbered = whole_column("a", {{"auto-increment", "yes"}});
  const CatalogObject rowid = whole_column("a", {{"identity", "rowid"}}, "integer");
  const CatalogObject autoincrement =
      whole_column("a", {{"identity", "rowid"}, {"auto-increment", "yes"}}, "integer");
  CHECK(between({"postgresql", {identity}}, {"mysql", {numbered}}) == "");
  CHECK(between({"postgresql", {serial}}, {"mysql", {numbered}}) == "");
  CHECK(between({"postgresql", {serial}}, {"sqlite", {autoincrement}}) == "");
  CHECK(between({"postgresql", {identity}}, {"sqlite", {rowid}}) == "");
  CHECK(between({"postgresql", {}}, {"sqlite", {rowid}}) == "");
  CHECK(between({"postgresql", {}}, {"sqlite", {autoincrement}}) ==
        "table t, column a: auto-increment is yes on right, no on left");
  CHECK(between({"postgresql", {serial}}, {"mysql", {}}) ==
        "table t, column a: auto-increment is no on right, yes on left");

  const auto generated = [](const std::string& text) { return whole_column("a", {{"generated", text}}); };
  CHECK(between({"postgresql", {generated("stored ((b * 2))")}},
                {"mysql", {generated("virtual (`b` * 2)")}}) == "");
  CHECK(
      between({"postgresql", {generated("stored ((b * 2))")}}, {"mysql", {generated("stored (`b` * 3)")}}) ==
      "table t, column a: generated is stored (`b` * 3) on right, stored ((b * 2)) on left");
  CHECK(between({"postgresql", {generated("stored ((b * 2))")}}, {"mysql", {}}) ==
        "table t, column a: generated is none on right, stored ((b * 2)) on left");
  CHECK(between({"postgresql", {}}, {"mysql", {whole_column("a", {{"on-update", "CURRENT_TIMESTAMP"}})}}) ==
        "table t, column a: on-update is CURRENT_TIMESTAMP on right, none on left");
}

TEST_CASE("parity: primary keys and uniques") {
  CHECK(between({"postgresql", {key("primary key", "t_pkey", "a")}},
                {"mysql", {key("primary key", "PRIMARY", "a")}}) == "");
  CHECK(between({"postgresql", {key("primary key", "", "a, b")}},
                {"mysql", {key("primary key", "", "b, a")}}) ==
        "table t, primary key: primary-key is (b, a) on right, (a, b) on left");
  CHECK(between({"postgresql", {key("primary key", "", "a")}}, {"mysql", {}}) ==
        "table t, primary key: primary-key is none on right, (a) on left");
  // A constraint and an index are one thing, whatever their names.
  CHECK(between({"postgresql", {key("index", "t_u", "a, b", {{"unique", "yes"}})}},
                {"mysql", {key("unique", "a", "a, b")}}) == "");
  CHECK(between({"postgresql", {key("unique", "t_u", "a")}}, {"mysql", {}}) ==
        "table t, unique (a): missing on right, (a) on left");
  CHECK(between({"postgresql", {key("unique", "t_u", "a")}}, {"mysql", {key("index", "i", "a")}}) ==
        "table t, unique (a): unique is not unique (a) on right, unique (a) on left");
  CHECK(between({"postgresql", {key("unique", "u", "s")}}, {"mysql", {key("unique", "u", "s(10)")}}) ==
        "table t, unique (s): unique is (s(10)) on right, (s) on left");
  // What the primary key says already, and what is said twice.
  const CatalogObject main = key("primary key", "", "a");
  CHECK(between({"postgresql", {main}}, {"mysql", {main, key("unique", "id", "a")}}) == "");
  CHECK(between({"postgresql", {key("unique", "u", "b")}},
                {"sqlite", {key("unique", "", "b"), key("index", "i", "b", {{"unique", "yes"}})}}) == "");
}

TEST_CASE("parity: indexes") {
  const auto index = [](const std::string& columns, const Facts& more = {}) {
    return key("index", "i", columns, more);
  };
  CHECK(between({"postgresql", {index("a, b desc")}}, {"mysql", {index("a, b desc")}}) == "");
  CHECK(between({"postgresql", {index("a desc nulls last")}}, {"mysql", {index("a desc")}}) == "");
  CHECK(between({"postgresql", {index("s varchar_pattern_ops")}}, {"mysql", {index("s(20)")}}) == "");
  CHECK(between({"postgresql", {index("a")}}, {"mysql", {key("index", "another_name", "a")}}) == "");
  CHECK(between({"postgresql", {index("a desc")}}, {"mysql", {index("a")}}) ==
        "table t, index i: index-direction is (a) on right, (a desc) on left");
  CHECK(between({"postgresql", {index("a, b")}}, {"mysql", {index("b, a")}}) ==
        "table t, index i: index-columns is (b, a) on right, (a, b) on left");
  CHECK(between({"postgresql", {index("a")}}, {"mysql", {}}) ==
        "table t, index i: missing on right, (a) on left");
  CHECK(between({"postgresql", {}}, {"mysql", {index("a")}}) ==
        "table t, index i: missing on left, (a) on right");
  CHECK(between({"postgresql", {index("a", {{"where", "((b > 3) AND (s IS NOT NULL))"}})}},
                {"sqlite", {index("a", {{"where", "b > 3 AND s IS NOT NULL"}})}}) == "");
  CHECK(between({"postgresql", {index("a", {{"where", "(b > 3)"}})}}, {"mysql", {index("a")}}) ==
        "table t, index i: index-predicate is none on right, (b > 3) on left");
  CHECK(between({"postgresql", {index("(lower(s))")}}, {"mysql", {index("(lower(`s`))")}}) == "");
  CHECK(between({"postgresql", {index("(lower(s))")}}, {"mysql", {index("(upper(`s`))")}}) ==
        "table t, index i: index-columns is ((upper(`s`))) on right, ((lower(s))) on left");
  CHECK(between({"postgresql", {index("s", {{"method", "gin"}})}},
                {"mysql", {index("s", {{"method", "fulltext"}})}}) == "");
  CHECK(between({"postgresql", {index("s", {{"method", "gin"}})}}, {"mysql", {index("s")}}) ==
        "table t, index i: index-method is (s) on right, gin (s) on left");
  CHECK(between({"postgresql", {index("a", {{"method", "hash"}})}}, {"mysql", {index("a")}}) == "");
}

TEST_CASE("parity: the index that InnoDB makes for a foreign key") {
  const CatalogObject reference = foreign("a", "p (id)");
  CHECK(between({"postgresql", {reference}}, {"mysql", {reference, key("index", "a", "a")}}) == "");
  CHECK(between({"postgresql", {}}, {"mysql", {key("index", "a", "a")}}) ==
        "table t, index a: missing on left, (a) on right");
  CHECK(between({"postgresql", {reference, key("index", "a", "a")}}, {"sqlite", {reference}}) ==
        "table t, index a: missing on right, (a) on left");
}

TEST_CASE("parity: foreign keys and their actions") {
  const CatalogObject plain = foreign("a", "p (id)");
  CHECK(between({"postgresql", {foreign("a", "p (id)", {{"on-delete", "restrict"}})}}, {"mysql", {plain}}) ==
        "");
  CHECK(
      between({"postgresql", {foreign("a", "p (id)", {{"on-delete", "cascade"}})}}, {"mysql", {plain}}) ==
      "table t, foreign key (a): foreign-key-action is on update no action, on delete no action on right, on "
      "update no action, on delete cascade on left");
  CHECK(between({"postgresql", {plain}}, {"mysql", {foreign("a", "q (id)")}}) ==
        "table t, foreign key (a): foreign-key is references q (id) on right, references p (id) on left");
  CHECK(between({"postgresql", {plain}}, {"mysql", {}}) ==
        "table t, foreign key (a): missing on right, references p (id) on left");
  const CatalogObject deferred = foreign("a", "p (id)", {{"deferrable", "initially deferred"}});
  CHECK(between({"postgresql", {deferred}}, {"mysql", {plain}}) ==
        "note table t, foreign key (a): foreign-key-deferrable is immediate on right, deferrable on left");
  CHECK(between({"postgresql", {deferred}}, {"sqlite", {plain}}) ==
        "table t, foreign key (a): foreign-key-deferrable is immediate on right, deferrable on left");
}

TEST_CASE("parity: checks") {
  CHECK(between({"postgresql", {check("c", "(a > 0)")}}, {"mysql", {check("t_chk_1", "`a` > 0")}}) == "");
  CHECK(between({"postgresql", {check("c", "(a > 0)")}}, {"mysql", {}}) ==
        "table t, check c: missing on right, (a > 0) on left");
  CHECK(between({"postgresql", {check("c", "(a > 0)")}}, {"sqlite", {check("", "a > 1")}}) ==
        "table t, check c: check-expression is a > 1 on right, (a > 0) on left");
  CHECK(
      between({"postgresql", {check("c", "(s ~ '^x'::text)")}},
              {"mysql", {check("c", "regexp_like(`s`,'^x')")}}) ==
      "note table t, check c: check-expression is regexp_like(`s`,'^x') on right, (s ~ '^x'::text) on left");
  const CatalogObject off = object_of("check", "c", {{"expression", "`a` > 0"}, {"not-enforced", "yes"}});
  CHECK(between({"postgresql", {check("c", "(a > 0)")}}, {"mysql", {off}}) ==
        "table t, check c: missing on right, (a > 0) on left");
}

TEST_CASE("parity: checks that a type says elsewhere") {
  const CatalogObject flag = whole_column("a", {}, "boolean");
  const CatalogObject number = whole_column("a", {}, "integer");
  CHECK(between({"postgresql", {flag}}, {"sqlite", {number, check("", "a IN (0, 1)")}}) == "");
  const CatalogObject name =
      object_of("column", "s", {{"type", "varchar(9)"}, {"logical", "varchar 9"}, {"nullable", "yes"}});
  CHECK(between({"postgresql", {name}}, {"sqlite", {check("", "length(s) <= 9")}}) == "");
  CHECK(between({"postgresql", {name}}, {"sqlite", {check("", "length(s) <= 8")}}) ==
        "table t, check (length(s) <= 8): missing on left, length(s) <= 8 on right");
}

TEST_CASE("parity: triggers by the moment they fire at") {
  CHECK(between({"postgresql", {trigger("x", "after", "insert or update of a")}},
                {"mysql", {trigger("y", "after", "insert"), trigger("z", "after", "update")}}) == "");
  CHECK(between({"postgresql", {trigger("x", "after", "insert")}}, {"mysql", {}}) ==
        "table t, trigger after insert: missing on right, x on left");
  CHECK(between({"postgresql", {trigger("x", "after", "insert")}},
                {"sqlite", {trigger("x", "before", "insert")}}) ==
        "table t, trigger after insert: missing on right, x on left\n"
        "table t, trigger before insert: missing on left, x on right");
}

TEST_CASE("parity: views by name and columns") {
  const auto view = [](const std::string& definition, std::vector<CatalogObject> columns) {
    return object_of("view", "v", {{"definition", definition}}, std::move(columns));
  };
  const Catalog server =
      catalog_of({view("SELECT …", {whole_column("id"), whole_column("n")})}, "postgresql");
  const auto lite = [&](const std::string& definition) {
    return catalog_of({view(definition, {})}, "sqlite");
  };
  CHECK(told(parity(server, lite("SELECT a.id, COUNT(*) AS n FROM apps a"))) == "");
  CHECK(told(parity(server, lite("SELECT id, (SELECT max(x) FROM b) AS \"N\" FROM apps"))) == "");
  CHECK(told(parity(server, lite("SELECT * FROM apps"))) == "");
  CHECK(told(parity(server, lite("SELECT id, total FROM apps"))) ==
        "view v: view-columns is (id, total) on right, (id, n) on left");
  CHECK(told(parity(server, catalog_of({}, "sqlite"))) == "view v: missing on right, (id, n) on left");
}

TEST_CASE("parity: routines by name, where both dialects have them") {
  const Catalog server =
      catalog_of({object_of("routine", "prune(IN n bigint)", {{"kind", "procedure"}}),
                  object_of("routine", "t_changed()", {{"kind", "function"}, {"returns", "trigger"}})},
                 "postgresql");
  CHECK(told(parity(server, catalog_of({object_of("routine", "procedure prune")}, "mysql"))) == "");
  CHECK(told(parity(server, catalog_of({}, "mysql"))) == "routine prune: missing on right, prune on left");
  CHECK(told(parity(server, catalog_of({}, "sqlite"))) == "");
}

TEST_CASE("parity: versions") {
  CHECK(told(version_parity({{1, "a"}, {2, "b"}}, {{1, "a"}, {2, "b"}})) == "");
  CHECK(told(version_parity({{1, "a"}, {2, "b"}}, {{1, "x"}, {3, "c"}})) ==
        "version 1: version-name is x on right, a on left\n"
        "version 2: missing on right, b on left\n"
        "version 3: missing on left, c on right");
}

TEST_CASE("parity: allowances by object, rule and dialects") {
  const ParityDifference difference = {"type", "table apps, column name", "text", "varchar(9)"};
  const auto is_allowed = [&](const std::string& item, const std::vector<std::string>& dialects = {}) {
    return allows({item, dialects, "because", ""}, difference, "postgresql", "mysql");
  };
  CHECK(is_allowed("table apps, column name: type"));
  CHECK(is_allowed("table apps, column name"));
  CHECK(is_allowed("type"));
  CHECK(is_allowed("table *: type"));
  CHECK(is_allowed("*name: t*e"));
  CHECK_FALSE(is_allowed("table apps"));
  CHECK_FALSE(is_allowed("table apps, column name: length"));
  CHECK_FALSE(is_allowed("typ"));
  CHECK(is_allowed("type", {"mysql"}));
  CHECK(is_allowed("type", {"mysql", "postgresql"}));
  CHECK_FALSE(is_allowed("type", {"sqlite"}));
  CHECK_FALSE(is_allowed("type", {"mysql", "sqlite"}));
}

TEST_CASE("parity: an allowance concerns databases that have its table") {
  const std::vector<ParitySide> sides = {
      {"a", catalog_of_side({"postgresql", {with_default("1")}}), false, {}}};
  const std::string table = sides.front().catalog.objects.front()->name;
  const auto of = [](const std::string& item) { return ParityAllowance{item, {}, "meant", ""}; };
  CHECK(concerns(of("table " + table), sides));
  CHECK(concerns(of("table " + table + ", column x: type"), sides));
  CHECK_FALSE(concerns(of("table other, column x: type"), sides));
  CHECK(concerns(of("table other*"), sides));
  CHECK(concerns(of("type"), sides));
}

TEST_CASE("parity: an allowance that takes nothing is stale, unless its dialects took no part") {
  const Catalog left = catalog_of_side({"postgresql", {with_default("1")}});
  const Catalog right = catalog_of_side({"mysql", {with_default("2")}});
  const std::vector<ParitySide> sides = {{"postgresql", left, false, {}}, {"mysql", right, false, {}}};
  CHECK_FALSE(compare_sides(sides, {}).ok());
  const ParityReport allowed = compare_sides(sides, {{"default", {}, "meant", ""}});
  CHECK(allowed.ok());
  REQUIRE(allowed.comparisons.front().allowed.size() == 1);
  CHECK(allowed.comparisons.front().allowed.front().reason == "meant");
  const ParityReport stale = compare_sides(
      sides, {{"default", {}, "meant", ""}, {"index", {}, "old", ""}, {"type", {"sqlite"}, "elsewhere", ""}});
  CHECK_FALSE(stale.ok());
  REQUIRE(stale.stale.size() == 1);
  CHECK(stale.stale.front().item == "index");
}

TEST_CASE("parity: a name that PostgreSQL's catalog shows in quotes is the same name elsewhere") {
  Catalog left = catalog_of_side({"postgresql", {with_default("1")}});
  Catalog right = catalog_of_side({"mysql", {with_default("1")}});
  CatalogObject quoted = *left.objects.front();
  quoted.name = "\"Big P\"";
  left.objects.front() = std::make_shared<const CatalogObject>(quoted);
  CatalogObject plain = *right.objects.front();
  plain.name = "Big P";
  right.objects.front() = std::make_shared<const CatalogObject>(plain);
  CHECK(parity(left, right).empty());
}

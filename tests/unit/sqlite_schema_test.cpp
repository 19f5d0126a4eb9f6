#ifdef TOOLKIT_WITH_SQLITE

#include <doctest/doctest.h>

#include <optional>
#include <random>
#include <string>

#include "../../dialects/sqlite/parse_object.hpp"
#include "../../dialects/sqlite/parse_table.hpp"
#include "../../dialects/sqlite/render.hpp"
#include "../../dialects/sqlite/schema_reader.hpp"
#include "../../dialects/sqlite/types.hpp"
#include "../support/catalogs.hpp"
#include "../support/thrown.hpp"

using namespace toolkit;
using namespace toolkit::test;
using namespace toolkit::sqlite;

namespace {

/// The table as the text of a catalog, without its first lines; "not understood".
std::string read(std::string_view sql) {
  std::optional<ParsedTable> table = parse_table(sql);
  if (!table) {
    return "not understood";
  }
  sort_children(table->object);
  return catalog_text(catalog_of({table->object})).substr(18);
}

std::string expression(std::string_view sql) {
  return normal_expression(code_tokens(sql), {{"a", "a"}, {"the b", "the b"}, {"order", "order"}});
}

std::string default_of(std::string_view sql) { return normal_default(code_tokens(sql), {}); }

std::string field(std::string_view text) { return std::to_string(text.size()) + " " + std::string(text); }

std::string row(std::string_view type, std::string_view name, std::string_view table, std::string_view sql) {
  return field(type) + field(name) + field(table) + field(sql);
}

}  // namespace

TEST_CASE("sqlite schema: every way of quoting, comments and parentheses") {
  CHECK(read("CREATE TABLE \"a \"\"t\" ([b]]int, `c``d` INT, 'e''f' TEXT, \"plain\" INT)") ==
        "not understood");
  CHECK(read("CREATE TABLE \"a \"\"t\" ([b] int, `c``d` INT, 'e''f' TEXT, \"plain\" INT)") ==
        "table \"a \\\"t\"\n"
        "  column b\n    type: INT\n    logical: integer 32\n    nullable: yes\n"
        "  column c`d\n    type: INT\n    logical: integer 32\n    nullable: yes\n"
        "  column e'f\n    type: TEXT\n    logical: text\n    nullable: yes\n"
        "  column plain\n    type: INT\n    logical: integer 32\n    nullable: yes\n");
  CHECK(read("CREATE/**/TABLE t--x\n(a/*,*/INT(/*(*/3)--)\n,CHECK(((a>(1)))))") ==
        "table t\n  column a\n    type: INT(3)\n    logical: integer 32\n    nullable: yes\n"
        "  check \"\"\n    expression: a > 1\n    name-origin: generated\n");
}

TEST_CASE("sqlite schema: heads of CREATE TABLE") {
  const std::string plain = "table t\n  column a\n    logical: other any\n    nullable: yes\n";
  CHECK(read("CREATE TABLE t(a)") == plain);
  CHECK(read("create table if not exists main.t ( a )") == plain);
  CHECK(read("CREATE TEMP TABLE t (a)") == plain);
  CHECK(read("CREATE TABLE t (a) WITHOUT ROWID, STRICT") ==
        "table t\n  strict: yes\n  without-rowid: yes\n  column a\n    logical: other any\n    nullable: "
        "yes\n");
}

TEST_CASE("sqlite schema: what is not understood is said, never guessed") {
  for (const char* text :
       {"", "CREATE", "CREATE TABLE", "CREATE TABLE t", "CREATE TABLE t (", "CREATE TABLE t ()",
        "CREATE TABLE t (a", "CREATE TABLE t (a INT NEW WORD CHECK)", "CREATE TABLE t (a) FAST",
        "CREATE TABLE t (a, FOREIGN KEY (a))", "CREATE TABLE t (a REFERENCES)",
        "CREATE TABLE t (a REFERENCES u ON DELETE NOTHING)", "CREATE TABLE t (a INT,)",
        "CREATE TABLE t AS SELECT 1", "CREATE VIEW t AS SELECT 1", "CREATE TABLE t (a AS 3)",
        "CREATE TABLE t (a UNIQUE ON CONFLICT SLEEP)"}) {
    CAPTURE(text);
    CHECK(read(text) == "not understood");
  }
  CHECK_FALSE(parse_view("CREATE VIEW v"));
  CHECK_FALSE(parse_trigger("CREATE TRIGGER t AFTER SELECT ON u BEGIN SELECT 1; END"));
  CHECK_FALSE(parse_trigger("CREATE TRIGGER t AFTER INSERT ON u"));
  CHECK_FALSE(parse_index("CREATE INDEX i ON t", *parse_table("CREATE TABLE t (a)")));
  CHECK_FALSE(parse_index("CREATE INDEX i ON t (a) USING hash", *parse_table("CREATE TABLE t (a)")));
}

TEST_CASE("sqlite schema: expressions of one meaning have one text") {
  CHECK(expression("A>0") == "a > 0");
  CHECK(expression("( ( \"a\" > 0 ) )") == "a > 0");
  CHECK(expression("(a) > (0)") == "a > 0");
  CHECK(expression("-(a) * ((0)) in (1) and not (a) and f((a)) and (1), (2)") ==
        "-a * 0 IN (1) AND NOT (a) AND f(a) AND (1), (2)");
  CHECK(expression("[a]!=1 and`a`==2 or\na<>3") == "a <> 1 AND a = 2 OR a <> 3");
  CHECK(expression("\"the b\" || \"none\" || [odd name] || Order") ==
        "\"the b\" || 'none' || \"odd name\" || ORDER");
  CHECK(expression("\"t\".\"x y\" = \"it's\" COLLATE \"nocase\" and \"lower\"(A) > \"rowid\"") ==
        "t.\"x y\" = 'it''s' COLLATE \"nocase\" AND \"lower\" (a) > \"rowid\"");
  CHECK(expression("exists (select 1 from u where \"none\" = a)") ==
        "EXISTS (SELECT 1 FROM u WHERE \"none\" = a)");
  CHECK(expression("Length ( a )+ - 1 - -a * ~ a") == "length(a) + -1 - -a * ~a");
  CHECK(expression("a in(1,2)and not exists(select 1)") == "a IN (1, 2) AND NOT EXISTS (SELECT 1)");
  CHECK(expression("cast(a as text)=x'0A'||.5e-2") == "CAST(a AS text) = x'0A' || .5e-2");
  CHECK(expression("a->'$.x'->>'y'>=1<<2") == "a -> '$.x' ->> 'y' >= 1 << 2");
  CHECK(expression("a - /* c */ - 1 -- d") == "a - -1");
  CHECK(expression("a=-1") == "a = -1");
  CHECK(expression("t . a") == "t.a");
  CHECK(expression("desc>left and IF") == "DESC > left AND IF");
  CHECK(expression("") == "");
  CHECK(expression("))((") == ")) ((");
}

TEST_CASE("sqlite schema: defaults") {
  CHECK(default_of("NULL") == "");
  CHECK(default_of("('x')") == "'x'");
  CHECK(default_of("+5") == "5");
  CHECK(default_of("- 5") == "-5");
  CHECK(default_of("word") == "'word'");
  CHECK(default_of("\"it's\"") == "'it''s'");
  CHECK(default_of("true") == "TRUE");
  CHECK(default_of("current_timestamp") == "CURRENT_TIMESTAMP");
  CHECK(is_plain_default("-5"));
  CHECK(is_plain_default("x'00'"));
  CHECK_FALSE(is_plain_default("1 + 2"));
  CHECK_FALSE(is_plain_default("- -3"));
}

TEST_CASE("sqlite schema: names lose the quotes that a rename gave them, strings get the ones it gives") {
  const NameScope none;
  const NameScope some = {{"a", "b", "order"}, true};
  CHECK(with_plain_names("SELECT \"new\".a, \"text\" FROM \"new\", \"other\" AS o JOIN [third x] ON 1",
                         none) == "SELECT new.a, \"text\" FROM new, other AS o JOIN \"third x\" ON 1");
  CHECK(with_plain_names("BEGIN INSERT INTO \"n\" VALUES (\"v\", \"w\"); UPDATE \"n\" SET \"c\" = \"d\"; END",
                         none) ==
        "BEGIN INSERT INTO n VALUES (\"v\", \"w\"); UPDATE n SET \"c\" = \"d\"; END");
  CHECK(with_plain_names("SELECT a\n  -- \"new\".x\nFROM t", some) == "SELECT a\n  -- \"new\".x\nFROM t");
  CHECK(with_plain_names("SELECT \"A\", x.\"c\", \"order\", `b`, [b c] FROM t x WHERE \"b\" > 1", some) ==
        "SELECT A, x.c, \"order\", b, \"b c\" FROM t x WHERE b > 1");
  CHECK(with_plain_names("SELECT a || \"it's\", \"a\"\"b\" FROM t WHERE b IN (\"x\", 'y')", some) ==
        "SELECT a || 'it''s', 'a\"b' FROM t WHERE b IN ('x', 'y')");
  // What may be an alias, a function, a collation, the row's number, or a column of a view.
  for (const char* const text :
       {"SELECT a AS \"x\" FROM t ORDER BY \"x\"", "SELECT a \"x\" FROM t", "SELECT \"rowid\" FROM t",
        "SELECT \"lower\"(a) FROM t ORDER BY a COLLATE \"nocase\"",
        "WITH c AS (SELECT 1 AS x) SELECT \"x\" FROM c"}) {
    CHECK(with_plain_names(text, some) == text);
  }
  CHECK(with_plain_names("SELECT \"x\" FROM v", {{"a"}, false}) == "SELECT \"x\" FROM v");
}

TEST_CASE("sqlite schema: what a view or a trigger reads and writes") {
  using Names = std::set<std::string>;
  CHECK(sources_of("SELECT 1 FROM \"T\" a, [u v] JOIN main.w ON 1, x WHERE a IN (b, c)") ==
        Names{"t", "u v", "w", "x"});
  CHECK(
      sources_of(
          "CREATE TRIGGER tr AFTER UPDATE OF a ON t BEGIN INSERT INTO n SELECT 1 FROM pragma_table_info('t') "
          "ON CONFLICT DO UPDATE SET a = 1; UPDATE m SET b = 2; END") ==
      Names{"n", "pragma_table_info", "m"});
}

TEST_CASE("sqlite schema: what a text in double quotes means is asked of the tables that the text names") {
  SchemaReader reader({});
  const std::string programs =
      row("view", "v", "v", "CREATE VIEW v AS SELECT \"a\", \"c\" FROM t") +
      row("trigger", "tr", "t",
          "CREATE TRIGGER tr AFTER INSERT ON t BEGIN DELETE FROM t WHERE \"c\" = b; END");
  const std::string other = row("table", "u", "u", "CREATE TABLE u (c)");
  const Catalog before =
      reader.read_exact(row("table", "t", "t", "CREATE TABLE t (a, b)") + other + programs);
  CHECK(before.find("view", "v")->property("definition") == "SELECT a, 'c' FROM t");
  CHECK(before.find("table", "t")->children.back().property("body") ==
        "BEGIN DELETE FROM t WHERE 'c' = b; END");
  const Catalog after =
      reader.read_exact(row("table", "t", "t", "CREATE TABLE t (a, b, c)") + other + programs);
  CHECK(after.find("view", "v")->property("definition") == "SELECT a, c FROM t");
  CHECK(after.find("table", "t")->children.back().property("body") == "BEGIN DELETE FROM t WHERE c = b; END");
}

TEST_CASE("sqlite schema: the class of a declared type") {
  CHECK(logical_type("") == "other any");
  CHECK(logical_type("INTEGER") == "integer");
  CHECK(logical_type("INT") == "integer 32");
  CHECK(logical_type("INT(11)") == "integer 32");
  CHECK(logical_type("BIGINT UNSIGNED") == "integer 64 unsigned");
  CHECK(logical_type("BIGINT(20) UNSIGNED") == "integer 64 unsigned");
  CHECK(logical_type("VARCHAR") == "text");
  CHECK(logical_type("VARCHAR(36)") == "varchar 36");
  CHECK(logical_type("DECIMAL(12,4)") == "decimal 12,4");
  CHECK(logical_type("DECIMAL(12)") == "decimal 12,0");
  CHECK(logical_type("TIMESTAMP WITH TIME ZONE") == "timestamp utc");
  CHECK(logical_type("MONEY(3") == "other MONEY(3");
}

TEST_CASE("sqlite schema: whatever the bytes, it ends") {
  const std::string good =
      "CREATE TABLE \"t\" (a INTEGER PRIMARY KEY DESC, b TEXT DEFAULT (x'00' || 'y') COLLATE NOCASE NOT NULL "
      "ON CONFLICT "
      "FAIL CHECK (b > 1), c AS (a + 1) STORED, d REFERENCES u (x) ON DELETE SET NULL DEFERRABLE INITIALLY "
      "DEFERRED, "
      "CONSTRAINT k UNIQUE (a, b COLLATE RTRIM DESC), FOREIGN KEY (a, b) REFERENCES v MATCH FULL) WITHOUT "
      "ROWID";
  std::mt19937 random(5);
  const std::string bytes = " (),'\"`[]-/*.+x0;\n\xFF";
  int understood = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text = good;
    for (unsigned changes = random() % 4; changes > 0; --changes) {
      const std::size_t at = random() % (text.size() + 1);
      if (random() % 2 == 0) {
        text.insert(at, 1, bytes[random() % bytes.size()]);
      } else {
        text.erase(at, 1 + random() % 12);
      }
    }
    const std::optional<ParsedTable> table = parse_table(text);
    parse_view(text);
    parse_trigger(text);
    with_plain_names(text, {{"b"}, true});
    if (table) {
      ++understood;
      parse_index("CREATE INDEX i ON t " + text.substr(text.size() / 2), *table);
      catalog_text(catalog_of({table->object}));
    }
  }
  CHECK(understood > 2000);
  const std::string deep(200'000, '(');
  CHECK(read("CREATE TABLE t (a CHECK (" + deep) == "not understood");
  CHECK(read("CREATE TABLE t (a CHECK (" + deep + "1" + std::string(200'000, ')') + "))").size() < 200);
}

TEST_CASE("sqlite schema: what has nobody to belong to, or is not understood, is named") {
  SchemaReader reader({});
  const Catalog catalog = reader.read_exact(row("table", "t", "t", "CREATE TABLE t (a FUTURE (1) WORDS)") +
                                            row("index", "i", "nowhere", "CREATE INDEX i ON nowhere (a)") +
                                            row("view", "v", "v", "CREATE VIEW v"));
  CHECK(catalog_text(catalog) ==
        "catalog 1 sqlite\n\nunsupported: index i\nunsupported: table t\nunsupported: view v\n");
  CHECK(text_thrown_by([&] { reader.read_exact("5 tab"); }) == "error: the text of the schema is cut off\n");
}

TEST_CASE("sqlite schema: statements for people") {
  SchemaReader reader({});
  const Catalog catalog = reader.read_exact(
      row("table", "Apps", "Apps",
          "CREATE TABLE Apps(id integer primary key autoincrement,name varchar ( 20 ) not null default 'x' "
          "unique,"
          "\"order\" int constraint positive check(\"order\">0)references other on delete cascade)") +
      row("index", "i", "Apps", "CREATE UNIQUE INDEX i ON apps(name desc,lower(name))where NAME<>''") +
      row("view", "v", "v", "CREATE VIEW v(x)as select 1") +
      row("trigger", "tr", "APPS",
          "CREATE TRIGGER tr update of name on apps when new.name>1 begin select 1; end"));
  const std::vector<std::string> expected = {
      "CREATE TABLE Apps (\n"
      "  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,\n"
      "  name VARCHAR(20) NOT NULL DEFAULT 'x',\n"
      "  \"order\" INT,\n"
      "  UNIQUE (name),\n"
      "  FOREIGN KEY (\"order\") REFERENCES other ON DELETE CASCADE,\n"
      "  CONSTRAINT positive CHECK (\"order\" > 0)\n"
      ")",
      "CREATE UNIQUE INDEX i ON Apps (name desc, (lower(name))) WHERE name <> ''",
      "CREATE VIEW v (x) AS\nselect 1",
      "CREATE TRIGGER tr BEFORE UPDATE OF name ON Apps FOR EACH ROW\nWHEN NEW.name > 1\nbegin select 1; end"};
  CHECK(render(catalog) == expected);
  CHECK(text_thrown_by([] { render(catalog_of({object_of("sequence", "s")})); }) ==
        "error: SQLite has no sequence (s)\n");
}

#endif

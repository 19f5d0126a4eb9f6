#include <doctest/doctest.h>

#include <random>
#include <string>

#include "../support/catalogs.hpp"
#include "../support/thrown.hpp"
#include "toolkit/catalog.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

Catalog small() {
  Catalog catalog = catalog_of(
      {object_of("table", "apps", {{"strict", "yes"}, {"comment", "say \"hi\""}},
                 {column_of("id", "VARCHAR(36)", "no"),
                  object_of("column", "note", {{"type", "TEXT"}, {"nullable", "yes"}, {"default", "' x '"}}),
                  object_of("primary key", "", {{"columns", "id"}, {"name-origin", "generated"}}),
                  object_of("foreign key", "a \"b\"", {{"columns", "note"}, {"references", "other (id)"}})}),
       object_of("view", "v", {{"definition", "SELECT 1\n\n  FROM t \n\tWHERE\r\nx"}, {"comment", " lead"}}),
       object_of("event", "e")});
  catalog.unsupported = {"rule r", "thing\nwith a line"};
  return catalog;
}

const char* const small_text =
    "catalog 1 sqlite\n"
    "\n"
    "table apps\n"
    "  strict: yes\n"
    "  comment: say \"hi\"\n"
    "  column id\n"
    "    type: VARCHAR(36)\n"
    "    nullable: no\n"
    "  column note\n"
    "    type: TEXT\n"
    "    nullable: yes\n"
    "    default: ' x '\n"
    "  primary key \"\"\n"
    "    columns: id\n"
    "    name-origin: generated\n"
    "  foreign key \"a \\\"b\\\"\"\n"
    "    columns: note\n"
    "    references: other (id)\n"
    "\n"
    "view v\n"
    "  definition:\n"
    "    | SELECT 1\n"
    "    |\n"
    "    \"  FROM t \"\n"
    "    \"\\tWHERE\\r\"\n"
    "    | x\n"
    "  comment: \" lead\"\n"
    "\n"
    "event e\n"
    "\n"
    "unsupported: rule r\n"
    "unsupported:\n"
    "  | thing\n"
    "  | with a line\n";

std::string refusal(const std::string& text) {
  return text_thrown_by([&] { read_catalog_text(text, "a.catalog"); });
}

class RandomCatalogs {
 public:
  explicit RandomCatalogs(unsigned seed) : random_(seed) {}

  Catalog next() {
    Catalog catalog;
    catalog.dialect = odd();
    for (std::size_t i = below(4); i > 0; --i) {
      catalog.objects.push_back(std::make_shared<const CatalogObject>(object(0)));
    }
    for (std::size_t i = below(3); i > 0; --i) {
      catalog.unsupported.push_back(odd());
    }
    return catalog;
  }

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }

  CatalogObject object(int depth) {
    static const std::vector<std::string> kinds = {"table", "primary key", "x", "a-b c1 d"};
    CatalogObject result = object_of(kinds[below(kinds.size())], odd());
    for (std::size_t i = below(3); i > 0; --i) {
      result.properties.push_back({below(2) == 0 ? "on-delete" : "unsupported", odd()});
    }
    for (std::size_t i = depth < 5 ? below(3) : 0; i > 0; --i) {
      result.children.push_back(object(depth + 1));
    }
    return result;
  }

  std::string odd() {
    static const std::vector<std::string> pieces = {"\n",
                                                    "\r",
                                                    "\r\n",
                                                    " ",
                                                    "\t",
                                                    "\"",
                                                    "'",
                                                    "\\",
                                                    "|",
                                                    "| ",
                                                    ":",
                                                    ": ",
                                                    "a",
                                                    "column b",
                                                    "\\n",
                                                    "\\x0a",
                                                    "é",
                                                    "→",
                                                    "\xFF",
                                                    "\xC3",
                                                    std::string(1, '\0'),
                                                    "\x7F",
                                                    "\xE2\x80\xA8",
                                                    "\xEF\xBB\xBF",
                                                    "\xC2\x85",
                                                    "x: y",
                                                    "catalog 1 x",
                                                    "unsupported: "};
    std::string text;
    for (std::size_t i = below(6); i > 0; --i) {
      text += pieces[below(pieces.size())];
    }
    return text;
  }

  std::mt19937 random_;
};

}  // namespace

TEST_CASE("catalog text: one fact a line, line breaks as lines") {
  CHECK(catalog_text(small()) == small_text);
  CHECK(are_equal(read_catalog_text(small_text, "x"), small()));
}

TEST_CASE("catalog text: nothing is a text too") {
  CHECK(catalog_text(catalog_of({}, "mysql")) == "catalog 1 mysql\n");
  CHECK(are_equal(read_catalog_text("catalog 1 mysql\n", "x"), catalog_of({}, "mysql")));
  CHECK(are_equal(read_catalog_text("catalog 1 mysql", "x"), catalog_of({}, "mysql")));
}

TEST_CASE("catalog text: reading gives what was written, whatever the bytes") {
  RandomCatalogs catalogs(7);
  for (int i = 0; i < 5000; ++i) {
    const Catalog catalog = catalogs.next();
    const std::string text = catalog_text(catalog);
    CAPTURE(text);
    const Catalog read = read_catalog_text(text, "x");
    REQUIRE(are_equal(read, catalog));
    REQUIRE(catalog_text(read) == text);
    // A checkout with CRLF reads the same.
    std::string crlf;
    for (const char c : text) {
      crlf += c == '\n' ? "\r\n" : std::string(1, c);
    }
    REQUIRE(are_equal(read_catalog_text(crlf, "x"), catalog));
  }
}

TEST_CASE("catalog text: any damage is read or refused with a place, never more") {
  std::mt19937 random(11);
  const std::string good = catalog_text(small());
  for (int i = 0; i < 20000; ++i) {
    std::string text = good;
    for (int changes = 0; changes < 3; ++changes) {
      const std::size_t at = random() % (text.size() + 1);
      const std::string bytes = " \n\":|\\x-a1\r\t\xFF";
      if (random() % 2 == 0) {
        text.insert(at, 1, bytes[random() % bytes.size()]);
      } else {
        text.erase(at, 1 + random() % 5);
      }
    }
    try {
      const Catalog catalog = read_catalog_text(text, "x");
      REQUIRE(are_equal(read_catalog_text(catalog_text(catalog), "x"), catalog));
    } catch (const Error& error) {
      REQUIRE(error.kind() == ErrorKind::files);
      REQUIRE(error.details().position.line >= 1);
      REQUIRE(error.details().position.column >= 1);
    }
  }
}

TEST_CASE("catalog text: refusals name the place") {
  CHECK(refusal("") == "a.catalog:1:1: this is no catalog: its first line is to be 'catalog 1 DIALECT'\n");
  CHECK(refusal("CREATE TABLE t (a INT);\n") ==
        "a.catalog:1:1: this is no catalog: its first line is to be 'catalog 1 DIALECT'\n"
        "    CREATE TABLE t (a INT);\n    ^\n");
  CHECK(refusal("catalog 2 sqlite\nwhatever") ==
        "a.catalog:1:9: the catalog has format 2; this toolkit reads up to 1\n"
        "    catalog 2 sqlite\n            ^\n"
        "  next: update the toolkit, or write the snapshot again with this one\n");
  CHECK(refusal("catalog 1\n") ==
        "a.catalog:1:9: a format number and a dialect are expected here\n    catalog 1\n            ^\n");
  const std::string head = "catalog 1 sqlite\n\ntable t\n";
  CHECK(refusal(head + "   type: x\n") ==
        "a.catalog:4:4: the indentation is two blanks for each level, at most 2 here\n       type: x\n       "
        "^\n");
  CHECK(refusal(head + "    type: x\n") ==
        "a.catalog:4:5: the indentation is two blanks for each level, at most 2 here\n        type: x\n      "
        "  ^\n");
  CHECK(refusal(head + "  column a\n  type: x\n") ==
        "a.catalog:5:3: facts stand before what belongs to their object\n      type: x\n      ^\n");
  CHECK(refusal("catalog 1 sqlite\ntype: x\n") ==
        "a.catalog:2:1: the fact 'type' belongs to no object\n    type: x\n    ^\n");
  CHECK(refusal(head + "  type:x\n") ==
        "a.catalog:4:8: a blank is expected between a fact and its value\n      type:x\n           ^\n");
  CHECK(refusal(head + "  type:\n  x: y\n") ==
        "a.catalog:4:8: a value is expected, behind the colon or in lines below that start with '|'\n"
        "      type:\n           ^\n");
  CHECK(refusal(head + "  type: \"a\n") ==
        "a.catalog:4:9: the quote is not closed in this line\n      type: \"a\n            ^\n");
  CHECK(refusal(head + "  type: \"a\\q\"\n") ==
        "a.catalog:4:11: an escape is one of \\\\ \\\" \\n \\r \\t \\xHH\n      type: \"a\\q\"\n             "
        " ^\n");
  CHECK(refusal(head + "  column\n") ==
        "a.catalog:4:3: a kind of object and its name are expected, or a fact with a colon behind it\n"
        "      column\n      ^\n");
  std::string deep = "catalog 1 sqlite\n";
  for (std::size_t i = 0; i < 17; ++i) {
    deep += std::string(2 * i, ' ') + "x y\n";
  }
  CHECK(refusal(deep) == "a.catalog:18:33: objects stand in each other deeper than 16\n" +
                             std::string(36, ' ') + "x y\n" + std::string(36, ' ') + "^\n");
}

TEST_CASE("catalog text: what no reader could read is never written") {
  CHECK(text_thrown_by([] { catalog_text(catalog_of({object_of("Table", "t")})); }) ==
        "error: 'Table' cannot be a kind of object in a catalog\n");
  CHECK(text_thrown_by([] {
          catalog_text(catalog_of({object_of("table", "t", {{"a b", "x"}})}));
        }) == "error: 'a b' cannot be the name of a fact in a catalog\n");
  CatalogObject deep = object_of("x", "0");
  for (int i = 0; i < 16; ++i) {
    deep = object_of("x", "y", {}, {deep});
  }
  CHECK(text_thrown_by([&] { catalog_text(catalog_of({deep})); }) ==
        "error: a catalog's objects stand in each other deeper than 16\n");
}

TEST_CASE("catalog order: kinds of the vocabulary, columns and partitions as they are") {
  CatalogObject table =
      object_of("table", "t", {},
                {object_of("partition", "p2"), object_of("index", "i"),
                 object_of("check", "", {{"expression", "b"}}), object_of("column", "z"),
                 object_of("check", "", {{"expression", "a"}}), object_of("primary key", "t_pk"),
                 object_of("column", "a"), object_of("partition", "p1"), object_of("odd", "o")});
  sort_children(table);
  CHECK(catalog_text(catalog_of({table})) ==
        "catalog 1 sqlite\n\ntable t\n  column z\n  column a\n  primary key t_pk\n  check \"\"\n    "
        "expression: a\n"
        "  check \"\"\n    expression: b\n  index i\n  partition p2\n  partition p1\n  odd o\n");
  Catalog catalog = catalog_of({object_of("view", "a"), object_of("table", "b"), object_of("table", "a"),
                                object_of("grant", "g"), object_of("schema", "s")});
  catalog.unsupported = {"b", "a"};
  sort_catalog(catalog);
  CHECK(catalog_text(catalog) ==
        "catalog 1 sqlite\n\nschema s\n\ntable a\n\ntable b\n\nview a\n\ngrant g\n\nunsupported: "
        "a\nunsupported: b\n");
}

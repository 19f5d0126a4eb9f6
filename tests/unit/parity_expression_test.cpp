#include <doctest/doctest.h>

#include "../../src/parity_expression.hpp"

using namespace toolkit;

// Texts as servers were seen to write them: PostgreSQL 15, MySQL 9.7, MariaDB 11.8, SQLite 3.40.

namespace {

std::string form(std::string_view sql) {
  const auto expression = parse_condition(sql);
  return expression ? to_string(*expression) : "?";
}

}  // namespace

TEST_CASE("parity expressions: one check, four servers") {
  const std::string list = form("e in ('x','y')");
  CHECK(list == "(in e 'x' 'y')");
  CHECK(form("((e)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[]))") == list);
  CHECK(form("`e` in ('x','y')") == list);
  CHECK(form("e IN ('y', 'x')") == list);
  CHECK(form("e = ANY ('{x,y}'::text[])") == list);

  const std::string number = form("n >= 0 and n < 100 or n <> 5");
  CHECK(number == "(or (<> n 5) (and (< n 100) (>= n 0)))");
  CHECK(form("(((n >= (0)::numeric) AND (n < (100)::numeric)) OR (n <> (5)::numeric))") == number);
  CHECK(form("((`n` >= 0) and (`n` < 100)) or (`n` <> 5)") == number);

  const std::string range = form("rng BETWEEN 1 AND 5");
  CHECK(range == "(and (<= rng 5) (>= rng 1))");
  CHECK(form("((rng >= 1) AND (rng <= 5))") == range);

  const std::string bare = form("boo or b");
  CHECK(bare == "(or (<> b 0) (<> boo 0))");
  CHECK(form("`boo` <> 0 or `b` <> 0") == bare);
  CHECK(form("(0 <> `boo`) or (0 <> `b`)") == bare);

  CHECK(form("(NOT nb)") == "(= nb 0)");
  CHECK(form("0 = `nb`") == form("(NOT nb)"));
  CHECK(form("(tx ~~ 'a%'::text)") == form("`tx` like 'a%'"));
  CHECK(form("`nn` is not null and octet_length(`tx`) > 3") ==
        form("((nn IS NOT NULL) AND (length(tx) > 3))"));
}

TEST_CASE("parity expressions: precedence, and what must not be equal") {
  CHECK(form("(a or b) and c") != form("a or b and c"));
  CHECK(form("a - (b - c)") != form("a - b - c"));
  CHECK(form("a > b") != form("b > a"));
  CHECK(form("5 > a") == form("a < 5"));
  CHECK(form("a not in (1, 2)") != form("a in (1, 2)"));
  CHECK(form("not (a = 1)") == form("a <> 1"));
  CHECK(form("a || b") == form("concat(a, b)"));
  CHECK(form("a || b") != form("b || a"));
  CHECK(form("'A' = a") != form("'a' = a"));
  CHECK(form("CASE WHEN a > 1 THEN 'x' ELSE 'y' END = b") == "(= (case (> a 1) 'x' 'y') b)");
}

TEST_CASE("parity expressions: values") {
  CHECK(form("'it''s'") == "'it''s'");
  CHECK(form("'-1'::integer") == "-1");
  CHECK(form("- 0.50") == "-0.5");
  CHECK(form("007.10") == "7.1");
  CHECK(form("b'101'") == "5");
  CHECK(form("0x00FF") == "x'00ff'");
  CHECK(form("X'00ff'") == "x'00ff'");
  CHECK(form("'\\x00ff'::bytea") == "x'00ff'");
  CHECK(form("TRUE") == "1");
}

TEST_CASE("parity expressions: moments") {
  for (const char* text :
       {"now()", "CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP(6)", "current_timestamp()", "LOCALTIMESTAMP",
        "datetime('now')", "(utc_timestamp())", "(now() AT TIME ZONE 'utc'::text)",
        "timezone('utc'::text, now())", "strftime('%Y-%m-%d %H:%M:%f', 'now')"}) {
    CAPTURE(text);
    CHECK(form(text) == "(now)");
  }
  for (const char* text : {"CURRENT_DATE", "(curdate())", "date('now')"}) {
    CAPTURE(text);
    CHECK(form(text) == "(today)");
  }
  for (const char* text :
       {"gen_random_uuid()", "uuid()", "uuid_generate_v4()", "lower(hex(randomblob(16)))"}) {
    CAPTURE(text);
    CHECK(form(text) == "(uuid)");
  }
}

TEST_CASE("parity expressions: what is not understood is undecided, never equal by chance") {
  CHECK(form("a IN (SELECT 1)") == "?");
  CHECK(form("now() + interval '1 day'") == "?");
  CHECK(form("a ~ '^x'") == "?");
  CHECK(form("'open") == "?");
  CHECK(form("") == "?");
  // Every beginning of a text ends somewhere, none of them behind its end.
  const std::string whole =
      "CASE WHEN NOT a::numeric(9, 2)[] BETWEEN 1 AND f(*) THEN b COLLATE x.y AT TIME ZONE 'u' END = ANY "
      "(ARRAY[CAST(c AS double precision)])";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    const std::string beginning = form(whole.substr(0, size));
    CHECK_FALSE(beginning.empty());
  }
  CHECK(form(std::string(5000, '(')) == "?");
  CHECK(compare_conditions("a ~ '^x'", "a REGEXP '^x'") == Agreement::undecided);
  CHECK(compare_conditions("A ~ '^x'", "a ~ '^x'") == Agreement::equal);
  CHECK(compare_conditions("f(a) > 1", "g(a) > 1") == Agreement::undecided);
  CHECK(compare_conditions("a > 1", "a > 2") == Agreement::different);
}

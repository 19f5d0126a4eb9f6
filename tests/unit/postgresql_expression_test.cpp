#ifdef TOOLKIT_WITH_POSTGRESQL

#include <doctest/doctest.h>

#include <string>

#include "../../dialects/postgresql/catalog_expression.hpp"

using toolkit::postgresql::with_cast_elements;

TEST_CASE("an array's cast stands on its elements, as the server shows it once it has read its own text") {
  const auto check = [](const std::string& shown, const std::string& again) {
    CAPTURE(shown);
    CHECK(with_cast_elements(shown) == again);
    CHECK(with_cast_elements(again) == again);
  };
  check("((s)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
        "((s)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text]))");
  check("(ARRAY['it''s], (x'::character varying, E'\\\\''b'::character varying])::text[]",
        "ARRAY[('it''s], (x'::character varying)::text, (E'\\\\''b'::character varying)::text]");
  check("(ARRAY[ARRAY['a'::text, \"c]\"], ARRAY[f(1, 2)]])::app.\"Odd name\"[]",
        "ARRAY[ARRAY[('a'::text)::app.\"Odd name\", (\"c]\")::app.\"Odd name\"], "
        "ARRAY[(f(1, 2))::app.\"Odd name\"]]");
  check("(ARRAY[a, (b + 1)])::numeric(10,2)[]", "ARRAY[(a)::numeric(10,2), ((b + 1))::numeric(10,2)]");
  check("(ARRAY[now()])::timestamp(3) without time zone[]", "ARRAY[(now())::timestamp(3) without time zone]");
  check("(ARRAY[((ARRAY[1])::bigint[])[1]])::text[]", "ARRAY[((ARRAY[(1)::bigint])[1])::text]");
}

TEST_CASE("what is no cast of an array of elements stays as the server shows it") {
  for (const std::string text :
       {"", "(a)::text", "ARRAY[1, 2]", "(ARRAY[1, 2])", "f(ARRAY[1, 2])", "(ARRAY[1, 2])::text",
        "'(ARRAY[1])::text[]'", "\"(ARRAY[1])::text[]\"", "(ARRAY[1] || b)::text[]", "(ARRAY[1])[1]",
        "(ARRAY[1, 2)::text[]", "(ARRAY['a", "(ARRAY[1])::", "ARRAY[]::text[]", "it's (ARRAY[1])::text[]"}) {
    CAPTURE(text);
    CHECK(with_cast_elements(text) == text);
  }
}

#endif

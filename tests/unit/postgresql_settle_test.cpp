#ifdef TOOLKIT_WITH_POSTGRESQL

#include <doctest/doctest.h>

#include <string>

#include "../../dialects/postgresql/channel.hpp"
#include "../../dialects/postgresql/decision.hpp"
#include "../../dialects/postgresql/mark.hpp"
#include "../../dialects/postgresql/statement_form.hpp"

using namespace toolkit;
using namespace toolkit::postgresql;

namespace {

std::string form_of(const char* sql) {
  const StatementForm form = statement_form(sql);
  return std::string(to_string(form.form)) + " [" + form.relation + "] [" + form.name + "]" +
         (form.if_exists ? " if" : "");
}

std::string word(Verdict verdict) {
  return verdict == Verdict::took_effect ? "took effect"
         : verdict == Verdict::undecided ? "ask"
                                         : "left nothing";
}

ObjectState database(std::optional<std::int64_t> oid, bool invalid = false) {
  ObjectState state;
  state.oid = oid;
  state.is_invalid = invalid;
  return state;
}

std::string decided(const char* sql, const ObjectState& before, const ObjectState& now) {
  return word(decide(sql, statement_form(sql), {before, now, false}).verdict);
}

}  // namespace

TEST_CASE("the form of a statement that commits by itself, and the names in it") {
  CHECK(form_of("CREATE INDEX CONCURRENTLY i ON t (a)") == "create-index [t] [i]");
  CHECK(form_of(
            "-- x\ncreate unique index /* y */ concurrently if not exists \"I \"\"x\" on only S.\"T\" (a)") ==
        "create-index [S.\"T\"] [I \"x] if");
  CHECK(form_of("CREATE INDEX CONCURRENTLY ON t (a)") == "create-index [t] []");
  CHECK(form_of("DROP INDEX CONCURRENTLY IF EXISTS s.i CASCADE;") == "drop-index [s.i] [] if");
  CHECK(form_of("REINDEX INDEX CONCURRENTLY i") == "rebuild-index [i] []");
  CHECK(form_of("REINDEX (VERBOSE, CONCURRENTLY) TABLE s.t") == "rebuild-table [s.t] []");
  CHECK(form_of("REINDEX SCHEMA CONCURRENTLY s") == "rebuild-many [] []");
  CHECK(form_of("REINDEX TABLE t") == "repeatable [] []");
  CHECK(form_of("ALTER TABLE IF EXISTS ONLY s.t DETACH PARTITION p CONCURRENTLY") ==
        "detach-partition [s.t] [p] if");
  CHECK(form_of("CREATE DATABASE \"D\" TEMPLATE t") == "create-database [] [D]");
  CHECK(form_of("DROP DATABASE IF EXISTS Shop WITH (FORCE)") == "drop-database [] [shop] if");
  CHECK(form_of("CREATE TABLESPACE t LOCATION '/x'") == "create-tablespace [] [t]");
  CHECK(form_of("DROP TABLESPACE t") == "drop-tablespace [] [t]");
  CHECK(form_of("ALTER TYPE s.mood ADD VALUE IF NOT EXISTS 'it''s' BEFORE 'x'") ==
        "add-enum-value [s.mood] [it's] if");
  CHECK(form_of("CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p") == "subscription [] [s]");
  for (const char* sql : {"VACUUM (FULL) t", "CLUSTER", "ALTER SYSTEM SET work_mem = '1MB'",
                          "ALTER DATABASE d SET TABLESPACE t", "REINDEX DATABASE d"}) {
    CHECK(form_of(sql) == "repeatable [] []");
  }
}

TEST_CASE("what is not recognised with all its names is opaque") {
  for (const char* sql :
       {"", "CALL p()", "DO 'BEGIN COMMIT; END'", "DROP INDEX CONCURRENTLY a, b",
        "CREATE INDEX CONCURRENTLY U&\"i\" ON t (a)", "CREATE INDEX CONCURRENTLY i ON db.s.t (a)",
        "ALTER TYPE t ADD VALUE E'x'", "ALTER TYPE t RENAME TO u",
        "ALTER TABLE t DETACH PARTITION p FINALIZE", "ALTER DATABASE d SET work_mem = 1",
        "CREATE TABLE t (a int)", "DROP DATABASE", "REINDEX", "CREATE INDEX CONCURRENTLY"}) {
    CAPTURE(sql);
    CHECK(form_of(sql) == "opaque [] []");
  }
}

TEST_CASE("an index without a name is known by its definition, or not at all") {
  const std::string_view definition = "CREATE INDEX t_a_idx ON public.t USING btree (a, b)";
  CHECK(is_same_index("CREATE INDEX CONCURRENTLY ON t (A, b)", definition));
  CHECK(is_same_index("CREATE INDEX CONCURRENTLY ON t USING BTREE ( a,b )", definition));
  CHECK_FALSE(is_same_index("CREATE UNIQUE INDEX CONCURRENTLY ON t (a, b)", definition));
  CHECK_FALSE(is_same_index("CREATE INDEX CONCURRENTLY ON t USING hash (a)", definition));
  CHECK_FALSE(is_same_index("CREATE INDEX CONCURRENTLY ON t (a)", definition));
  CHECK_FALSE(is_same_index("VACUUM", definition));
}

TEST_CASE("a database is judged by name and identity") {
  const char* create = "CREATE DATABASE d";
  CHECK(decided(create, database({}), database({})) == "left nothing");
  CHECK(decided(create, database({}), database(5)) == "took effect");
  CHECK(decided(create, database(5), database(5)) == "left nothing");
  CHECK(decided(create, database(5), database(6)) == "ask");
  const char* drop = "DROP DATABASE IF EXISTS d";
  CHECK(decided(drop, database(5), database({})) == "took effect");
  CHECK(decided(drop, database(5), database(5)) == "left nothing");
  CHECK(decided(drop, database(5), database(5, true)) == "left nothing");
  CHECK(decided(drop, database(5), database(6)) ==
        "ask");  // another one took its name: it is not ours to drop
  CHECK(decided(drop, database({}), database(6)) == "ask");
  CHECK(decided(drop, database({}), database({})) == "left nothing");
}

TEST_CASE("a table that is another one now says nothing of its index") {
  ObjectState before;
  before.oid = 1;
  ObjectState now;
  now.oid = 2;
  now.indexes = {{7, "public.i", true, true, ""}};
  CHECK(decided("CREATE INDEX CONCURRENTLY i ON t (a)", before, now) == "ask");
  now.oid = 1;
  CHECK(decided("CREATE INDEX CONCURRENTLY i ON t (a)", before, now) == "took effect");
}

TEST_CASE("a slot on another server and an unknown statement are asked about") {
  CHECK(decided("DROP SUBSCRIPTION s", database(1), database({})) == "ask");
  CHECK(decided("CALL p()", {}, {}) == "ask");
}

TEST_CASE("persistent: the mark of PostgreSQL") {
  Step step;
  step.sql = "UPDATE t SET a = 1";
  CHECK(with_mark("SET mark = :mark", &step) == "SET mark = ('{\"format\":1,\"class\":\"transaction\"}')");
  step.sql = "VACUUM";
  CHECK(with_mark(":mark", &step) ==
        "('{\"format\":1,\"class\":\"repeatable\",\"objects\":' || coalesce(NULL, 'null') || '}')");
  CHECK(with_mark(":mark", nullptr) == "('{\"format\":1}')");
  CHECK(parse_mark(R"({"format":1,"class":"transaction"})").in_transaction);
  const Mark mark = parse_mark(
      R"json({"format":1,"class":"create-index","objects":{"oid":7,"indexes":[{"oid":8,"name":"public.i",)json"
      R"json("is_named":true,"is_valid":false,"definition":"CREATE INDEX i ON public.t USING btree (a)"}]}})json");
  REQUIRE(mark.objects);
  CHECK(describe(statement_form("CREATE INDEX CONCURRENTLY i ON t (a)"), *mark.objects) ==
        "table t oid 7, its indexes: public.i (invalid) oid 8");
  for (const char* other :
       {"", "[]", "{}", R"({"format":2,"objects":{}})", R"({"format":"x","objects":{"oid":1}})",
        R"({"format":1,"objects":{"indexes":5}})"}) {
    CAPTURE(other);
    CHECK_FALSE(parse_mark(other).objects);
  }
}

TEST_CASE("servers that speak the protocol without its session locks are known by what they report") {
  CHECK(doubt_of_product("", "15.4 (Debian)").empty());
  CHECK(doubt_of_product("CockroachDB OSS v23.1", "13.0.0").why ==
        "CockroachDB does not keep the locks of a session as PostgreSQL does");
  CHECK(doubt_of_product("", "11.2-YB-2.20.1.0-b0").why ==
        "YugabyteDB does not keep the locks of a session as PostgreSQL does");
}

#endif

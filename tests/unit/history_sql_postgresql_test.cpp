#ifdef TOOLKIT_WITH_POSTGRESQL

#include <doctest/doctest.h>

#include "../../dialects/postgresql/history_sql.hpp"
#include "toolkit/error.hpp"
#include "toolkit/query.hpp"

using namespace toolkit;

// Persistent: databases in the field have these tables. A change needs a new format number and a way there.
TEST_CASE("the history of PostgreSQL is what it was") {
  const HistorySql sql = postgresql::history_sql({"public", "toolkit_history", "toolkit_log"});
  REQUIRE(sql.create.size() == 4);
  CHECK(sql.create[0] == R"(CREATE TABLE IF NOT EXISTS "public"."toolkit_history" (
  version bigint NOT NULL PRIMARY KEY,
  name varchar(255) NOT NULL,
  state varchar(16) NOT NULL,
  origin varchar(16) NOT NULL,
  dialect varchar(16) NOT NULL,
  step integer NOT NULL,
  steps integer NOT NULL,
  up_checksum varchar(80) NOT NULL,
  down_checksum varchar(80) NOT NULL,
  step_checksums text NOT NULL,
  down_steps text NOT NULL,
  mark text,
  run_id varchar(32) NOT NULL,
  applied_by varchar(255) NOT NULL,
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  duration_ms bigint,
  tool_version varchar(64) NOT NULL
))");
  CHECK(sql.create[1] == R"(CREATE TABLE IF NOT EXISTS "public"."toolkit_log" (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  action varchar(32) NOT NULL,
  version bigint NOT NULL,
  detail text NOT NULL,
  run_id varchar(32) NOT NULL,
  applied_by varchar(255) NOT NULL,
  tool_version varchar(64) NOT NULL
))");
  CHECK(sql.create[2] == R"(REVOKE ALL ON "public"."toolkit_history", "public"."toolkit_log" FROM PUBLIC)");
  CHECK(sql.create[3] ==
        R"(INSERT INTO "public"."toolkit_history" (version, name, state, origin, dialect, step,)"
        R"( steps, up_checksum, down_checksum, step_checksums, down_steps, run_id, applied_by,)"
        R"( started_at, tool_version) VALUES (0, 'format', 'applied', 'run', '', 1, 0, '', '',)"
        R"( '{}', '[]', '', '', clock_timestamp(), '') ON CONFLICT (version) DO NOTHING)");
}

TEST_CASE("the claim of PostgreSQL is final") {
  const HistorySql sql = postgresql::history_sql({"public", "toolkit_history", "toolkit_log"});
  CHECK(sql.claim_up ==
        R"(WITH c AS (INSERT INTO "public"."toolkit_history" AS h (version, name, state, origin,)"
        R"( dialect, step, steps, up_checksum, down_checksum, step_checksums, down_steps, mark,)"
        R"( run_id, applied_by, started_at, finished_at, duration_ms, tool_version) VALUES)"
        R"( (:version, :name, 'applying', :origin, :dialect, :step, :steps, :up_checksum,)"
        R"( :down_checksum, :step_checksums, :down_steps, :mark, :run_id, :applied_by,)"
        R"( clock_timestamp(), NULL, NULL, :tool_version) ON CONFLICT (version) DO UPDATE SET name)"
        R"( = excluded.name, state = excluded.state, origin = excluded.origin, dialect =)"
        R"( excluded.dialect, step = excluded.step, steps = excluded.steps, up_checksum =)"
        R"( excluded.up_checksum, down_checksum = excluded.down_checksum, step_checksums =)"
        R"( excluded.step_checksums, down_steps = excluded.down_steps, mark = excluded.mark, run_id)"
        R"( = excluded.run_id, applied_by = excluded.applied_by, started_at = excluded.started_at,)"
        R"( finished_at = excluded.finished_at, duration_ms = excluded.duration_ms, tool_version =)"
        R"( excluded.tool_version WHERE h.state IN ('pending', 'reverted') OR (h.state = 'applying')"
        R"( AND h.mark IS NULL AND h.step = excluded.step) RETURNING 1) SELECT 1/count(*) FROM c)");
  CHECK(sql.claim_down ==
        R"(WITH c AS (UPDATE "public"."toolkit_history" AS h SET state = 'reverting', step = :step,)"
        R"( steps = :steps, mark = left(CAST(:mark AS text), -1) || ',"before":' ||)"
        R"( CAST(json_build_object('started_at', started_at, 'finished_at', finished_at,)"
        R"( 'duration_ms', duration_ms, 'run_id', run_id, 'applied_by', applied_by,)"
        R"( 'tool_version', tool_version) AS text) || '}', run_id = :run_id, applied_by =)"
        R"( :applied_by, started_at =)"
        R"( clock_timestamp(), finished_at = NULL, duration_ms = NULL, tool_version = :tool_version)"
        R"( WHERE version = :version AND (state = 'applied' OR (state = 'reverting' AND mark IS)"
        R"( NULL AND step = :step)) RETURNING 1) SELECT 1/count(*) FROM c)");
}

TEST_CASE("what takes a claim of PostgreSQL back restores what the row said of its up") {
  const HistorySql sql = postgresql::history_sql({"public", "toolkit_history", "toolkit_log"});
  const auto restored = [](const std::string& column, const std::string& type, const std::string& otherwise) {
    return ", " + column +
           " = CASE WHEN CAST(:state AS varchar) = 'applied' AND CAST(mark AS json) -> 'before' IS" +
           " NOT NULL THEN CAST(CAST(mark AS json) #>> '{before," + column + "}' AS " + type + ") ELSE " +
           otherwise + " END";
  };
  CHECK(
      sql.take_back ==
      R"(WITH c AS (UPDATE "public"."toolkit_history" AS h SET state = :state, step = :step, steps = :steps)" +
          restored("started_at", "timestamptz", "started_at") +
          restored("finished_at", "timestamptz", "clock_timestamp()") +
          restored("duration_ms", "bigint", "NULL") + restored("run_id", "varchar", "run_id") +
          restored("applied_by", "varchar", "applied_by") +
          restored("tool_version", "varchar", "tool_version") +
          ", mark = NULL WHERE version = :version AND run_id = :run_id AND state IN ('applying', 'reverting')"
          " RETURNING 1) SELECT 1/count(*) FROM c");
  CHECK(
      sql.advance ==
      R"(WITH c AS (UPDATE "public"."toolkit_history" AS h SET step = :step, state = :state, mark = :mark)"
      " WHERE version = :version AND run_id = :run_id AND state IN ('applying', 'reverting') AND (mark IS NOT"
      " NULL OR CAST(CAST(h.xmin AS text) AS bigint) = txid_current_if_assigned() % 4294967296) RETURNING 1)"
      " SELECT 1/count(*) FROM c");
}

TEST_CASE("a history elsewhere is written with its schema, and no name leaves its quotes") {
  const HistorySql sql = postgresql::history_sql({"my\"sch:ema", "it's", "log"});
  REQUIRE(sql.create.size() == 5);
  CHECK(sql.create[0] == R"(DO 'BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname =)"
                         R"( ''my"sch:ema'') THEN CREATE SCHEMA "my""sch:ema"; END IF; END')");
  CHECK(sql.read.find(R"(FROM U&"my\0022sch\003Aema".U&"it\0027s" ORDER BY version)") != std::string::npos);
  CHECK(number_parameters(sql.read).names.empty());
  CHECK_THROWS_AS(postgresql::history_sql({std::string(64, 'x'), "t", "l"}), Error);
  CHECK_THROWS_AS(postgresql::history_sql({"s", "", "l"}), Error);
}

#endif

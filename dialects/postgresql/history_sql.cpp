#include "history_sql.hpp"

#include <string>

#include "names.hpp"

namespace toolkit::postgresql {

namespace {

// now() is the start of the transaction; a group of versions shares one.
const std::string now = "clock_timestamp()";

// CREATE SCHEMA IF NOT EXISTS asks for CREATE on the database even where the schema is there.
std::string create_schema(const std::string& schema) {
  return "DO " +
         literal("BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = " +
                 literal(schema) + ") THEN CREATE SCHEMA " + postgresql::quoted(schema) + "; END IF; END");
}

std::string create_history(const std::string& table) {
  return "CREATE TABLE IF NOT EXISTS " + table +
         " (\n"
         "  version bigint NOT NULL PRIMARY KEY,\n"
         "  name varchar(255) NOT NULL,\n"
         "  state varchar(16) NOT NULL,\n"
         "  origin varchar(16) NOT NULL,\n"
         "  dialect varchar(16) NOT NULL,\n"
         "  step integer NOT NULL,\n"
         "  steps integer NOT NULL,\n"
         "  up_checksum varchar(80) NOT NULL,\n"
         "  down_checksum varchar(80) NOT NULL,\n"
         "  step_checksums text NOT NULL,\n"
         "  down_steps text NOT NULL,\n"
         "  mark text,\n"
         "  run_id varchar(32) NOT NULL,\n"
         "  applied_by varchar(255) NOT NULL,\n"
         "  started_at timestamptz NOT NULL,\n"
         "  finished_at timestamptz,\n"
         "  duration_ms bigint,\n"
         "  tool_version varchar(64) NOT NULL\n"
         ")";
}

std::string create_log(const std::string& table) {
  return "CREATE TABLE IF NOT EXISTS " + table +
         " (\n"
         "  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n"
         "  at timestamptz NOT NULL,\n"
         "  action varchar(32) NOT NULL,\n"
         "  version bigint NOT NULL,\n"
         "  detail text NOT NULL,\n"
         "  run_id varchar(32) NOT NULL,\n"
         "  applied_by varchar(255) NOT NULL,\n"
         "  tool_version varchar(64) NOT NULL\n"
         ")";
}

std::string format_row(const std::string& table) {
  return "INSERT INTO " + table +
         " (version, name, state, origin, dialect, step, steps, up_checksum, down_checksum, step_checksums,"
         " down_steps, run_id, applied_by, started_at, tool_version) VALUES (0, 'format', 'applied', 'run', "
         "'', " +
         std::to_string(history_format) + ", 0, '', '', '{}', '[]', '', '', " + now +
         ", '') ON CONFLICT (version) DO NOTHING";
}

std::string insert_row(const std::string& table, const std::string& state, const std::string& finished) {
  return "INSERT INTO " + table +
         " AS h (version, name, state, origin, dialect, step, steps, up_checksum, down_checksum,"
         " step_checksums, down_steps, mark, run_id, applied_by, started_at, finished_at, duration_ms,"
         " tool_version) VALUES (:version, :name, " +
         state +
         ", :origin, :dialect, :step, :steps, :up_checksum, :down_checksum, :step_checksums, :down_steps, "
         ":mark,"
         " :run_id, :applied_by, " +
         now + ", " + finished +
         ", :tool_version) ON CONFLICT (version) DO UPDATE SET name = excluded.name, state = excluded.state,"
         " origin = excluded.origin, dialect = excluded.dialect, step = excluded.step, steps = "
         "excluded.steps,"
         " up_checksum = excluded.up_checksum, down_checksum = excluded.down_checksum,"
         " step_checksums = excluded.step_checksums, down_steps = excluded.down_steps, mark = excluded.mark,"
         " run_id = excluded.run_id, applied_by = excluded.applied_by, started_at = excluded.started_at,"
         " finished_at = excluded.finished_at, duration_ms = excluded.duration_ms,"
         " tool_version = excluded.tool_version";
}

/// Raises 22012 when the statement changed nothing.
std::string or_fail(const std::string& statement, const std::string& also_select = {}) {
  return "WITH c AS (" + statement + ") SELECT 1/count(*)" + also_select + " FROM c";
}

std::string update_claim(const std::string& table, const std::string& set) {
  return "UPDATE " + table + " AS h SET " + set +
         " WHERE version = :version AND run_id = :run_id AND state IN ('applying', 'reverting')";
}

// Without a mark claim, statements and this write share a transaction: the claim's row carries its number
// (32 of its 64 bits). A statement that ended the transaction is noticed here.
const std::string in_our_transaction =
    " AND (mark IS NOT NULL OR CAST(CAST(h.xmin AS text) AS bigint) ="
    " txid_current_if_assigned() % 4294967296)";

// What an applied row says of its up stays with the intent of its down, so that a down which the server
// refuses leaves the row as it was. A down inside a transaction has no mark, and none of this.
const std::string mark_with_before =
    "left(CAST(:mark AS text), -1) || ',\"before\":' || CAST(json_build_object('started_at', started_at,"
    " 'finished_at', finished_at, 'duration_ms', duration_ms, 'run_id', run_id, 'applied_by', applied_by,"
    " 'tool_version', tool_version) AS text) || '}'";

std::string restored(const std::string& column, const std::string& type, const std::string& otherwise) {
  return ", " + column +
         " = CASE WHEN CAST(:state AS varchar) = 'applied' AND CAST(mark AS json) -> 'before' IS NOT NULL "
         "THEN" +
         " CAST(CAST(mark AS json) #>> '{before," + column + "}' AS " + type + ") ELSE " + otherwise + " END";
}

std::string utc(const std::string& column) {
  return "to_char(" + column + " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')";
}

std::string find_elsewhere(const HistoryPlace& place) {
  return "SELECT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = "
         "c.relnamespace"
         " WHERE c.relname = " +
         literal(place.table) + " AND n.nspname <> " + literal(place.schema) +
         " AND c.relkind IN ('r', 'p') AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')"
         " AND (SELECT count(*) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND NOT "
         "a.attisdropped"
         " AND a.attname IN ('version', 'state', 'up_checksum', 'step_checksums', 'run_id')) = 5 ORDER BY 1";
}

// Tables of extensions (PostGIS) come with the database and are nobody's migrations.
std::string find_user_table(const HistoryPlace& place) {
  return "SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
         " WHERE c.relkind IN ('r', 'p', 'f') AND n.nspname <> 'information_schema'"
         " AND left(n.nspname, 3) <> 'pg_' AND (n.nspname <> " +
         literal(place.schema) + " OR c.relname NOT IN (" + literal(place.table) + ", " +
         literal(place.log_table) +
         ")) AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid"
         " AND d.classid = CAST('pg_catalog.pg_class' AS regclass) AND d.deptype = 'e') LIMIT 1";
}

void add_claims(HistorySql& sql, const std::string& table) {
  // The third state: steps that commit by themselves were finished and the rest was answered with an error.
  sql.claim_up =
      or_fail(insert_row(table, "'applying'", "NULL, NULL") +
              " WHERE h.state IN ('pending', 'reverted') OR (h.state = 'applying' AND h.mark IS NULL"
              " AND h.step = excluded.step) RETURNING 1");
  sql.claim_down = or_fail(
      "UPDATE " + table +
      " AS h SET state = 'reverting', step = :step, steps = :steps, mark = " + mark_with_before +
      ", run_id = :run_id,"
      " applied_by = :applied_by, started_at = " +
      now +
      ", finished_at = NULL, duration_ms = NULL, tool_version = :tool_version WHERE version = :version"
      " AND (state = 'applied' OR (state = 'reverting' AND mark IS NULL AND step = :step)) RETURNING 1");
  sql.advance = or_fail(update_claim(table, "step = :step, state = :state, mark = :mark") +
                        in_our_transaction + " RETURNING 1");
  sql.finish = or_fail(update_claim(table, "state = :state, step = :step, mark = NULL, finished_at = " + now +
                                               ", duration_ms = CAST(round(extract(epoch FROM " + now +
                                               " - started_at) * 1000) AS bigint)") +
                           in_our_transaction + " RETURNING duration_ms",
                       ", max(duration_ms)");
  sql.take_back =
      or_fail(update_claim(table, "state = :state, step = :step, steps = :steps" +
                                      restored("started_at", "timestamptz", "started_at") +
                                      restored("finished_at", "timestamptz", now) +
                                      restored("duration_ms", "bigint", "NULL") +
                                      restored("run_id", "varchar", "run_id") +
                                      restored("applied_by", "varchar", "applied_by") +
                                      restored("tool_version", "varchar", "tool_version") + ", mark = NULL") +
              " RETURNING 1");
}

}  // namespace

HistorySql history_sql(const HistoryPlace& place) {
  const std::string table = qualified(place.schema, place.table);
  const std::string log = qualified(place.schema, place.log_table);
  HistorySql sql;
  if (place.schema != "public") {
    sql.create.push_back(create_schema(place.schema));
  }
  for (std::string text : {create_history(table), create_log(log),
                           "REVOKE ALL ON " + table + ", " + log + " FROM PUBLIC", format_row(table)}) {
    sql.create.push_back(std::move(text));
  }
  sql.read =
      "SELECT version, name, state, origin, dialect, step, steps, up_checksum, down_checksum, step_checksums,"
      " run_id, applied_by, " +
      utc("started_at") + ", " + utc("finished_at") +
      ", duration_ms, tool_version, CAST(mark IS NOT NULL AS integer) FROM " + table + " ORDER BY version";
  sql.find_elsewhere = find_elsewhere(place);
  sql.find_user_table = find_user_table(place);
  sql.read_down_steps = "SELECT down_steps, down_checksum FROM " + table + " WHERE version = :version";
  sql.renumber = "UPDATE " + table +
                 " SET version = :to WHERE version = :version AND name = :name AND state = 'applied'";
  sql.find_log =
      "SELECT 1 FROM " + log + " WHERE action = :action AND version = :version AND detail = :detail LIMIT 1";
  sql.read_mark = "SELECT mark FROM " + table + " WHERE version = :version";
  add_claims(sql, table);
  sql.record = insert_row(table, ":state", now + ", NULL");
  sql.log = "INSERT INTO " + log +
            " (at, action, version, detail, run_id, applied_by, tool_version) VALUES (" + now +
            ", :action, :version, :detail, :run_id, :applied_by, :tool_version)";
  return sql;
}

}  // namespace toolkit::postgresql

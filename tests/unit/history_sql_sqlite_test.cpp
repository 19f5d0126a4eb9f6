#include "../../dialects/sqlite/history_sql.hpp"

#include <doctest/doctest.h>

using namespace toolkit;

namespace {

const HistorySql& texts() {
  static const HistorySql made = sqlite::history_sql({"main", "toolkit_history", "toolkit_log"});
  return made;
}

}  // namespace

// Another text here is another format: databases in the field were made with these.
TEST_CASE("persistent: the tables of the history on SQLite") {
  REQUIRE(texts().create.size() == 3);
  CHECK(texts().create[0] ==
        "CREATE TABLE IF NOT EXISTS \"main\".\"toolkit_history\" (\n"
        "  version INTEGER NOT NULL PRIMARY KEY,\n"
        "  name TEXT NOT NULL,\n"
        "  state TEXT NOT NULL,\n"
        "  origin TEXT NOT NULL,\n"
        "  dialect TEXT NOT NULL,\n"
        "  step INTEGER NOT NULL,\n"
        "  steps INTEGER NOT NULL,\n"
        "  up_checksum TEXT NOT NULL,\n"
        "  down_checksum TEXT NOT NULL,\n"
        "  step_checksums TEXT NOT NULL,\n"
        "  down_steps TEXT NOT NULL,\n"
        "  mark TEXT,\n"
        "  run_id TEXT NOT NULL,\n"
        "  applied_by TEXT NOT NULL,\n"
        "  started_at TEXT NOT NULL,\n"
        "  finished_at TEXT,\n"
        "  duration_ms INTEGER,\n"
        "  tool_version TEXT NOT NULL\n"
        ")");
  CHECK(texts().create[1] ==
        "CREATE TABLE IF NOT EXISTS \"main\".\"toolkit_log\" (\n"
        "  id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
        "  at TEXT NOT NULL,\n"
        "  action TEXT NOT NULL,\n"
        "  version INTEGER NOT NULL,\n"
        "  detail TEXT NOT NULL,\n"
        "  run_id TEXT NOT NULL,\n"
        "  applied_by TEXT NOT NULL,\n"
        "  tool_version TEXT NOT NULL\n"
        ")");
  CHECK(texts().create[2] ==
        "INSERT OR IGNORE INTO \"main\".\"toolkit_history\" (version, name, state, origin, dialect, "
        "step, steps, up_checksum, down_checksum, step_checksums, down_steps, run_id, applied_by, "
        "started_at, tool_version) VALUES (0, 'format', 'applied', 'run', '', 1, 0, '', '', '{}', "
        "'[]', '', '', strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'), '')");
}

TEST_CASE("persistent: how the history is read on SQLite") {
  CHECK(texts().read ==
        "SELECT version, name, state, origin, dialect, step, steps, up_checksum, down_checksum, "
        "step_checksums, run_id, applied_by, started_at, finished_at, duration_ms, tool_version, "
        "mark IS NOT NULL FROM \"main\".\"toolkit_history\" ORDER BY version");
  CHECK(texts().find_elsewhere == "SELECT NULL WHERE 0");
  CHECK(texts().find_user_table ==
        "SELECT 1 FROM \"main\".sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' "
        "ESCAPE '\\' AND name NOT IN ('toolkit_history', 'toolkit_log') LIMIT 1");
  CHECK(texts().read_down_steps ==
        "SELECT down_steps, down_checksum FROM \"main\".\"toolkit_history\" WHERE version = :version");
}

TEST_CASE("persistent: how a version is claimed and finished on SQLite") {
  CHECK(texts().claim_up ==
        "INSERT INTO \"main\".\"toolkit_history\" (version, name, state, origin, dialect, step, steps, "
        "up_checksum, down_checksum, step_checksums, down_steps, mark, run_id, applied_by, "
        "started_at, finished_at, duration_ms, tool_version) VALUES (:version, :name, 'applying', "
        ":origin, :dialect, :step, :steps, :up_checksum, :down_checksum, :step_checksums, "
        ":down_steps, :mark, :run_id, :applied_by, strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'), NULL, "
        "NULL, :tool_version) ON CONFLICT (version) DO UPDATE SET name = excluded.name, state = "
        "excluded.state, origin = excluded.origin, dialect = excluded.dialect, step = excluded.step, "
        "steps = excluded.steps, up_checksum = excluded.up_checksum, down_checksum = "
        "excluded.down_checksum, step_checksums = excluded.step_checksums, down_steps = "
        "excluded.down_steps, mark = excluded.mark, run_id = excluded.run_id, applied_by = "
        "excluded.applied_by, started_at = excluded.started_at, finished_at = excluded.finished_at, "
        "duration_ms = excluded.duration_ms, tool_version = excluded.tool_version WHERE state IN "
        "('pending', 'reverted') OR (state = 'applying' AND \"toolkit_history\".mark IS NULL AND "
        "\"toolkit_history\".step = excluded.step)");
  CHECK(
      texts().claim_down ==
      "UPDATE \"main\".\"toolkit_history\" SET state = 'reverting', step = :step, steps = :steps, mark "
      "= CASE WHEN :mark IS NOT NULL THEN substr(:mark, 1, length(:mark) - 1) || ',\"before\":{' || "
      "'\"started_at\":\"' || replace(replace(coalesce(started_at, ''), '\\', '/'), '\"', '''') || '\"' || "
      "',\"finished_at\":\"' || replace(replace(coalesce(finished_at, ''), '\\', '/'), '\"', '''') || '\"' "
      "|| "
      "',\"duration_ms\":\"' || replace(replace(coalesce(duration_ms, ''), '\\', '/'), '\"', '''') || '\"' "
      "|| "
      "',\"run_id\":\"' || replace(replace(coalesce(run_id, ''), '\\', '/'), '\"', '''') || '\"' || "
      "',\"applied_by\":\"' || replace(replace(coalesce(applied_by, ''), '\\', '/'), '\"', '''') || '\"' || "
      "',\"tool_version\":\"' || replace(replace(coalesce(tool_version, ''), '\\', '/'), '\"', '''') || '\"' "
      "|| "
      "'}}' END, run_id = :run_id, applied_by = :applied_by, started_at = "
      "strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'), finished_at = NULL, duration_ms = NULL, "
      "tool_version = :tool_version WHERE version = :version AND (state = 'applied' OR (state = "
      "'reverting' AND mark IS NULL AND step = :step))");
  CHECK(texts().advance ==
        "UPDATE \"main\".\"toolkit_history\" SET step = :step, state = :state WHERE version = :version "
        "AND run_id = :run_id AND state IN ('applying', 'reverting')");
  CHECK(texts().finish ==
        "UPDATE \"main\".\"toolkit_history\" SET state = :state, step = :step, mark = NULL, finished_at "
        "= strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'), duration_ms = CAST(round((julianday('now') - "
        "julianday(started_at)) * 86400000) AS INTEGER) WHERE version = :version AND run_id = "
        ":run_id AND state IN ('applying', 'reverting')");
  const auto restored = [](const std::string& column, const std::string& after,
                           const std::string& otherwise) {
    const std::string rest = "substr(mark, instr(mark, '\"" + column + "\":\"') + " + after + ")";
    return ", " + column +
           " = CASE WHEN :state = 'applied' AND instr(mark, ',\"before\":{') > 0 THEN nullif(substr(" + rest +
           ", 1, instr(" + rest + ", '\"') - 1), '') ELSE " + otherwise + " END";
  };
  CHECK(texts().take_back ==
        "UPDATE \"main\".\"toolkit_history\" SET state = :state, step = :step, steps = :steps" +
            restored("started_at", "14", "started_at") +
            restored("finished_at", "15",
                     "CASE WHEN :state IN ('pending', 'applied') THEN strftime('%Y-%m-%dT%H:%M:%f000Z', "
                     "'now') END") +
            restored("duration_ms", "15", "NULL") + restored("run_id", "10", "run_id") +
            restored("applied_by", "14", "applied_by") + restored("tool_version", "16", "tool_version") +
            ", mark = NULL WHERE version = :version AND run_id = :run_id AND state IN ('applying', "
            "'reverting')");
  CHECK(texts().record ==
        "INSERT INTO \"main\".\"toolkit_history\" (version, name, state, origin, dialect, step, steps, "
        "up_checksum, down_checksum, step_checksums, down_steps, mark, run_id, applied_by, "
        "started_at, finished_at, duration_ms, tool_version) VALUES (:version, :name, :state, "
        ":origin, :dialect, :step, :steps, :up_checksum, :down_checksum, :step_checksums, "
        ":down_steps, :mark, :run_id, :applied_by, strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'), "
        "strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'), NULL, :tool_version) ON CONFLICT (version) DO "
        "UPDATE SET name = excluded.name, state = excluded.state, origin = excluded.origin, dialect "
        "= excluded.dialect, step = excluded.step, steps = excluded.steps, up_checksum = "
        "excluded.up_checksum, down_checksum = excluded.down_checksum, step_checksums = "
        "excluded.step_checksums, down_steps = excluded.down_steps, mark = excluded.mark, run_id = "
        "excluded.run_id, applied_by = excluded.applied_by, started_at = excluded.started_at, "
        "finished_at = excluded.finished_at, duration_ms = excluded.duration_ms, tool_version = "
        "excluded.tool_version");
  CHECK(texts().log ==
        "INSERT INTO \"main\".\"toolkit_log\" (at, action, version, detail, run_id, applied_by, "
        "tool_version) VALUES (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'), :action, :version, :detail, "
        ":run_id, :applied_by, :tool_version)");
}

TEST_CASE("every text names the tables with their schema, quoted") {
  const HistorySql odd = sqlite::history_sql({"we\"ird", "hist'ory", "lo\"g"});
  CHECK(odd.read_down_steps ==
        "SELECT down_steps, down_checksum FROM \"we\"\"ird\".\"hist'ory\" WHERE version = :version");
  CHECK(odd.find_user_table ==
        "SELECT 1 FROM \"we\"\"ird\".sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' "
        "ESCAPE '\\' AND name NOT IN ('hist''ory', 'lo\"g') LIMIT 1");
  CHECK(odd.create[1].starts_with("CREATE TABLE IF NOT EXISTS \"we\"\"ird\".\"lo\"\"g\" (\n"));
}

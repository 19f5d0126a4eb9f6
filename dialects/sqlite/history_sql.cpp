#include "history_sql.hpp"

#include "names.hpp"

namespace toolkit::sqlite {

namespace {

// SQLite's clock has milliseconds; the three zeros keep one text format on all dialects.
constexpr const char* now = "strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')";

std::string create_history(const std::string& table) {
  return "CREATE TABLE IF NOT EXISTS " + table +
         " (\n"
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
         ")";
}

std::string create_log(const std::string& table) {
  return "CREATE TABLE IF NOT EXISTS " + table +
         " (\n"
         "  id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
         "  at TEXT NOT NULL,\n"
         "  action TEXT NOT NULL,\n"
         "  version INTEGER NOT NULL,\n"
         "  detail TEXT NOT NULL,\n"
         "  run_id TEXT NOT NULL,\n"
         "  applied_by TEXT NOT NULL,\n"
         "  tool_version TEXT NOT NULL\n"
         ")";
}

std::string format_row(const std::string& table) {
  return "INSERT OR IGNORE INTO " + table +
         " (version, name, state, origin, dialect, step, steps, up_checksum, down_checksum, step_checksums,"
         " down_steps, run_id, applied_by, started_at, tool_version) VALUES (0, 'format', 'applied', 'run', "
         "'', " +
         std::to_string(history_format) + ", 0, '', '', '{}', '[]', '', '', " + now + ", '')";
}

std::string insert_row(const std::string& table, const std::string& state, const std::string& finished) {
  return "INSERT INTO " + table +
         " (version, name, state, origin, dialect, step, steps, up_checksum, down_checksum, step_checksums,"
         " down_steps, mark, run_id, applied_by, started_at, finished_at, duration_ms, tool_version)"
         " VALUES (:version, :name, " +
         state +
         ", :origin, :dialect, :step, :steps, :up_checksum, :down_checksum,"
         " :step_checksums, :down_steps, :mark, :run_id, :applied_by, " +
         now + ", " + finished +
         ", :tool_version)"
         " ON CONFLICT (version) DO UPDATE SET name = excluded.name, state = excluded.state, origin = "
         "excluded.origin,"
         " dialect = excluded.dialect, step = excluded.step, steps = excluded.steps,"
         " up_checksum = excluded.up_checksum, down_checksum = excluded.down_checksum,"
         " step_checksums = excluded.step_checksums, down_steps = excluded.down_steps, mark = excluded.mark,"
         " run_id = excluded.run_id, applied_by = excluded.applied_by, started_at = excluded.started_at,"
         " finished_at = excluded.finished_at, duration_ms = excluded.duration_ms,"
         " tool_version = excluded.tool_version";
}

std::string update_claim(const std::string& table, const std::string& set) {
  return "UPDATE " + table + " SET " + set +
         " WHERE version = :version AND run_id = :run_id AND state IN ('applying', 'reverting')";
}

// What an applied row says of its up stays with the intent of its down, so that a down that is refused leaves
// the row as it was. Without JSON functions, which older libraries may lack: our own values hold neither
// quote nor backslash, and in who ran it they are replaced.
std::string mark_with_before() {
  std::string text =
      "CASE WHEN :mark IS NOT NULL THEN substr(:mark, 1, length(:mark) - 1) || ',\"before\":{'";
  std::string comma;
  for (const std::string column :
       {"started_at", "finished_at", "duration_ms", "run_id", "applied_by", "tool_version"}) {
    text += " || '" + comma + "\"" + column + "\":\"' || replace(replace(coalesce(" + column +
            ", ''), '\\', '/'), '\"', '''') || '\"'";
    comma = ",";
  }
  return text + " || '}}' END";
}

std::string restored(const std::string& column, const std::string& otherwise) {
  const std::string key = "'\"" + column + "\":\"'";
  const std::string rest =
      "substr(mark, instr(mark, " + key + ") + " + std::to_string(column.size() + 4) + ")";
  return ", " + column +
         " = CASE WHEN :state = 'applied' AND instr(mark, ',\"before\":{') > 0 THEN nullif(substr(" + rest +
         ", 1, instr(" + rest + ", '\"') - 1), '') ELSE " + otherwise + " END";
}

}  // namespace

HistorySql history_sql(const HistoryPlace& place) {
  const std::string table = qualified(place.schema, place.table);
  const std::string log = qualified(place.schema, place.log_table);
  const std::string in_text_order =
      "version, name, state, origin, dialect, step, steps, up_checksum, down_checksum,"
      " step_checksums, run_id, applied_by, started_at, finished_at, duration_ms,"
      " tool_version, mark IS NOT NULL";
  HistorySql sql;
  sql.create = {create_history(table), create_log(log), format_row(table)};
  sql.read = "SELECT " + in_text_order + " FROM " + table + " ORDER BY version";
  // One file holds one schema; attached files are other databases.
  sql.find_elsewhere = "SELECT NULL WHERE 0";
  sql.find_user_table = "SELECT 1 FROM " + sqlite::quoted(place.schema) +
                        ".sqlite_master WHERE type = 'table'"
                        " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT IN (" +
                        literal(place.table) + ", " + literal(place.log_table) + ") LIMIT 1";
  sql.read_down_steps = "SELECT down_steps, down_checksum FROM " + table + " WHERE version = :version";
  sql.renumber = "UPDATE " + table +
                 " SET version = :to WHERE version = :version AND name = :name AND state = 'applied'";
  sql.find_log =
      "SELECT 1 FROM " + log + " WHERE action = :action AND version = :version AND detail = :detail LIMIT 1";
  sql.read_mark = "SELECT mark FROM " + table + " WHERE version = :version";
  // The connection looks at the number of changed rows: here nothing is on its way behind the claim.
  sql.claim_up = insert_row(table, "'applying'", "NULL, NULL") +
                 " WHERE state IN ('pending', 'reverted') OR (state = 'applying' AND " +
                 sqlite::quoted(place.table) + ".mark IS NULL AND " + sqlite::quoted(place.table) +
                 ".step = excluded.step)";
  sql.claim_down = "UPDATE " + table +
                   " SET state = 'reverting', step = :step, steps = :steps, mark = " + mark_with_before() +
                   ", run_id = :run_id, applied_by = :applied_by, started_at = " + now +
                   ", finished_at = NULL, duration_ms = NULL, tool_version = :tool_version"
                   " WHERE version = :version AND (state = 'applied'"
                   " OR (state = 'reverting' AND mark IS NULL AND step = :step))";
  sql.advance = update_claim(table, "step = :step, state = :state");
  sql.finish = update_claim(
      table,
      "state = :state, step = :step, mark = NULL, finished_at = " + std::string(now) +
          ", duration_ms = CAST(round((julianday('now') - julianday(started_at)) * 86400000) AS INTEGER)");
  const std::string at_end = "CASE WHEN :state IN ('pending', 'applied') THEN " + std::string(now) + " END";
  sql.take_back = update_claim(
      table, "state = :state, step = :step, steps = :steps" + restored("started_at", "started_at") +
                 restored("finished_at", at_end) + restored("duration_ms", "NULL") +
                 restored("run_id", "run_id") + restored("applied_by", "applied_by") +
                 restored("tool_version", "tool_version") + ", mark = NULL");
  sql.record = insert_row(table, ":state", std::string(now) + ", NULL");
  sql.log = "INSERT INTO " + log +
            " (at, action, version, detail, run_id, applied_by, tool_version) VALUES (" + now +
            ", :action, :version, :detail, :run_id, :applied_by, :tool_version)";
  return sql;
}

}  // namespace toolkit::sqlite

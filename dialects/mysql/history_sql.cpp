#include "history_sql.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace toolkit::mysql {

namespace {

constexpr std::string_view columns =
    "version, name, state, origin, dialect, step, steps, up_checksum, down_checksum, step_checksums, "
    "down_steps, "
    "mark, run_id, applied_by, started_at, finished_at, duration_ms, tool_version";

// Two rows where one may stand is error 1242: a write that would take what is not free fails as a whole.
// VALUES() is deprecated on MySQL 8.0.20, but MariaDB knows no other form.
constexpr std::string_view refuse = "(SELECT 1 UNION SELECT 2)";

constexpr std::string_view fence = "IF(:lock_name = '', 1, IS_USED_LOCK(:lock_name) = CONNECTION_ID())";

constexpr std::string_view duration = "TIMESTAMPDIFF(MICROSECOND, started_at, UTC_TIMESTAMP(6)) DIV 1000";

// A version goes on at its next step when it stands where the file says and no intent is open.
std::string is_claimable(const std::string& row, std::string_view free, std::string_view state,
                         std::string_view step) {
  return std::string(free) + " OR (" + row + "state = '" + std::string(state) + "' AND " + row +
         "mark IS NULL AND " + row + "step = " + std::string(step) + " AND " + std::string(step) + " > 0)";
}

// What an applied row says of its up stays with the intent of its down, so that a down which the server
// refuses leaves the row as it was. The mark's own text stays as it is, format number first.
std::string mark_with_before(const std::string& mark) {
  return "CONCAT(LEFT(" + mark + ", CHAR_LENGTH(" + mark +
         ") - 1), ',\"before\":', JSON_OBJECT('started_at', started_at, 'finished_at', finished_at, "
         "'duration_ms', duration_ms, 'run_id', run_id, 'applied_by', applied_by, 'tool_version', "
         "tool_version), "
         "'}')";
}

std::string restored(const std::string& column, const std::string& otherwise) {
  const std::string before = "JSON_EXTRACT(mark, '$.before." + column + "')";
  return ", " + column + " = IF(:state = 'applied' AND JSON_EXTRACT(mark, '$.before') IS NOT NULL, NULLIF(" +
         "JSON_UNQUOTE(" + before + "), 'null'), " + otherwise + ")";
}

std::string create_history(const std::string& table) {
  return "CREATE TABLE IF NOT EXISTS " + table +
         " (version bigint NOT NULL, name varchar(255) NOT NULL, state varchar(16) NOT NULL, "
         "origin varchar(16) NOT NULL, dialect varchar(16) NOT NULL, step int NOT NULL, steps int NOT NULL, "
         "up_checksum varchar(80) NOT NULL, down_checksum varchar(80) NOT NULL, step_checksums longtext NOT "
         "NULL, "
         "down_steps longtext NOT NULL, mark longtext NULL, run_id varchar(32) NOT NULL, "
         "applied_by varchar(512) NOT NULL, started_at datetime(6) NOT NULL, finished_at datetime(6) NULL, "
         "duration_ms bigint NULL, tool_version varchar(64) NOT NULL, PRIMARY KEY (version)) "
         "ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
}

std::string create_log(const std::string& table) {
  return "CREATE TABLE IF NOT EXISTS " + table +
         " (id bigint NOT NULL AUTO_INCREMENT, at datetime(6) NOT NULL, action varchar(32) NOT NULL, "
         "version bigint NOT NULL, detail longtext NOT NULL, run_id varchar(32) NOT NULL, "
         "applied_by varchar(512) NOT NULL, tool_version varchar(64) NOT NULL, PRIMARY KEY (id)) "
         "ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
}

std::string create_format_row(const std::string& table) {
  return "INSERT INTO " + table + " (" + std::string(columns) +
         ") VALUES (0, 'format', 'applied', 'run', '', " + std::to_string(history_format) +
         ", 0, '', '', '{}', '[]', NULL, '', '', UTC_TIMESTAMP(6), NULL, NULL, '') "
         "ON DUPLICATE KEY UPDATE version = version";
}

// The row of an up that begins; `p` is the prefix of the values' names.
std::string up_row(const std::string& p) {
  return "SELECT :" + p + "version, :" + p + "name, 'applying', :" + p + "origin, :" + p + "dialect, :" + p +
         "step, :" + p + "steps, :" + p + "up_checksum, :" + p + "down_checksum, :" + p +
         "step_checksums, :" + p + "down_steps, :" + p + "mark, :" + p + "run_id, :" + p +
         "applied_by, UTC_TIMESTAMP(6), NULL, NULL, :" + p + "tool_version FROM DUAL";
}

// The columns after `name`, which decides, each taking what the statement brought.
std::string overwrite_rest(std::initializer_list<std::string_view> but = {}) {
  std::string text;
  for (const std::string_view column :
       {"state", "origin", "dialect", "step", "steps", "up_checksum", "down_checksum", "step_checksums",
        "down_steps", "mark", "run_id", "applied_by", "started_at", "finished_at", "duration_ms",
        "tool_version"}) {
    if (std::find(but.begin(), but.end(), column) == but.end()) {
      text += ", " + std::string(column) + " = VALUES(" + std::string(column) + ")";
    }
  }
  return text;
}

std::string claim_up(const std::string& table) {
  const std::string row = table + ".";
  return "INSERT INTO " + table + " (" + std::string(columns) + ") " + up_row("") + " WHERE " +
         std::string(fence) + " ON DUPLICATE KEY UPDATE name = IF(" +
         is_claimable(row, row + "state IN ('pending', 'reverted')", "applying", "VALUES(step)") +
         ", VALUES(name), " + std::string(refuse) + ")" + overwrite_rest();
}

std::string claim_down(const std::string& table) {
  return "UPDATE " + table + " SET name = IF(" + is_claimable("", "state = 'applied'", "reverting", ":step") +
         ", name, " + std::string(refuse) +
         "), state = 'reverting', step = :step, steps = :steps, mark = " + mark_with_before(":mark") +
         ", run_id = :run_id, applied_by = :applied_by, tool_version = :tool_version, "
         "started_at = UTC_TIMESTAMP(6), finished_at = NULL, duration_ms = NULL WHERE version = :version "
         "AND " +
         std::string(fence);
}

// The claims of this run, by version; anything else is left alone.
constexpr std::string_view own_claim =
    "version = :version AND run_id = :run_id AND state IN ('applying', 'reverting')";

// Both rows of the chain carry all their values: reading the ended one back from the table would make the
// server build a temporary table for each write. Should somebody have deleted it, it comes back as it was.
std::string chain_of_ups(const std::string& table) {
  const std::string row = table + ".";
  const std::string ended =
      "VALUES(state) = 'applied' AND " + row + "state = 'applying' AND " + row + "run_id = VALUES(run_id)";
  const std::string next =
      "VALUES(state) = 'applying' AND (" +
      is_claimable(row, row + "state IN ('pending', 'reverted')", "applying", "VALUES(step)") + ")";
  return "INSERT INTO " + table + " (" + std::string(columns) +
         ") SELECT :version, :name, :state, :origin, :dialect, :step, :steps, :up_checksum, :down_checksum, "
         ":step_checksums, :down_steps, NULL, :run_id, :applied_by, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), 0, "
         ":tool_version FROM DUAL WHERE " +
         std::string(fence) + " UNION ALL " + up_row("next_") + " WHERE " + std::string(fence) +
         " ON DUPLICATE KEY UPDATE name = IF((" + ended + ") OR (" + next + "), VALUES(name), " +
         std::string(refuse) + "), duration_ms = IF(VALUES(state) = 'applied', TIMESTAMPDIFF(MICROSECOND, " +
         row + "started_at, UTC_TIMESTAMP(6)) DIV 1000, NULL), started_at = IF(VALUES(state) = 'applied', " +
         row + "started_at, VALUES(started_at))" + overwrite_rest({"duration_ms", "started_at"});
}

std::string chain_of_downs(const std::string& table) {
  const auto either = [](const std::string& column, const std::string& ended, const std::string& next) {
    return ", " + column + " = IF(version = :version, " + ended + ", " + next + ")";
  };
  return "UPDATE " + table +
         " SET name = IF((version = :version AND state = 'reverting' AND run_id = :run_id) OR " +
         "(version = :next_version AND (" + is_claimable("", "state = 'applied'", "reverting", ":next_step") +
         ")), name, " + std::string(refuse) + ")" + either("mark", "NULL", mark_with_before(":next_mark")) +
         either("duration_ms", std::string(duration), "NULL") +
         either("started_at", "started_at", "UTC_TIMESTAMP(6)") +
         either("finished_at", "UTC_TIMESTAMP(6)", "NULL") + either("state", ":state", "'reverting'") +
         either("step", ":step", ":next_step") + either("steps", "steps", ":next_steps") +
         ", run_id = :run_id, applied_by = :next_applied_by, tool_version = :next_tool_version "
         "WHERE version IN (:version, :next_version) AND " +
         std::string(fence);
}

std::string read_rows(const std::string& table) {
  const auto moment = [](const std::string& column) {
    return "DATE_FORMAT(" + column + ", '%Y-%m-%dT%H:%i:%s.%fZ')";
  };
  return "SELECT version, name, state, origin, dialect, step, steps, up_checksum, down_checksum, "
         "step_checksums, "
         "run_id, applied_by, " +
         moment("started_at") + ", " + moment("finished_at") +
         ", duration_ms, tool_version, mark IS NOT NULL FROM " + table + " ORDER BY version";
}

std::string record(const std::string& table) {
  return "INSERT INTO " + table + " (" + std::string(columns) +
         ") VALUES (:version, :name, :state, :origin, :dialect, :step, :steps, :up_checksum, :down_checksum, "
         ":step_checksums, :down_steps, NULL, :run_id, :applied_by, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), "
         "NULL, "
         ":tool_version) ON DUPLICATE KEY UPDATE name = VALUES(name)" +
         overwrite_rest();
}

}  // namespace

std::string quoted(std::string_view identifier) {
  std::string text = "`";
  for (const char c : identifier) {
    text += c == '`' ? std::string("``") : std::string(1, c);
  }
  return text + "`";
}

HistorySql history_sql(const HistoryPlace& place) {
  const std::string table = mysql::quoted(place.schema) + "." + mysql::quoted(place.table);
  const std::string log = mysql::quoted(place.schema) + "." + mysql::quoted(place.log_table);
  HistorySql sql;
  sql.create = {create_log(log), create_history(table), create_format_row(table)};
  sql.read = read_rows(table);
  // Another database of the server belongs to another product: a history there is no second history of
  // this one, as it would be in another schema of one PostgreSQL database.
  sql.find_elsewhere = "SELECT '' FROM DUAL WHERE 1 = 0";
  sql.read_down_steps = "SELECT down_steps, down_checksum FROM " + table + " WHERE version = :version";
  sql.renumber = "UPDATE " + table +
                 " SET version = :to WHERE version = :version AND name = :name AND state = 'applied'";
  sql.find_log =
      "SELECT 1 FROM " + log + " WHERE action = :action AND version = :version AND detail = :detail LIMIT 1";
  sql.read_mark = "SELECT mark FROM " + table + " WHERE version = :version";
  sql.claim_up = claim_up(table);
  sql.claim_down = claim_down(table);
  sql.advance = "UPDATE " + table + " SET step = :step, mark = :mark WHERE " + std::string(own_claim) +
                " AND " + std::string(fence);
  sql.finish =
      "UPDATE " + table +
      " SET state = :state, step = :step, mark = NULL, finished_at = UTC_TIMESTAMP(6), duration_ms = " +
      std::string(duration) + " WHERE " + std::string(own_claim);
  sql.take_back = "UPDATE " + table + " SET state = :state, step = :step, steps = :steps" +
                  restored("started_at", "started_at") +
                  restored("finished_at", "IF(:state IN ('pending', 'applied'), UTC_TIMESTAMP(6), NULL)") +
                  restored("duration_ms", "NULL") + restored("run_id", "run_id") +
                  restored("applied_by", "applied_by") + restored("tool_version", "tool_version") +
                  ", mark = NULL WHERE " + std::string(own_claim);
  sql.record = record(table);
  sql.log =
      "INSERT INTO " + log +
      " (at, action, version, detail, run_id, applied_by, tool_version) VALUES (UTC_TIMESTAMP(6), :action, "
      ":version, :detail, :run_id, :applied_by, :tool_version)";
  return sql;
}

ChainSql chain_sql(const HistoryPlace& place) {
  const std::string table = mysql::quoted(place.schema) + "." + mysql::quoted(place.table);
  return {chain_of_ups(table), chain_of_downs(table)};
}

}  // namespace toolkit::mysql

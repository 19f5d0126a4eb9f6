#ifdef TOOLKIT_WITH_MYSQL

#include <doctest/doctest.h>

#include "../../dialects/mysql/history_sql.hpp"

using namespace toolkit;

namespace {

const HistoryPlace place = {"shop", "toolkit_history", "toolkit_log"};

}  // namespace

// The tables are persistent: a change here needs a new format number. The other texts are compared whole
// because each of them was tried against the servers as it stands.
TEST_CASE("mysql history: the tables") {
  const HistorySql sql = mysql::history_sql(place);
  REQUIRE(sql.create.size() == 3);
  CHECK(sql.create[0] ==
        "CREATE TABLE IF NOT EXISTS `shop`.`toolkit_log` (id bigint NOT NULL AUTO_INCREMENT, at "
        "datetime(6) NOT NULL, action varchar(32) NOT NULL, version bigint NOT NULL, detail longtext "
        "NOT NULL, run_id varchar(32) NOT NULL, applied_by varchar(512) NOT NULL, tool_version "
        "varchar(64) NOT NULL, PRIMARY KEY (id)) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE "
        "utf8mb4_bin");
  CHECK(sql.create[1] ==
        "CREATE TABLE IF NOT EXISTS `shop`.`toolkit_history` (version bigint NOT NULL, name "
        "varchar(255) NOT NULL, state varchar(16) NOT NULL, origin varchar(16) NOT NULL, dialect "
        "varchar(16) NOT NULL, step int NOT NULL, steps int NOT NULL, up_checksum varchar(80) NOT NULL, "
        "down_checksum varchar(80) NOT NULL, step_checksums longtext NOT NULL, down_steps longtext NOT "
        "NULL, mark longtext NULL, run_id varchar(32) NOT NULL, applied_by varchar(512) NOT NULL, "
        "started_at datetime(6) NOT NULL, finished_at datetime(6) NULL, duration_ms bigint NULL, "
        "tool_version varchar(64) NOT NULL, PRIMARY KEY (version)) ENGINE=InnoDB DEFAULT CHARACTER SET "
        "utf8mb4 COLLATE utf8mb4_bin");
  CHECK(sql.create[2] ==
        "INSERT INTO `shop`.`toolkit_history` (version, name, state, origin, dialect, step, steps, "
        "up_checksum, down_checksum, step_checksums, down_steps, mark, run_id, applied_by, started_at, "
        "finished_at, duration_ms, tool_version) VALUES (0, 'format', 'applied', 'run', '', 1, 0, '', "
        "'', '{}', '[]', NULL, '', '', UTC_TIMESTAMP(6), NULL, NULL, '') ON DUPLICATE KEY UPDATE "
        "version = version");
}

TEST_CASE("mysql history: what reads") {
  const HistorySql sql = mysql::history_sql(place);
  CHECK(sql.read ==
        "SELECT version, name, state, origin, dialect, step, steps, up_checksum, down_checksum, "
        "step_checksums, run_id, applied_by, DATE_FORMAT(started_at, '%Y-%m-%dT%H:%i:%s.%fZ'), "
        "DATE_FORMAT(finished_at, '%Y-%m-%dT%H:%i:%s.%fZ'), duration_ms, tool_version, mark IS NOT NULL "
        "FROM `shop`.`toolkit_history` ORDER BY version");
  CHECK(sql.find_elsewhere == "SELECT '' FROM DUAL WHERE 1 = 0");
  CHECK(sql.find_user_table.empty());
  CHECK(sql.read_down_steps ==
        "SELECT down_steps, down_checksum FROM `shop`.`toolkit_history` WHERE version = :version");
}

TEST_CASE("mysql history: what writes") {
  const HistorySql sql = mysql::history_sql(place);
  CHECK(sql.claim_up ==
        "INSERT INTO `shop`.`toolkit_history` (version, name, state, origin, dialect, step, steps, "
        "up_checksum, down_checksum, step_checksums, down_steps, mark, run_id, applied_by, started_at, "
        "finished_at, duration_ms, tool_version) SELECT :version, :name, 'applying', :origin, :dialect, "
        ":step, :steps, :up_checksum, :down_checksum, :step_checksums, :down_steps, :mark, :run_id, "
        ":applied_by, UTC_TIMESTAMP(6), NULL, NULL, :tool_version FROM DUAL WHERE IF(:lock_name = '', "
        "1, IS_USED_LOCK(:lock_name) = CONNECTION_ID()) ON DUPLICATE KEY UPDATE name = "
        "IF(`shop`.`toolkit_history`.state IN ('pending', 'reverted') OR "
        "(`shop`.`toolkit_history`.state = 'applying' AND `shop`.`toolkit_history`.mark IS NULL AND "
        "`shop`.`toolkit_history`.step = VALUES(step) AND VALUES(step) > 0), VALUES(name), (SELECT 1 "
        "UNION SELECT 2)), state = VALUES(state), origin = VALUES(origin), dialect = VALUES(dialect), "
        "step = VALUES(step), steps = VALUES(steps), up_checksum = VALUES(up_checksum), down_checksum = "
        "VALUES(down_checksum), step_checksums = VALUES(step_checksums), down_steps = "
        "VALUES(down_steps), mark = VALUES(mark), run_id = VALUES(run_id), applied_by = "
        "VALUES(applied_by), started_at = VALUES(started_at), finished_at = VALUES(finished_at), "
        "duration_ms = VALUES(duration_ms), tool_version = VALUES(tool_version)");
  CHECK(sql.claim_down ==
        "UPDATE `shop`.`toolkit_history` SET name = IF(state = 'applied' OR (state = 'reverting' AND "
        "mark IS NULL AND step = :step AND :step > 0), name, (SELECT 1 UNION SELECT 2)), state = "
        "'reverting', step = :step, steps = :steps, mark = CONCAT(LEFT(:mark, CHAR_LENGTH(:mark) - 1), "
        "',\"before\":', JSON_OBJECT('started_at', started_at, 'finished_at', finished_at, 'duration_ms', "
        "duration_ms, 'run_id', run_id, 'applied_by', applied_by, 'tool_version', tool_version), '}'), "
        "run_id = :run_id, applied_by = :applied_by, tool_version = :tool_version, started_at = "
        "UTC_TIMESTAMP(6), finished_at = NULL, duration_ms = NULL WHERE version = :version AND "
        "IF(:lock_name = '', 1, IS_USED_LOCK(:lock_name) = CONNECTION_ID())");
  CHECK(sql.advance ==
        "UPDATE `shop`.`toolkit_history` SET step = :step, mark = :mark WHERE version = :version AND "
        "run_id = :run_id AND state IN ('applying', 'reverting') AND IF(:lock_name = '', 1, "
        "IS_USED_LOCK(:lock_name) = CONNECTION_ID())");
  CHECK(sql.finish ==
        "UPDATE `shop`.`toolkit_history` SET state = :state, step = :step, mark = NULL, finished_at = "
        "UTC_TIMESTAMP(6), duration_ms = TIMESTAMPDIFF(MICROSECOND, started_at, UTC_TIMESTAMP(6)) DIV "
        "1000 WHERE version = :version AND run_id = :run_id AND state IN ('applying', 'reverting')");
  CHECK(sql.take_back ==
        "UPDATE `shop`.`toolkit_history` SET state = :state, step = :step, steps = :steps, started_at = "
        "IF(:state = 'applied' AND JSON_EXTRACT(mark, '$.before') IS NOT NULL, "
        "NULLIF(JSON_UNQUOTE(JSON_EXTRACT(mark, '$.before.started_at')), 'null'), started_at), "
        "finished_at = IF(:state = 'applied' AND JSON_EXTRACT(mark, '$.before') IS NOT NULL, "
        "NULLIF(JSON_UNQUOTE(JSON_EXTRACT(mark, '$.before.finished_at')), 'null'), IF(:state IN "
        "('pending', 'applied'), UTC_TIMESTAMP(6), NULL)), duration_ms = IF(:state = 'applied' AND "
        "JSON_EXTRACT(mark, '$.before') IS NOT NULL, NULLIF(JSON_UNQUOTE(JSON_EXTRACT(mark, "
        "'$.before.duration_ms')), 'null'), NULL), run_id = IF(:state = 'applied' AND "
        "JSON_EXTRACT(mark, '$.before') IS NOT NULL, NULLIF(JSON_UNQUOTE(JSON_EXTRACT(mark, "
        "'$.before.run_id')), 'null'), run_id), applied_by = IF(:state = 'applied' AND "
        "JSON_EXTRACT(mark, '$.before') IS NOT NULL, NULLIF(JSON_UNQUOTE(JSON_EXTRACT(mark, "
        "'$.before.applied_by')), 'null'), applied_by), tool_version = IF(:state = 'applied' AND "
        "JSON_EXTRACT(mark, '$.before') IS NOT NULL, NULLIF(JSON_UNQUOTE(JSON_EXTRACT(mark, "
        "'$.before.tool_version')), 'null'), tool_version), mark = NULL WHERE version = :version AND "
        "run_id = :run_id AND state IN ('applying', 'reverting')");
  CHECK(sql.record ==
        "INSERT INTO `shop`.`toolkit_history` (version, name, state, origin, dialect, step, steps, "
        "up_checksum, down_checksum, step_checksums, down_steps, mark, run_id, applied_by, started_at, "
        "finished_at, duration_ms, tool_version) VALUES (:version, :name, :state, :origin, :dialect, "
        ":step, :steps, :up_checksum, :down_checksum, :step_checksums, :down_steps, NULL, :run_id, "
        ":applied_by, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), NULL, :tool_version) ON DUPLICATE KEY UPDATE "
        "name = VALUES(name), state = VALUES(state), origin = VALUES(origin), dialect = "
        "VALUES(dialect), step = VALUES(step), steps = VALUES(steps), up_checksum = "
        "VALUES(up_checksum), down_checksum = VALUES(down_checksum), step_checksums = "
        "VALUES(step_checksums), down_steps = VALUES(down_steps), mark = VALUES(mark), run_id = "
        "VALUES(run_id), applied_by = VALUES(applied_by), started_at = VALUES(started_at), finished_at "
        "= VALUES(finished_at), duration_ms = VALUES(duration_ms), tool_version = VALUES(tool_version)");
  CHECK(sql.log ==
        "INSERT INTO `shop`.`toolkit_log` (at, action, version, detail, run_id, applied_by, "
        "tool_version) VALUES (UTC_TIMESTAMP(6), :action, :version, :detail, :run_id, :applied_by, "
        ":tool_version)");
}

TEST_CASE("mysql history: the end of one version and the claim of the next are one write") {
  const mysql::ChainSql chain = mysql::chain_sql(place);
  CHECK(chain.ups ==
        "INSERT INTO `shop`.`toolkit_history` (version, name, state, origin, dialect, step, steps, "
        "up_checksum, down_checksum, step_checksums, down_steps, mark, run_id, applied_by, started_at, "
        "finished_at, duration_ms, tool_version) SELECT :version, :name, :state, :origin, :dialect, "
        ":step, :steps, :up_checksum, :down_checksum, :step_checksums, :down_steps, NULL, :run_id, "
        ":applied_by, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), 0, :tool_version FROM DUAL WHERE "
        "IF(:lock_name = '', 1, IS_USED_LOCK(:lock_name) = CONNECTION_ID()) UNION ALL SELECT "
        ":next_version, :next_name, 'applying', :next_origin, :next_dialect, :next_step, :next_steps, "
        ":next_up_checksum, :next_down_checksum, :next_step_checksums, :next_down_steps, :next_mark, "
        ":next_run_id, :next_applied_by, UTC_TIMESTAMP(6), NULL, NULL, :next_tool_version FROM DUAL "
        "WHERE IF(:lock_name = '', 1, IS_USED_LOCK(:lock_name) = CONNECTION_ID()) ON DUPLICATE KEY "
        "UPDATE name = IF((VALUES(state) = 'applied' AND `shop`.`toolkit_history`.state = 'applying' "
        "AND `shop`.`toolkit_history`.run_id = VALUES(run_id)) OR (VALUES(state) = 'applying' AND "
        "(`shop`.`toolkit_history`.state IN ('pending', 'reverted') OR (`shop`.`toolkit_history`.state "
        "= 'applying' AND `shop`.`toolkit_history`.mark IS NULL AND `shop`.`toolkit_history`.step = "
        "VALUES(step) AND VALUES(step) > 0))), VALUES(name), (SELECT 1 UNION SELECT 2)), duration_ms = "
        "IF(VALUES(state) = 'applied', TIMESTAMPDIFF(MICROSECOND, `shop`.`toolkit_history`.started_at, "
        "UTC_TIMESTAMP(6)) DIV 1000, NULL), started_at = IF(VALUES(state) = 'applied', "
        "`shop`.`toolkit_history`.started_at, VALUES(started_at)), state = VALUES(state), origin = "
        "VALUES(origin), dialect = VALUES(dialect), step = VALUES(step), steps = VALUES(steps), "
        "up_checksum = VALUES(up_checksum), down_checksum = VALUES(down_checksum), step_checksums = "
        "VALUES(step_checksums), down_steps = VALUES(down_steps), mark = VALUES(mark), run_id = "
        "VALUES(run_id), applied_by = VALUES(applied_by), finished_at = VALUES(finished_at), "
        "tool_version = VALUES(tool_version)");
  CHECK(chain.downs ==
        "UPDATE `shop`.`toolkit_history` SET name = IF((version = :version AND state = 'reverting' AND "
        "run_id = :run_id) OR (version = :next_version AND (state = 'applied' OR (state = 'reverting' "
        "AND mark IS NULL AND step = :next_step AND :next_step > 0))), name, (SELECT 1 UNION SELECT "
        "2)), mark = IF(version = :version, NULL, CONCAT(LEFT(:next_mark, CHAR_LENGTH(:next_mark) - 1), "
        "',\"before\":', JSON_OBJECT('started_at', started_at, 'finished_at', finished_at, 'duration_ms', "
        "duration_ms, 'run_id', run_id, 'applied_by', applied_by, 'tool_version', tool_version), '}')), "
        "duration_ms = IF(version = :version, TIMESTAMPDIFF(MICROSECOND, started_at, UTC_TIMESTAMP(6)) "
        "DIV 1000, NULL), started_at = IF(version = :version, started_at, UTC_TIMESTAMP(6)), "
        "finished_at = IF(version = :version, UTC_TIMESTAMP(6), NULL), state = IF(version = :version, "
        ":state, 'reverting'), step = IF(version = :version, :step, :next_step), steps = IF(version = "
        ":version, steps, :next_steps), run_id = :run_id, applied_by = :next_applied_by, tool_version = "
        ":next_tool_version WHERE version IN (:version, :next_version) AND IF(:lock_name = '', 1, "
        "IS_USED_LOCK(:lock_name) = CONNECTION_ID())");
}

TEST_CASE("mysql history: names are quoted") {
  CHECK(mysql::quoted("we`ird\"name") == "`we``ird\"name`");
  CHECK(mysql::history_sql({"a`b", "h", "l"}).read_down_steps ==
        "SELECT down_steps, down_checksum FROM `a``b`.`h` WHERE version = :version");
}

#endif

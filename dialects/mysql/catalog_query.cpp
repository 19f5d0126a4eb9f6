#include "catalog_query.hpp"

#include "catalog_expression.hpp"
#include "history_sql.hpp"

namespace toolkit::mysql {

namespace {

// Names are bound by hand: SOCI's scanner of placeholders knows '…' and nothing of backslashes, and a colon
// in a name would be one. CHAR() of the bytes holds neither.
std::string bytes_of(const std::string& name) {
  std::string text = "CONVERT(X'";
  constexpr char digits[] = "0123456789ABCDEF";
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte / 16];
    text += digits[byte % 16];
  }
  return text + "' USING utf8mb4)";
}

std::string only(const std::string& column, const std::vector<std::string>& names) {
  if (names.empty()) {
    return {};
  }
  std::string list;
  for (const std::string& name : names) {
    list += (list.empty() ? "" : ", ") + bytes_of(name);
  }
  return " AND " + column + " IN (" + list + ")";
}

CatalogQuery checks_query(bool is_mariadb, const std::vector<std::string>& names) {
  if (is_mariadb) {
    return {
        "SELECT table_name, constraint_name, check_clause, 'YES', level FROM "
        "information_schema.check_constraints WHERE constraint_schema = :db" +
            only("table_name", names),
        5};
  }
  return {
      "SELECT table_name, constraint_name, NULL, enforced, 'Table' FROM information_schema.table_constraints "
      "WHERE constraint_type = 'CHECK' AND table_schema = :db" +
          only("table_name", names),
      5};
}

}  // namespace

CatalogQuery stamps_query() {
  return {
      "SELECT table_name, table_type, UNIX_TIMESTAMP(create_time), COALESCE(UNIX_TIMESTAMP(create_time) + 1 "
      ">= "
      "UNIX_TIMESTAMP(SYSDATE()), 1) FROM information_schema.tables WHERE table_schema = :db",
      4};
}

CatalogQuery table_ids_query(bool is_mariadb, const std::string& database) {
  const std::string table = is_mariadb ? "innodb_sys_tables" : "innodb_tables";
  return {"SELECT SUBSTRING(name, " + std::to_string(database.size() + 2) +
              "), table_id FROM information_schema." + table + " WHERE CAST(LEFT(name, " +
              std::to_string(database.size() + 1) + ") AS BINARY) = CAST(" + bytes_of(database + "/") +
              " AS BINARY)",
          2};
}

TableQueries table_queries(bool is_mariadb, const std::vector<std::string>& names) {
  TableQueries queries;
  queries.tables = {
      "SELECT table_name, engine, table_collation, SUBSTRING_INDEX(table_collation, '_', 1), create_options, "
      "table_comment, table_type FROM information_schema.tables WHERE table_schema = :db" +
          only("table_name", names),
      7};
  queries.columns = {
      "SELECT table_name, column_name, column_default, is_nullable, column_type, extra, "
      "generation_expression, character_set_name, collation_name, column_comment, " +
          std::string(is_mariadb ? "NULL" : "srs_id") +
          " FROM information_schema.columns WHERE table_schema = :db" + only("table_name", names) +
          " ORDER BY table_name, ordinal_position",
      11};
  queries.indexes = {
      "SELECT table_name, index_name, non_unique, column_name, collation, sub_part, index_type, "
      "index_comment, " +
          std::string(is_mariadb ? "ignored = 'YES', NULL" : "is_visible = 'NO', expression") +
          " FROM information_schema.statistics WHERE table_schema = :db" + only("table_name", names) +
          " ORDER BY table_name, index_name, seq_in_index",
      10};
  // MySQL joins these views of its dictionary without an index: 1000 tables took 14 seconds.
  queries.references = {
      "SELECT table_name, constraint_name, column_name, referenced_table_schema, referenced_table_name, "
      "referenced_column_name FROM information_schema.key_column_usage WHERE table_schema = :db AND "
      "referenced_table_name IS NOT NULL" +
          only("table_name", names) + " ORDER BY table_name, constraint_name, ordinal_position",
      6};
  queries.rules = {
      "SELECT table_name, constraint_name, update_rule, delete_rule FROM "
      "information_schema.referential_constraints WHERE constraint_schema = :db" +
          only("table_name", names),
      4};
  queries.checks = checks_query(is_mariadb, names);
  queries.partitions = {
      "SELECT table_name, partition_name, subpartition_name, partition_method, subpartition_method, "
      "partition_expression, subpartition_expression, partition_description, partition_comment FROM "
      "information_schema.partitions WHERE partition_name IS NOT NULL AND table_schema = :db" +
          only("table_name", names) +
          " ORDER BY table_name, partition_ordinal_position, subpartition_ordinal_position",
      9};
  return queries;
}

CatalogQuery clauses_query(const std::vector<std::string>& checks) {
  return {
      "SELECT constraint_name, check_clause FROM information_schema.check_constraints WHERE "
      "constraint_schema "
      "= :db" +
          only("constraint_name", checks),
      2};
}

CatalogQuery srids_query() {
  return {
      "SELECT g_table_name, g_geometry_column, srid FROM information_schema.geometry_columns WHERE "
      "g_table_schema = :db AND srid <> 0",
      3};
}

CatalogQuery views_query(bool is_mariadb, const std::vector<std::string>& names) {
  return {"SELECT table_name, view_definition, check_option, definer, security_type, " +
              std::string(is_mariadb ? "algorithm" : "NULL") +
              " FROM information_schema.views WHERE table_schema = :db" + only("table_name", names),
          6};
}

CatalogQuery triggers_query() {
  return {
      "SELECT event_object_table, trigger_name, action_timing, event_manipulation, action_order, "
      "action_statement, sql_mode, definer, created FROM information_schema.triggers WHERE trigger_schema = "
      ":db ORDER BY event_object_table, trigger_name",
      9};
}

CatalogQuery routines_query(bool is_mariadb) {
  return {
      "SELECT routine_name, routine_type, routine_definition, is_deterministic, sql_data_access, "
      "security_type, sql_mode, routine_comment, definer, last_altered, " +
          std::string(is_mariadb ? "'SQL'" : "external_language") +
          " FROM information_schema.routines WHERE routine_schema = :db",
      11};
}

CatalogQuery parameters_query() {
  return {
      "SELECT specific_name, routine_type, parameter_mode, parameter_name, dtd_identifier, "
      "character_set_name, collation_name FROM information_schema.parameters WHERE specific_schema = :db "
      "ORDER BY specific_name, routine_type, ordinal_position",
      7};
}

CatalogQuery events_query() {
  return {
      "SELECT event_name, definer, time_zone, event_type, execute_at, interval_value, interval_field, "
      "starts, "
      "ends, status, on_completion, event_comment, event_definition, sql_mode, created, last_altered FROM "
      "information_schema.events WHERE event_schema = :db",
      16};
}

CatalogQuery grants_query() {
  const std::string others =
      " AND grantee <> CONCAT('''', SUBSTRING_INDEX(CURRENT_USER(), '@', 1), '''@''', "
      "SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''')";
  // A grant on a database keeps its name as a pattern.
  return {
      "SELECT grantee, NULL, NULL, privilege_type, is_grantable FROM information_schema.schema_privileges "
      "WHERE (table_schema = :db OR table_schema = REPLACE(:db, '_', '\\_'))" +
          others +
          " UNION ALL SELECT grantee, table_name, NULL, privilege_type, is_grantable FROM "
          "information_schema.table_privileges WHERE table_schema = :db" +
          others +
          " UNION ALL SELECT grantee, table_name, column_name, privilege_type, is_grantable FROM "
          "information_schema.column_privileges WHERE table_schema = :db" +
          others,
      5};
}

CatalogQuery sequences_query(const std::vector<std::string>& names) {
  std::string sql;
  for (const std::string& name : names) {
    sql += (sql.empty() ? "SELECT " : " UNION ALL SELECT ") + bytes_of(name) +
           ", start_value, increment, minimum_value, maximum_value, cache_size, cycle_option FROM " +
           mysql::quoted(name);
  }
  return {sql, 7};
}

}  // namespace toolkit::mysql

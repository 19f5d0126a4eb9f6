#include "snapshot.hpp"

#include <algorithm>
#include <regex>
#include <stdexcept>
#include <utility>
#include <vector>

namespace toolkit::test {

namespace {

const char* const not_ours = " NOT IN ('toolkit_history', 'toolkit_log')";

/// Reads parts of a database into one text.
class Reader {
 public:
  explicit Reader(NativeSession& session) : session_(session) {}

  std::vector<TextRow> rows(const std::string& sql) { return session_.rows(sql); }

  void add(const std::string& title, std::vector<TextRow> rows, bool sorted = false) {
    if (sorted) {
      std::sort(rows.begin(), rows.end());
    }
    text_ += "== " + title + "\n";
    for (const TextRow& row : rows) {
      for (const std::string& cell : row) {
        text_ += cell + " | ";
      }
      text_ += "\n";
    }
  }
  void add(const std::string& title, const std::string& sql) { add(title, rows(sql)); }
  void add_rows_of(const std::string& table) {
    add("rows of " + table, rows("SELECT * FROM " + table), true);
  }

  std::string text() { return std::move(text_); }

 private:
  NativeSession& session_;
  std::string text_;
};

std::string without_counters(const std::string& definition) {
  static const std::regex counter(" AUTO_INCREMENT=[0-9]+");
  return std::regex_replace(definition, counter, "");
}

std::string mysql_snapshot(NativeSession& session) {
  Reader reader(session);
  for (const TextRow& table :
       reader.rows("SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = "
                   "DATABASE() AND table_name" +
                   std::string(not_ours) + " ORDER BY 1")) {
    auto shown = reader.rows("SHOW CREATE TABLE `" + table[0] + "`");
    reader.add(table[0], std::vector<TextRow>{{without_counters(shown.at(0).at(1))}});
    if (table[1] == "BASE TABLE") {
      reader.add_rows_of("`" + table[0] + "`");
    }
  }
  reader.add("triggers",
             "SELECT trigger_name, event_object_table, action_statement FROM information_schema.triggers "
             "WHERE trigger_schema = DATABASE() ORDER BY 1");
  reader.add("routines",
             "SELECT routine_name, routine_type, routine_definition FROM information_schema.routines "
             "WHERE routine_schema = DATABASE() ORDER BY 1");
  reader.add("events",
             "SELECT event_name, event_definition, status FROM information_schema.events "
             "WHERE event_schema = DATABASE() ORDER BY 1");
  reader.add("grants",
             "SELECT grantee, table_name, privilege_type FROM information_schema.table_privileges "
             "WHERE table_schema = DATABASE() ORDER BY 1, 2, 3");
  return reader.text();
}

// One query for all definitions: a round trip each would make the matrix twice as long.
std::string postgresql_snapshot(NativeSession& session) {
  Reader reader(session);
  const std::string of_public =
      " JOIN pg_namespace s ON s.oid = c.relnamespace AND s.nspname = 'public' AND c.relname NOT LIKE "
      "'toolkit%'";
  const std::vector<std::string> parts = {
      "'relation', c.relname, c.relkind, c.relispartition, pg_get_expr(c.relpartbound, c.oid), "
      "obj_description(c.oid), CASE WHEN c.relkind = 'v' THEN pg_get_viewdef(c.oid) END FROM pg_class c" +
          of_public,
      "'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, "
      "pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid" +
          of_public +
          " LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum "
          "WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p')",
      "'constraint', c.relname, k.conname, pg_get_constraintdef(k.oid) FROM pg_constraint k JOIN pg_class c "
      "ON c.oid = k.conrelid" +
          of_public,
      "'index', c.relname, pg_get_indexdef(c.oid), i.indisvalid, i.indisready FROM pg_index i JOIN pg_class "
      "c "
      "ON c.oid = i.indexrelid" +
          of_public,
      "'trigger', tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
      "'routine', proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
      "'label', typname, enumsortorder, enumlabel FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid",
      "'database', 'more' FROM pg_database WHERE datname = current_database() || '_more'",
  };
  std::string query;
  for (const std::string& part : parts) {
    const std::size_t from = part.find(" FROM ");
    query += (query.empty() ? "SELECT concat_ws(' | ', " : " UNION ALL SELECT concat_ws(' | ', ") +
             part.substr(0, from) + ")" + part.substr(from);
  }
  reader.add("definitions", reader.rows(query), true);
  for (const TextRow& table : reader.rows("SELECT c.relname FROM pg_class c" + of_public +
                                          " WHERE c.relkind IN ('r', 'p') ORDER BY 1")) {
    reader.add_rows_of(table[0]);
  }
  return reader.text();
}

std::string sqlite_snapshot(NativeSession& session) {
  Reader reader(session);
  // A renamed table's name comes back in quotation marks.
  static const std::regex quoted("CREATE TABLE \"([a-z_]+)\"");
  std::vector<TextRow> objects = reader.rows(
      "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE '%toolkit%' AND "
      "name NOT LIKE 'sqlite_%' ORDER BY 1, 2");
  for (TextRow& object : objects) {
    object[3] = std::regex_replace(object[3], quoted, "CREATE TABLE $1");
  }
  reader.add("objects", std::move(objects));
  reader.add("user_version", "PRAGMA user_version");
  reader.add("journal_mode", "PRAGMA journal_mode");
  reader.add("integrity", "PRAGMA integrity_check");
  for (const TextRow& table :
       reader.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE "
                   "'%toolkit%' AND name NOT LIKE 'sqlite_%' ORDER BY 1")) {
    reader.add_rows_of(table[0]);
  }
  return reader.text();
}

bool has_history(NativeSession& session) {
  try {
    session.value("SELECT COUNT(*) FROM toolkit_history");
    return true;
  } catch (const std::runtime_error&) {
    return false;  // the crash came before the table was made
  }
}

}  // namespace

std::string snapshot(NativeSession& session, const std::string& engine) {
  return engine == "postgresql" ? postgresql_snapshot(session)
         : engine == "sqlite"   ? sqlite_snapshot(session)
                                : mysql_snapshot(session);
}

std::string history_text(NativeSession& session, long long last) {
  std::string text;
  for (const TextRow& row : session.rows(
           "SELECT version, name, state, step, CASE WHEN state = 'applied' THEN steps END, up_checksum, "
           "down_checksum, step_checksums, "
           "down_steps, "
           "dialect, CASE WHEN mark IS NULL THEN 'settled' ELSE 'in flight' END FROM toolkit_history "
           "WHERE version BETWEEN 0 AND " +
           std::to_string(last) + " ORDER BY version")) {
    for (const std::string& cell : row) {
      text += cell + " | ";
    }
    text += "\n";
  }
  return text;
}

std::string history_fault(NativeSession& session) {
  if (!has_history(session)) {
    return {};
  }
  int in_flight = 0;
  bool prefix_ended = false;
  for (const TextRow& row :
       session.rows("SELECT version, state, mark FROM toolkit_history WHERE version > 0 ORDER BY version")) {
    in_flight += row[2] == "NULL" ? 0 : 1;
    if (prefix_ended && (row[1] == "applied" || row[1] == "applying" || row[1] == "reverting")) {
      return "version " + row[0] + " is " + row[1] + " behind one that is not applied";
    }
    prefix_ended = prefix_ended || row[1] != "applied";
  }
  return in_flight > 1 ? std::to_string(in_flight) + " statements are in flight" : "";
}

}  // namespace toolkit::test

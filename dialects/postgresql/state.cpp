#include <libpq-fe.h>

#include <algorithm>

#include "connection.hpp"
#include "native.hpp"

namespace toolkit::postgresql {

namespace {

constexpr std::size_t longest_statement = 200;  // bytes, of what is shown of another session

const char* const holder_text =
    "SELECT CAST(l.pid AS text), a.usename, host(a.client_addr), a.application_name,"
    " to_char(a.state_change AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'),"
    " CASE WHEN a.state = 'active' THEN a.query END FROM pg_catalog.pg_locks l"
    " LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid"
    " WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1"
    " AND (CAST(l.classid AS bigint) << 32) | CAST(l.objid AS bigint) = :key"
    " AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) LIMIT 1";

const char* const pid_text = "SELECT pg_backend_pid()";

const char* const settings_text =
    "SELECT name, setting FROM pg_catalog.pg_settings WHERE name IN"
    " ('fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name";

// The history's place is configured elsewhere; where one stands its rights count, else those to make it.
const char* const rights_text =
    "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c"
    " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relname IN ('toolkit_history', 'toolkit_log') AND c.relkind = 'r' AND NOT"
    " (has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')"
    " AND has_table_privilege(c.oid, 'INSERT') AND (c.relname = 'toolkit_log' OR"
    " has_table_privilege(c.oid, 'UPDATE'))) ORDER BY 1";

const char* const may_create_text =
    "SELECT CAST(CAST(to_regnamespace('public') AS oid) IS NOT NULL AND"
    " has_schema_privilege(CAST(to_regnamespace('public') AS oid), 'CREATE') AS integer),"
    " CAST(EXISTS (SELECT FROM pg_catalog.pg_class WHERE relname = 'toolkit_history' AND relkind = 'r') AS"
    " integer), CAST(current_user AS text)";

std::string first_bytes(const std::string& text) {
  std::size_t end = std::min(text.size(), longest_statement);
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
    --end;
  }
  return text.substr(0, end);
}

ServerNote note_of_setting(const std::string& name) {
  if (name == "synchronous_commit") {
    return {name, "is off: a crash of the server can lose the last commits of the application",
            "the toolkit's own intents are written with synchronous_commit = on all the same"};
  }
  return {name,
          name == "fsync" ? "is off: a crash of the machine can lose or damage anything, the history too"
                          : "is off: a crash of the machine can leave torn pages behind",
          "turn it on, unless this server is a throw-away one"};
}

}  // namespace

void PostgresqlConnection::look_for_pooler() {
  if (doubt_.empty() && query(pid_text, {}, 1).front()[0] != std::to_string(PQbackendPID(handle_))) {
    doubt_ = doubt_of_pooler();
  }
}

LockState PostgresqlConnection::lock_state(const HistoryPlace& place) {
  look_for_pooler();
  LockState state;
  state.doubt = doubt_.why;
  state.way_out = doubt_.way_out;
  const Rows rows = query(holder_text, {{"key", lock_number(server_.database, place)}}, 6);
  if (!rows.empty()) {
    const auto cell = [&rows](std::size_t column) { return rows.front()[column].value_or(""); };
    state.holder =
        LockHolder{cell(0), cell(1), cell(2), cell(3), cell(4), first_bytes(redact(cell(5), url_))};
  }
  return state;
}

std::vector<ServerNote> PostgresqlConnection::inspect() {
  std::vector<ServerNote> notes;
  for (const auto& row : query(settings_text, {}, 2)) {
    if (row[1] == "off") {
      notes.push_back(note_of_setting(row[0].value_or("")));
    }
  }
  look_for_pooler();
  if (!doubt_.empty()) {
    notes.push_back({"session", doubt_.why, doubt_.way_out});
  }
  for (const auto& row : query(rights_text, {}, 1)) {
    notes.push_back({"rights", "this role may not read and write " + row[0].value_or(""),
                     "run as the role that made it, or grant SELECT, INSERT and UPDATE"});
  }
  const auto rights = query(may_create_text, {}, 3).front();
  if (rights[0] == "0" && rights[1] == "0") {
    const std::string role = rights[2].value_or("");
    notes.push_back(
        {"rights",
         "the role " + role +
             " may not create a table in the schema public, where the history stands unless configured",
         "GRANT CREATE ON SCHEMA public TO " + role + ", or name another schema with --history-schema"});
  }
  return notes;
}

}  // namespace toolkit::postgresql

#include "maintenance.hpp"

#include <memory>

#include "connection.hpp"
#include "names.hpp"
#include "toolkit/error.hpp"
#include "url_options.hpp"

namespace toolkit::postgresql {

namespace {

constexpr const char* find_text = "SELECT 1 FROM pg_catalog.pg_database WHERE datname = :name";
constexpr const char* sessions_text =
    "SELECT pid, application_name, usename, host(client_addr) FROM pg_catalog.pg_stat_activity"
    " WHERE datname = :name ORDER BY pid LIMIT 5";

void require_name(const DatabaseUrl& url) {
  if (url.database.empty()) {
    throw Error(ErrorKind::configuration, "the URL names no database", "write it after the host: …/database");
  }
  postgresql::quoted(url.database);
}

std::unique_ptr<Connection> open_maintenance(const DatabaseUrl& url, const OpenOptions& options) {
  const char* first = url.database == "postgres" ? "template1" : "postgres";
  try {
    return open_connection(with_database(url, first), options);
  } catch (const Error& failure) {
    if (failure.details().sqlstate != "3D000" || url.database == "template1") {
      throw;
    }
  }
  return open_connection(with_database(url, "template1"), options);
}

bool exists(Connection& connection, const std::string& name) {
  return !connection.query(find_text, {{"name", name}}, 1).empty();
}

std::string sessions_in(Connection& connection, const std::string& name) {
  std::string list;
  for (const auto& row : connection.query(sessions_text, {{"name", name}}, 4)) {
    list += (list.empty() ? "" : "; ") + std::string("process ") + row[0].value_or("?");
    std::string who = row[1].value_or("");
    who += row[2] ? (who.empty() ? "user " : ", user ") + *row[2] : "";
    who += row[3] ? ", from " + *row[3] : "";
    list += who.empty() ? "" : " (" + who + ")";
  }
  return list;
}

}  // namespace

MarkTexts run_mark() {
  MarkTexts texts;
  // Came with 14, so it is set where it is.
  texts.stay = {
      "SELECT set_config(name, '0', false) FROM pg_catalog.pg_settings WHERE name = "
      "'idle_session_timeout'"};
  texts.server = "SELECT 'postgresql'";  // databases reach other servers in whole copies only
  texts.databases =
      "SELECT datname FROM pg_catalog.pg_database WHERE starts_with(datname, 'toolkit_v_')"
      " ORDER BY datname";
  const std::string key = "pg_catalog.hashtextextended(CAST(:name AS text), 0)";
  texts.take = "SELECT CAST(pg_catalog.pg_try_advisory_lock(" + key + ") AS integer)";
  texts.held =
      "SELECT count(*) FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1"
      " AND (CAST(classid AS bigint) << 32) | CAST(objid AS bigint) = " +
      key;
  texts.end_sessions =
      "SELECT count(pg_catalog.pg_terminate_backend(pid)) FROM pg_catalog.pg_stat_activity WHERE datname = "
      ":name";
  texts.sessions = "SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE datname = :name";
  return texts;
}

std::unique_ptr<Connection> open_server(const DatabaseUrl& url, const OpenOptions& options) {
  try {
    return open_connection(with_database(url, "postgres"), options);
  } catch (const Error& failure) {
    const bool is_template = url.database.empty() || url.database.starts_with("template");
    if (failure.details().sqlstate != "3D000" || url.database == "postgres") {
      throw;
    }
    return is_template ? nullptr : open_connection(url, options);
  }
}

bool create_database(const DatabaseUrl& url, const OpenOptions& options) {
  require_name(url);
  const std::unique_ptr<Connection> connection = open_maintenance(url, options);
  if (exists(*connection, url.database)) {
    return false;
  }
  try {
    connection->execute("CREATE DATABASE " + postgresql::quoted(url.database));
  } catch (const Error& failure) {
    // 42P04 duplicate_database, 23505: another one made it at the same moment.
    const std::string& sqlstate = failure.details().sqlstate;
    if (sqlstate == "42P04" || sqlstate == "23505") {
      return false;
    }
    throw;
  }
  return true;
}

bool drop_database(const DatabaseUrl& url, const OpenOptions& options) {
  require_name(url);
  const std::unique_ptr<Connection> connection = open_maintenance(url, options);
  if (!exists(*connection, url.database)) {
    return false;
  }
  try {
    connection->execute("DROP DATABASE " + postgresql::quoted(url.database));
  } catch (Error& failure) {
    const std::string sessions =
        failure.details().sqlstate == "55006" ? sessions_in(*connection, url.database) : "";
    if (!sessions.empty()) {
      failure.details().message += ": " + sessions;
      failure.details().advice = "end these sessions, then run again; nobody is thrown out";
    }
    throw;
  }
  return true;
}

}  // namespace toolkit::postgresql

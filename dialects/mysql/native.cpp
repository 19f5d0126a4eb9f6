#include "native.hpp"

#include <soci/mysql/soci-mysql.h>
#include <soci/soci.h>

#include <algorithm>
#include <array>
#include <memory>

#include "errors.hpp"
#include "toolkit/call_watch.hpp"
#include "toolkit/error.hpp"

namespace toolkit::mysql {

namespace {

// Told with every statement although nobody set them; no settings.
constexpr std::array<std::string_view, 7> counters = {
    "statement_id", "insert_id",  "last_insert_id", "identity",
    "rand_seed1",   "rand_seed2", "last_gtid",  // MariaDB with its binary log on
};

using Result = std::unique_ptr<MYSQL_RES, decltype(&mysql_free_result)>;

void collect_changes(MYSQL* handle, Outcome& outcome) {
  const char* data = nullptr;
  std::size_t size = 0;
  std::string name;
  bool is_name = true;
  for (int end = mysql_session_track_get_first(handle, SESSION_TRACK_SYSTEM_VARIABLES, &data, &size);
       end == 0; end = mysql_session_track_get_next(handle, SESSION_TRACK_SYSTEM_VARIABLES, &data, &size)) {
    if (is_name) {
      name.assign(data, size);
    } else if (std::find(counters.begin(), counters.end(), name) == counters.end()) {
      outcome.changed_variables.emplace_back(name, std::string(data, size));
    }
    is_name = !is_name;
  }
}

// Rows are read one by one and thrown away: a SELECT in a migration must not need its result's memory.
void read_result(MYSQL* handle, Outcome& outcome, const DatabaseUrl& url) {
  const Result result(mysql_use_result(handle), mysql_free_result);
  if (result) {
    outcome.had_rows = true;
    while (mysql_fetch_row(result.get()) != nullptr) {
    }
  } else {
    collect_changes(handle, outcome);
  }
  if (mysql_errno(handle) != 0) {
    throw Error(last_error(handle, url));
  }
  outcome.warnings = mysql_warning_count(handle);
}

// mysql_real_query in its two halves. Throws when the server cannot be reached or answers with an error.
void ask(MYSQL* handle, std::string_view sql, const Call& call, const DatabaseUrl& url) {
  if (mysql_send_query(handle, sql.data(), static_cast<unsigned long>(sql.size())) != 0) {
    throw Error(last_error(handle, url));
  }
  call.sent();
  if (mysql_read_query_result(handle) != 0) {
    throw Error(last_error(handle, url));
  }
}

// Both client libraries ask these before they open a file. The option MYSQL_OPT_LOCAL_INFILE alone is not
// enough: SOCI can only switch it on, and Connector/C reads it from a connection string with three bytes of
// garbage beside it (3.3.20: on and off at random).
int refuse_file(void** context, const char* /*name*/, void* /*data*/) {
  *context = nullptr;
  return 1;
}
int read_nothing(void* /*context*/, char* /*buffer*/, unsigned /*size*/) { return -1; }
void end_nothing(void* /*context*/) {}
int refusal_text(void* /*context*/, char* text, unsigned size) {
  constexpr std::string_view refusal =
      "LOAD DATA LOCAL is refused: no file of this machine is sent to the server";
  if (size > 0) {
    text[refusal.copy(text, size - 1)] = '\0';
  }
  return 2068;  // what libmysqlclient calls CR_LOAD_DATA_LOCAL_INFILE_REJECTED
}

}  // namespace

void refuse_local_files(MYSQL* handle) {
  const unsigned off = 0;
  mysql_options(handle, MYSQL_OPT_LOCAL_INFILE, &off);
  mysql_set_local_infile_handler(handle, refuse_file, read_nothing, end_nothing, refusal_text, nullptr);
}

namespace {

// libmysqlclient warns on stderr when the option is so much as named (8.0.34 and later): there the handle's
// own field is set, which libmariadb keeps elsewhere.
template <typename Handle>
void set_reconnect_off(Handle* handle) {
  if constexpr (requires { handle->reconnect; }) {
    handle->reconnect = false;
  } else {
    const char off = 0;
    mysql_options(handle, MYSQL_OPT_RECONNECT, &off);
  }
}

}  // namespace

void refuse_to_reconnect(MYSQL* handle) { set_reconnect_off(handle); }

ErrorDetails last_error(MYSQL* handle, const DatabaseUrl& url) {
  return answered(mysql_errno(handle), mysql_sqlstate(handle), redact(mysql_error(handle), url));
}

Error translated(const std::exception& thrown, MYSQL* handle, const DatabaseUrl& url) {
  if (const auto* error = dynamic_cast<const Error*>(&thrown)) {
    return *error;
  }
  if (const auto* error = dynamic_cast<const soci::mysql_soci_error*>(&thrown)) {
    // what() would append the whole text with its bound values.
    const std::string state = handle == nullptr ? std::string() : mysql_sqlstate(handle);
    return Error(answered(error->err_num_, state, redact(error->get_error_message(), url)));
  }
  if (const auto* error = dynamic_cast<const soci::soci_error*>(&thrown)) {
    return {ErrorKind::server, redact(error->get_error_message(), url)};
  }
  return {ErrorKind::internal, redact(thrown.what(), url)};
}

Outcome send(MYSQL* handle, std::string_view sql, const DatabaseUrl& url) {
  Outcome outcome;
  const Call call("statement", sql, static_cast<int>(handle->net.fd));
  ask(handle, sql, call, url);
  // A procedure answers with several results; its error may come after some of them.
  for (int next = 0; next == 0; next = mysql_next_result(handle)) {
    read_result(handle, outcome, url);
  }
  if (mysql_errno(handle) != 0) {
    throw Error(last_error(handle, url));
  }
  outcome.in_transaction = (handle->server_status & SERVER_STATUS_IN_TRANS) != 0;
  outcome.autocommit = (handle->server_status & SERVER_STATUS_AUTOCOMMIT) != 0;
  return outcome;
}

Rows rows_of(MYSQL* handle, std::string_view sql, const DatabaseUrl& url) {
  const Call call("query", sql, static_cast<int>(handle->net.fd));
  ask(handle, sql, call, url);
  Rows rows;
  for (int next = 0; next == 0; next = mysql_next_result(handle)) {
    const Result result(mysql_store_result(handle), mysql_free_result);
    while (result) {
      MYSQL_ROW row = mysql_fetch_row(result.get());
      if (row == nullptr) {
        break;
      }
      const unsigned long* lengths = mysql_fetch_lengths(result.get());
      rows.emplace_back();
      for (unsigned i = 0; i < mysql_num_fields(result.get()); ++i) {
        rows.back().push_back(row[i] == nullptr ? std::nullopt
                                                : std::optional(std::string(row[i], lengths[i])));
      }
    }
    if (mysql_errno(handle) != 0) {
      throw Error(last_error(handle, url));
    }
  }
  if (mysql_errno(handle) != 0) {
    throw Error(last_error(handle, url));
  }
  return rows;
}

std::vector<std::string> warnings(MYSQL* handle, const DatabaseUrl& url) {
  static constexpr std::string_view sql = "SHOW WARNINGS";
  std::vector<std::string> lines;
  const Call call("statement", sql, static_cast<int>(handle->net.fd));
  ask(handle, sql, call, url);
  const Result result(mysql_store_result(handle), mysql_free_result);
  for (MYSQL_ROW row = nullptr; result && (row = mysql_fetch_row(result.get())) != nullptr;) {
    lines.push_back(redact(std::string(row[0]) + " " + row[1] + ": " + row[2], url));
  }
  return lines;
}

bool kill_query(const std::string& connect_string, unsigned long id) noexcept {
  try {
    soci::session session(soci::mysql, connect_string);
    MYSQL* handle = static_cast<soci::mysql_session_backend*>(session.get_backend())->conn_;
    const std::string sql = "KILL QUERY " + std::to_string(id);
    return mysql_real_query(handle, sql.data(), static_cast<unsigned long>(sql.size())) == 0;
  } catch (...) {
    return false;
  }
}

}  // namespace toolkit::mysql

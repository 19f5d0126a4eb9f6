#include "errors.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <string>

#include "toolkit/unit_of_work.hpp"

namespace toolkit::postgresql {

namespace {

std::string field(const pg_result* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? "" : text;
}

bool is_one_of(std::string_view sqlstate, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), sqlstate) != list.end();
}

std::string_view advice_for(std::string_view sqlstate) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 12> advices = {{
      {"25001",
       "this statement refuses a transaction: add the line '-- toolkit: no-transaction' to the file"},
      {"25006", "the database or this session is read-only"},
      {"2D000", "a block that commits by itself needs the line '-- toolkit: no-transaction'"},
      {"40001", "another session changed the same rows; run again"},
      {"40P01", "another session locked the same objects in another order; run again"},
      {"42501", "the role of the URL needs this right"},
      {"42601", "the file needs exactly one statement that this server's version knows"},
      {"53100", "the server's disk is full"},
      {"53200", "raise max_locks_per_transaction on the server, or let the versions run one by one"},
      {"55006", "the object is in use by this or another session"},
      {"55P03", "another session holds a lock on the same object; run again, or raise the lock timeout"},
      {"55P04", "a new enum value can be used only after its commit: use it in a later version"},
  }};
  const auto* const found = std::find_if(advices.begin(), advices.end(),
                                         [&](const auto& entry) { return entry.first == sqlstate; });
  return found == advices.end() ? std::string_view() : found->second;
}

ErrorKind kind_of(std::string_view sqlstate, std::string_view message) {
  if (sqlstate == "55P03" ||
      (sqlstate == "57014" && message.find("statement timeout") != std::string_view::npos)) {
    return ErrorKind::timeout;
  }
  const bool gone = sqlstate.substr(0, 2) == "08" ||
                    is_one_of(sqlstate, {"57P01", "57P02", "57P03", "57P05", "25P03", "25P04"});
  return gone && sqlstate != "08P01" ? ErrorKind::connection : ErrorKind::server;
}

}  // namespace

ErrorDetails details_of(std::string_view message, std::string_view sqlstate, const DatabaseUrl& url) {
  ErrorDetails details;
  details.kind = kind_of(sqlstate, message);
  details.message = redact(std::string(message), url);
  details.sqlstate = sqlstate;
  details.native_code = sqlstate;
  details.advice = sqlstate == "57014" && details.kind == ErrorKind::timeout
                       ? "give the file a longer statement-timeout"
                       : advice_for(sqlstate);
  details.connection_lost = details.kind == ErrorKind::connection;
  details.failed_for_sharing = is_one_of(sqlstate, {"53200", "55P04", "55006"});
  return details;
}

ErrorDetails details_of(const pg_result* result, const DatabaseUrl& url) {
  std::string message = field(result, PG_DIAG_MESSAGE_PRIMARY);
  if (message.empty()) {
    // libpq's own: no field is set.
    const char* text = PQresultErrorMessage(result);
    message = text == nullptr ? "" : text;
    message.erase(message.find_last_not_of(" \n") + 1);
  }
  ErrorDetails details = details_of(message, field(result, PG_DIAG_SQLSTATE), url);
  details.hint = redact(field(result, PG_DIAG_MESSAGE_HINT), url);
  details.detail = field(result, PG_DIAG_MESSAGE_DETAIL);
  const std::string query = field(result, PG_DIAG_INTERNAL_QUERY);
  const std::string context = field(result, PG_DIAG_CONTEXT);
  for (const std::string& more : {query.empty() ? "" : "in: " + query, context}) {
    details.detail += (details.detail.empty() || more.empty() ? "" : "\n") + more;
  }
  details.detail = redact(details.detail, url);
  return details;
}

ErrorDetails lost_connection(const pg_conn* handle, const DatabaseUrl& url) {
  std::string why = PQerrorMessage(handle);
  why = why.substr(0, why.find('\n'));
  ErrorDetails details;
  details.kind = ErrorKind::connection;
  details.connection_lost = true;
  details.message = "the connection to the server was lost" + (why.empty() ? "" : ": " + redact(why, url));
  details.advice = "run again when the server answers: the history tells what is applied";
  return details;
}

std::optional<std::size_t> offset_in(const pg_result* result, std::string_view sql) {
  const std::string position = field(result, PG_DIAG_STATEMENT_POSITION);
  const bool digits = !position.empty() && position.find_first_not_of("0123456789") == std::string::npos;
  if (!digits) {
    return std::nullopt;
  }
  return byte_of_character(sql, std::stoul(position));
}

bool is_retryable(std::string_view sqlstate) { return is_one_of(sqlstate, {"55P03", "40P01", "40001"}); }

}  // namespace toolkit::postgresql

#include "session.hpp"

#include <libpq-fe.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include "../soci_query.hpp"
#include "connect_error.hpp"
#include "toolkit/call_watch.hpp"

namespace toolkit::postgresql {

namespace {

std::string without(std::string text, std::string_view prefix) {
  text.erase(0, text.starts_with(prefix) ? prefix.size() : 0);
  return text;
}

/// "Cannot execute query. Fatal error. ERROR:  relation "t" does not exist LINE 1: …" -> "relation "t" does
/// …"
std::string server_message(std::string text) {
  text = without(without(std::move(text), "Cannot execute query. "), "Fatal error. ");
  text = without(without(std::move(text), "ERROR:  "), "FATAL:  ");
  for (const char* rest : {" LINE ", "\nLINE ", " DETAIL:  ", "\nDETAIL:  ", " HINT:  ", "\nHINT:  "}) {
    text = text.substr(0, text.find(rest));
  }
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  return text;
}

}  // namespace

struct Session::Parts {
  explicit Parts(const std::string& uri) : session(soci::postgresql, uri) {}
  soci::session session;
};

Session::Session(const std::string& uri, const DatabaseUrl& url) {
  const Call call("connect", "");
  try {
    parts_ = std::make_unique<Parts>(uri);
  } catch (const soci::soci_error& failure) {
    throw connect_error(without(failure.get_error_message(), "Cannot establish connection to the database."),
                        url);
  }
}

Session::~Session() = default;

pg_conn* Session::native_handle() const {
  return static_cast<soci::postgresql_session_backend*>(parts_->session.get_backend())->conn_;
}

Rows Session::query(std::string_view sql, const Parameters& parameters, int columns) {
  const Call call("query", sql, PQsocket(native_handle()));
  try {
    return soci_query(parts_->session, sql, parameters, columns);
  } catch (const soci::postgresql_soci_error& failure) {
    throw QueryFailure{server_message(failure.get_error_message()), failure.sqlstate()};
  } catch (const soci::soci_error& failure) {
    throw QueryFailure{server_message(failure.get_error_message()), ""};
  }
}

}  // namespace toolkit::postgresql

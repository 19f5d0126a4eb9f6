#include "session.hpp"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "../soci_query.hpp"
#include "toolkit/call_watch.hpp"
#include "toolkit/error.hpp"

namespace toolkit::sqlite {

namespace {

// Without '=' SOCI takes the whole string as the path, else it wants dbname="…" and knows no escape.
std::string connect_string(const std::string& path) {
  if (path.find('=') == std::string::npos) {
    return path;
  }
  if (path.find('"') != std::string::npos) {
    throw Error(ErrorKind::configuration, "an SQLite path cannot hold both '=' and '\"'");
  }
  return "dbname=\"" + path + "\"";
}

}  // namespace

struct Session::Parts {
  explicit Parts(const std::string& connect) : session(soci::sqlite3, connect) {}
  soci::session session;
};

Session::Session(const std::string& path) {
  const std::string connect = connect_string(path);
  const Call call("connect", "");
  try {
    parts_ = std::make_unique<Parts>(connect);
  } catch (const soci::soci_error& failure) {
    std::string why = failure.get_error_message();
    const std::string prefix = "Cannot establish connection to the database. ";
    why.erase(0, why.starts_with(prefix) ? prefix.size() : 0);
    throw Error(ErrorKind::connection, "cannot open the SQLite file " + path + ": " + why,
                "check that its folder exists and may be written");
  }
}

Session::~Session() = default;

void* Session::native_handle() const {
  return static_cast<soci::sqlite3_session_backend*>(parts_->session.get_backend())->conn_;
}

Rows Session::query(std::string_view sql, const Parameters& parameters, int columns) {
  const Call call("query", sql);
  try {
    return soci_query(parts_->session, sql, parameters, columns);
  } catch (const soci::soci_error& failure) {
    throw QueryFailure{failure.get_error_message()};
  }
}

}  // namespace toolkit::sqlite

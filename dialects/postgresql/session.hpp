#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "toolkit/query.hpp"
#include "toolkit/url.hpp"

struct pg_conn;

namespace toolkit::postgresql {

/// SOCI's session. Nothing of SOCI leaves it but what is declared here.
class Session {
 public:
  /// Opens through SOCI; `uri` is one that `connect_uri` made. Throws Error(connection) with an advice for
  /// the cause, secrets of `url` redacted.
  Session(const std::string& uri, const DatabaseUrl& url);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// The PGconn of the session; lives as long as this object.
  pg_conn* native_handle() const;

  /// Runs one of our own texts. Throws QueryFailure.
  Rows query(std::string_view sql, const Parameters& parameters, int columns);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// What SOCI says of a failed query, without the text and the values it would append.
struct QueryFailure {
  std::string message;
  std::string sqlstate;
};

}  // namespace toolkit::postgresql

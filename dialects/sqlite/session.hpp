#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "toolkit/query.hpp"

namespace toolkit::sqlite {

/// SOCI's session, in a file of its own: SOCI 4.0's SQLite header pulls <sqlite3.h> into a namespace, so no
/// file may include both.
class Session {
 public:
  /// Opens through SOCI. A missing file is created with no bytes. Throws Error(connection).
  explicit Session(const std::string& path);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// The sqlite3* of the session; lives as long as this object.
  void* native_handle() const;

  /// Throws std::exception as SOCI does, with the message without the bound values in `QueryFailure`.
  Rows query(std::string_view sql, const Parameters& parameters, int columns);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// What SOCI says of a failed query, without the text and the values it would append.
struct QueryFailure {
  std::string message;
};

}  // namespace toolkit::sqlite

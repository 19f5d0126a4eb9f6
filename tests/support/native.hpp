#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace toolkit::test {

/// A row as text, NULL as the word NULL.
using TextRow = std::vector<std::string>;

/// A session through the client library alone: tests look at a database with it independently of the code
/// under test. Failures are std::runtime_error with the server's message. Waits are bounded to some 30 s.
class NativeSession {
 public:
  virtual ~NativeSession() = default;

  /// Runs statements, several at once where the library can; results are discarded.
  virtual void run(std::string_view sql) = 0;

  /// Runs one query.
  virtual std::vector<TextRow> rows(std::string_view sql) = 0;

  /// The first field of the first row; "" when there is no row.
  std::string value(std::string_view sql);
};

/// postgresql://, mysql://, mariadb:// and sqlite: URLs. Throws std::runtime_error.
std::unique_ptr<NativeSession> open_native(const std::string& url);

/// Whether MySQL and MariaDB are reached through MariaDB's Connector/C (Debian's SOCI); libmysqlclient
/// (Ubuntu's) has other texts, and SOCI 4.0 can ask fewer TLS modes of it.
bool has_connector_c();

/// Pure. The URL with another database.
std::string with_database(const std::string& url, const std::string& database);

}  // namespace toolkit::test

#include "connection.hpp"

#include <sqlite3.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "errors.hpp"
#include "native.hpp"
#include "toolkit/error.hpp"

namespace toolkit::sqlite {

namespace {

constexpr int oldest_supported = 3'031'000;
constexpr int default_busy_ms = 10'000;

/// Options of an sqlite: URL.
struct UrlOptions {
  bool foreign_keys = true;
  Permissions permissions;
};

UrlOptions url_options(const DatabaseUrl& url) {
  UrlOptions options;
  for (const auto& [key, value] : url.options) {
    bool* const option = key == "foreign_keys"           ? &options.foreign_keys
                         : key == "allow_vacuum_into"    ? &options.permissions.vacuum_into
                         : key == "allow_load_extension" ? &options.permissions.load_extension
                                                         : nullptr;
    if (option == nullptr) {
      throw Error(
          ErrorKind::configuration, "unknown option '" + key + "' in an sqlite URL",
          "known are: foreign_keys, allow_vacuum_into and allow_load_extension, each =on|off; a ? of the "
          "path is written %3F");
    }
    if (value != "on" && value != "off") {
      throw Error(ErrorKind::configuration, key + " must be on or off in an sqlite URL");
    }
    *option = value == "on";
  }
  return options;
}

void check_path(const std::string& path, bool read_only, bool create_file) {
  std::error_code failure;
  if (path.empty()) {
    throw Error(ErrorKind::configuration, "an sqlite URL needs a path", "write sqlite:path/to/app.db");
  }
  if (std::filesystem::is_directory(path, failure)) {
    throw Error(ErrorKind::configuration, path + " is a folder, not an SQLite file");
  }
  if (!read_only && !create_file && path != ":memory:" && !std::filesystem::exists(path, failure)) {
    throw Error(ErrorKind::connection, "there is no SQLite file " + path, "make it with 'toolkit create'");
  }
}

ServerInfo server_info(const std::string& path) {
  ServerInfo server;
  server.product = "SQLite";
  server.version = sqlite3_libversion();
  const int number = sqlite3_libversion_number();  // major * 1000000 + minor * 1000 + patch
  server.version_number = number / 1'000'000 * 10'000 + number / 1'000 % 1'000 * 100 + number % 1'000;
  server.flavour = "sqlite";
  server.database = path;
  server.default_schema = "main";
  if (number < oldest_supported) {
    server.warning = "SQLite " + server.version + " is older than 3.31, the oldest one that is tested";
  }
  return server;
}

/// SQLite needs no lock between runners: each version re-reads its row in BEGIN IMMEDIATE (the claim).
class NoLock : public RunnerLock {
 public:
  NoLock() = default;
};

}  // namespace

std::unique_ptr<Connection> open_connection(const DatabaseUrl& url, const OpenOptions& options) {
  const UrlOptions from_url = url_options(url);
  check_path(url.database, options.read_only, options.create_file);
  std::error_code failure;
  const bool absent = !std::filesystem::exists(url.database, failure);
  auto session = std::make_unique<Session>(absent ? std::string(":memory:") : url.database);
  auto connection = std::make_unique<SqliteConnection>(
      std::move(session), server_info(url.database), from_url.foreign_keys, from_url.permissions,
      absent && !options.read_only ? url.database : std::string());
  if (options.read_only) {
    connection->execute("PRAGMA query_only = ON");
  }
  return connection;
}

SqliteConnection::SqliteConnection(std::unique_ptr<Session> session, ServerInfo server, bool foreign_keys,
                                   Permissions permissions, std::string file_to_make)
    : session_(std::move(session)),
      server_(std::move(server)),
      foreign_keys_(foreign_keys),
      permissions_(permissions) {
  configure();
  file_to_make_ = std::move(file_to_make);
}

void SqliteConnection::configure() {
  sqlite3_busy_timeout(handle(), default_busy_ms);
  sqlite3_extended_result_codes(handle(), 1);
  make_defensive(handle());
  execute(foreign_keys_ ? "PRAGMA foreign_keys = ON" : "PRAGMA foreign_keys = OFF");
}

// SQLite makes the file when it is opened, and a run that is refused before its first write must leave none.
void SqliteConnection::make_file() {
  if (!file_to_make_.empty()) {
    session_ = std::make_unique<Session>(std::exchange(file_to_make_, {}));
    configure();
  }
}

sqlite3* SqliteConnection::handle() const { return static_cast<sqlite3*>(session_->native_handle()); }

void SqliteConnection::execute(std::string_view sql) {
  make_file();
  const NativeOutcome outcome = run_native(handle(), sql);
  if (outcome.code != SQLITE_OK) {
    throw Error(last_error(handle()));
  }
  if (outcome.has_parameter || outcome.has_rest) {
    throw Error(ErrorKind::internal, "a text of one statement without parameters was expected");
  }
}

Rows SqliteConnection::query(std::string_view sql, const Parameters& parameters, int columns) {
  try {
    return session_->query(sql, parameters, columns);
  } catch (const QueryFailure& failure) {
    ErrorDetails details = last_error(handle());
    // SOCI finalises its statement before it throws, and the handle then may say "not an error".
    if (details.native_code.empty() || details.native_code == "0") {
      details.message = failure.message;
      details.kind = ErrorKind::server;
    }
    throw Error(std::move(details));
  }
}

bool SqliteConnection::is_absent_table(const ErrorDetails& details) const {
  return details.message.find("no such table") != std::string::npos;
}

bool SqliteConnection::is_worth_retrying(const ErrorDetails& details) const { return is_busy(details); }

std::unique_ptr<RunnerLock> SqliteConnection::lock(const LockRequest&, RunObserver&) {
  make_file();
  return std::make_unique<NoLock>();
}

void SqliteConnection::cancel() noexcept { sqlite3_interrupt(handle()); }

}  // namespace toolkit::sqlite

#include "connection.hpp"

#include <libpq-fe.h>

#include <array>
#include <utility>

#include "errors.hpp"
#include "url_options.hpp"

namespace toolkit::postgresql {

namespace {

constexpr int oldest_supported = 120'000;

std::string parameter(const pg_conn* handle, const char* name) {
  const char* value = PQparameterStatus(handle, name);
  return value == nullptr ? "" : value;
}

ServerInfo server_info(const pg_conn* handle) {
  ServerInfo server;
  server.product = "PostgreSQL";
  server.version = parameter(handle, "server_version");
  server.version = server.version.substr(0, server.version.find(' '));
  const int number = PQserverVersion(handle);  // major * 10000 + minor
  server.version_number = number / 10'000 * 10'000 + number % 10'000 * 100;
  server.flavour = "postgresql";
  server.database = PQdb(handle);
  server.default_schema = "public";
  if (number < oldest_supported) {
    server.warning = "PostgreSQL " + server.version + " is older than 12, the oldest one that is tested";
  }
  return server;
}

/// The second session is closed when the unit ends, however it ends.
struct EndOfWatch {
  Blockers& blockers;
  ~EndOfWatch() { blockers.begin(); }
};

}  // namespace

std::unique_ptr<Connection> open_connection(const DatabaseUrl& url, const OpenOptions& options) {
  try {
    return std::make_unique<PostgresqlConnection>(url, options);
  } catch (const Error& failure) {
    // pgbouncer knows no startup option unless told to ignore it (ignore_startup_parameters). What is asked
    // for read-only only reads; the option is there to make sure.
    if (!options.read_only ||
        failure.details().message.find("unsupported startup parameter: options") == std::string::npos) {
      throw;
    }
  }
  OpenOptions without = options;
  without.read_only = false;
  return std::make_unique<PostgresqlConnection>(url, without);
}

PostgresqlConnection::PostgresqlConnection(const DatabaseUrl& url, const OpenOptions& options)
    : url_(url),
      session_(connect_uri(url, options), url),
      handle_(session_.native_handle()),
      notices_(handle_),
      server_(server_info(handle_)),
      cancel_(PQgetCancel(handle_)),
      doubt_(doubt_of_product(parameter(handle_, "crdb_version"), parameter(handle_, "server_version"))) {}

PostgresqlConnection::~PostgresqlConnection() {
  const std::lock_guard guard(cancel_mutex_);
  PQfreeCancel(cancel_);
}

void PostgresqlConnection::execute(std::string_view sql) {
  const Result answer = run_statement(handle_, std::string(sql));
  if (answer == nullptr) {
    throw Error(lost_connection(handle_, url_));
  }
  if (!succeeded(answer.get())) {
    ErrorDetails details = details_of(answer.get(), url_);
    details.statement = sql;
    throw Error(std::move(details));
  }
}

Rows PostgresqlConnection::query(std::string_view sql, const Parameters& parameters, int columns) {
  try {
    return session_.query(sql, parameters, columns);
  } catch (const QueryFailure& failure) {
    throw error_of_query(failure);
  }
}

Error PostgresqlConnection::error_of_query(const QueryFailure& failure) const {
  return Error(is_alive(handle_) ? details_of(failure.message, failure.sqlstate, url_)
                                 : lost_connection(handle_, url_));
}

bool PostgresqlConnection::is_absent_table(const ErrorDetails& details) const {
  return details.sqlstate == "42P01" || details.sqlstate == "3F000";
}

bool PostgresqlConnection::is_worth_retrying(const ErrorDetails& details) const {
  return is_retryable(details.sqlstate);
}

Channel PostgresqlConnection::make_channel() {
  return {handle_, url_, notices_, [this] { cancel(); }, blockers_, doubt_};
}

void PostgresqlConnection::run(const UnitOfWork& unit, const RunContext& context, RunObserver& observer) {
  const Listening listening(notices_, observer);
  const Channel channel = make_channel();
  const EndOfWatch end_of_watch{blockers_};
  if (unit.kind == UnitKind::transaction) {
    run_transaction(channel, unit, context, observer);
  } else {
    run_separate(channel, unit, context, observer);
  }
}

void PostgresqlConnection::cancel() noexcept {
  const std::lock_guard guard(cancel_mutex_);
  std::array<char, 256> why{};
  PQcancel(cancel_, why.data(), static_cast<int>(why.size()));
}

}  // namespace toolkit::postgresql

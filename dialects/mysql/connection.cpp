#include "connection.hpp"

#include <charconv>
#include <utility>

#include "errors.hpp"
#include "statement_traits.hpp"
#include "toolkit/error.hpp"

namespace toolkit::mysql {

namespace {

// Sets the flag that makes `cancel` mean something, for as long as something runs that it could stop.
class Busy {
 public:
  Busy(std::atomic<bool>& busy, std::atomic<bool>& cancelled) : busy_(busy) {
    cancelled = false;
    busy_ = true;
  }
  ~Busy() { busy_ = false; }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;

 private:
  std::atomic<bool>& busy_;
};

int number_at(std::string_view text, std::size_t& at) {
  int number = 0;
  const auto parsed = std::from_chars(text.data() + at, text.data() + text.size(), number);
  at = static_cast<std::size_t>(parsed.ptr - text.data());
  at += at < text.size() && text[at] == '.' ? 1 : 0;
  return number;
}

// A proxy may put its own version into the handshake; the server behind it knows better.
bool handshake_is_doubtful(const ServerInfo& info, const DatabaseUrl& url) {
  return info.flavour == "mysql" && (info.version_number < 80000 || url.scheme == "mariadb");
}

}  // namespace

ServerInfo server_info(std::string_view version_text) {
  ServerInfo info;
  const bool is_mariadb = version_text.find("MariaDB") != std::string_view::npos;
  if (is_mariadb && version_text.starts_with("5.5.5-")) {
    version_text.remove_prefix(6);  // MariaDB 10 says this first, for replicas of old MySQL
  }
  std::size_t at = 0;
  const int major = number_at(version_text, at);
  const int minor = number_at(version_text, at);
  const int patch = number_at(version_text, at);
  info.product = is_mariadb ? "MariaDB" : "MySQL";
  info.flavour = is_mariadb ? "mariadb" : "mysql";
  info.version = std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
  info.version_number = major * 10000 + minor * 100 + patch;
  if (is_mariadb ? info.version_number < 100600 : info.version_number < 80000) {
    info.warning =
        info.product + " " + info.version +
        " is older than what is supported (MySQL 8.0, MariaDB 10.6): its DDL is not atomic, a crash in "
        "the middle of a statement can leave a part of it";
  }
  return info;
}

MysqlConnection::MysqlConnection(const DatabaseUrl& url, const OpenOptions& options)
    : session_(std::make_shared<Session>(url, options, true)),
      server_(server_info(mysql_get_server_info(session_->handle()))) {
  if (handshake_is_doubtful(server_, url)) {
    server_ = server_info(session_->query("SELECT @@version", {}, 1).at(0).at(0).value_or(""));
  }
  server_.database = url.database;
  server_.default_schema = url.database;
}

void MysqlConnection::execute(std::string_view sql) {
  const Busy busy(busy_, cancelled_);
  try {
    session_->send_raw(sql);
  } catch (Error& error) {
    error.details().statement = std::string(sql);
    throw;
  }
}

Rows MysqlConnection::query(std::string_view sql, const Parameters& parameters, int columns) {
  return session_->query(sql, parameters, columns);
}

bool MysqlConnection::is_absent_table(const ErrorDetails& details) const {
  return details.native_code == "1146";
}

bool MysqlConnection::is_worth_retrying(const ErrorDetails& details) const {
  const std::string& code = details.native_code;
  return (code == "1205" || code == "1213" || code == "3572") && !details.connection_lost &&
         what_an_error_may_leave(details.statement, server_.flavour == "mariadb").empty();
}

std::unique_ptr<RunnerLock> MysqlConnection::lock(const LockRequest& request, RunObserver& observer) {
  const Busy busy(busy_, cancelled_);
  return take_lock(session_, server_.database, request, cancelled_, observer);
}

void MysqlConnection::run(const UnitOfWork& unit, const RunContext& context, RunObserver& observer) {
  const Busy busy(busy_, cancelled_);
  run_unit({*session_, server_, context, observer, cancelled_}, unit);
}

void MysqlConnection::cancel() noexcept {
  if (busy_) {
    cancelled_ = true;
    session_->stop_statement();
  }
}

}  // namespace toolkit::mysql

#include "connection.hpp"

#include <utility>

#include "executed_text.hpp"
#include "server_version.hpp"
#include "settle.hpp"
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

// A proxy may put its own version into the handshake; the server behind it knows better.
bool handshake_is_doubtful(const ServerInfo& info, const DatabaseUrl& url) {
  return info.flavour == "mysql" && (info.version_number < 80000 || url.scheme == "mariadb");
}

}  // namespace

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
         what_an_error_may_leave(executed_text(details.statement, server_), server_.flavour == "mariadb")
             .empty();
}

std::unique_ptr<RunnerLock> MysqlConnection::lock(const LockRequest& request, RunObserver& observer) {
  const Busy busy(busy_, cancelled_);
  return take_lock(session_, server_.database, request, cancelled_, observer);
}

void MysqlConnection::run(const UnitOfWork& unit, const RunContext& context, RunObserver& observer) {
  const Busy busy(busy_, cancelled_);
  run_unit({*session_, server_, context, observer, cancelled_}, unit);
}

Judgement MysqlConnection::settle(const Interrupted& interrupted, const RunContext& context,
                                  RunObserver& observer) {
  const Busy busy(busy_, cancelled_);
  return settle_statement({*session_, server_, context, observer, cancelled_}, interrupted);
}

void MysqlConnection::cancel() noexcept {
  if (busy_) {
    cancelled_ = true;
    session_->stop_statement();
  }
}

}  // namespace toolkit::mysql

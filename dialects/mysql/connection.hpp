#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "session.hpp"
#include "toolkit/connection.hpp"

namespace toolkit::mysql {

class MysqlConnection final : public Connection {
 public:
  /// Touches the server; see Dialect::open. `url` has passed `with_option_file`.
  MysqlConnection(const DatabaseUrl& url, const OpenOptions& options);

  const ServerInfo& server() const override { return server_; }
  void execute(std::string_view sql) override;
  Rows query(std::string_view sql, const Parameters& parameters, int columns) override;
  bool is_absent_table(const ErrorDetails& details) const override;
  bool is_worth_retrying(const ErrorDetails& details) const override;
  std::unique_ptr<RunnerLock> lock(const LockRequest& request, RunObserver& observer) override;
  /// Every unit runs as `separate` does: the statements of several versions never share a transaction here.
  void run(const UnitOfWork& unit, const RunContext& context, RunObserver& observer) override;
  Judgement settle(const Interrupted& interrupted, const RunContext& context, RunObserver& observer) override;
  LockState lock_state(const HistoryPlace& place) override;
  std::unique_ptr<CatalogReader> catalog_reader(const CatalogScope& scope) override;
  std::vector<ServerNote> inspect() override;
  void cancel() noexcept override;

 private:
  std::shared_ptr<Session> session_;
  ServerInfo server_;
  std::atomic<bool> busy_ = false;       ///< a run or a wait for the lock goes on: `cancel` is for it
  std::atomic<bool> cancelled_ = false;  ///< asked to stop since it began
};

/// Polls GET_LOCK in slices of a second. Throws Error(lock) when `request.wait` has passed,
/// Error(interrupted) once `cancelled` is set.
std::unique_ptr<RunnerLock> take_lock(const std::shared_ptr<Session>& session, const std::string& database,
                                      const LockRequest& request, const std::atomic<bool>& cancelled,
                                      RunObserver& observer);

/// What a run needs besides the unit.
struct RunScope {
  Session& session;
  const ServerInfo& server;
  const RunContext& context;
  RunObserver& observer;
  const std::atomic<bool>& cancelled;
};

/// One unit: for each task claim, statements, finish. See Connection::run.
void run_unit(const RunScope& scope, const UnitOfWork& unit);

}  // namespace toolkit::mysql

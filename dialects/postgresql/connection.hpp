#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "channel.hpp"
#include "session.hpp"
#include "toolkit/connection.hpp"
#include "toolkit/dialect.hpp"
#include "toolkit/url.hpp"

struct pg_cancel;

namespace toolkit::postgresql {

/// Opens the URL's database. Throws Error(configuration, connection).
std::unique_ptr<Connection> open_connection(const DatabaseUrl& url, const OpenOptions& options);

class PostgresqlConnection : public Connection {
 public:
  PostgresqlConnection(const DatabaseUrl& url, const OpenOptions& options);
  ~PostgresqlConnection() override;

  const ServerInfo& server() const override { return server_; }
  void execute(std::string_view sql) override;
  Rows query(std::string_view sql, const Parameters& parameters, int columns) override;
  bool is_absent_table(const ErrorDetails& details) const override;
  bool is_worth_retrying(const ErrorDetails& details) const override;
  std::unique_ptr<RunnerLock> lock(const LockRequest& request, RunObserver& observer) override;
  void run(const UnitOfWork& unit, const RunContext& context, RunObserver& observer) override;
  Judgement settle(const Interrupted& interrupted, const RunContext& context, RunObserver& observer) override;
  LockState lock_state(const HistoryPlace& place) override;
  std::unique_ptr<CatalogReader> catalog_reader(const CatalogScope& scope) override;
  std::vector<ServerNote> inspect() override;
  void cancel() noexcept override;

 private:
  friend class AdvisoryLock;
  Error error_of_query(const QueryFailure& failure) const;
  bool try_lock(std::int64_t key);
  void unlock(std::int64_t key) noexcept;
  Channel make_channel();
  void look_for_pooler();
  std::string lock_holder(std::int64_t key);

  DatabaseUrl url_;
  Session session_;
  pg_conn* handle_;
  Notices notices_;
  ServerInfo server_;
  std::mutex cancel_mutex_;
  pg_cancel* cancel_;
  Blockers blockers_;
  Doubt doubt_;  ///< why locks of a session cannot be trusted here; empty where they can
};

}  // namespace toolkit::postgresql

#pragma once

#include <memory>
#include <string>

#include "authorizer.hpp"
#include "session.hpp"
#include "toolkit/connection.hpp"
#include "toolkit/dialect.hpp"
#include "toolkit/url.hpp"

struct sqlite3;

namespace toolkit::sqlite {

/// Opens the file of a URL. For a missing one an empty database in memory stands in; unless read-only, the
/// first call that may write (execute, lock, run) makes the file and goes on with it. Throws
/// Error(configuration) for unknown options, Error(connection).
std::unique_ptr<Connection> open_connection(const DatabaseUrl& url, const OpenOptions& options);

class SqliteConnection : public Connection {
 public:
  SqliteConnection(std::unique_ptr<Session> session, ServerInfo server, bool foreign_keys,
                   Permissions permissions, std::string file_to_make);

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
  sqlite3* handle() const;
  void configure();
  void make_file();
  void require_safe_session(RunObserver& observer);
  void run_transaction(const UnitOfWork& unit, const RunContext& context, RunObserver& observer);
  void run_separate(const Task& task, const RunContext& context, RunObserver& observer);
  void run_task_in_transaction(const Task& task, const RunContext& context, RunObserver& observer);
  void run_step(const Step& step, const Task& task, const RunContext& context);
  void claim(const Task& task, const RunContext& context, UnitKind kind);
  void write(const std::string& sql, const Parameters& parameters, const Task& task);
  void begin();
  void commit(const RunContext& context);
  void commit_versions(const UnitOfWork& unit, const RunContext& context);
  void roll_back() noexcept;

  std::unique_ptr<Session> session_;
  ServerInfo server_;
  bool foreign_keys_;
  Permissions permissions_;
  bool has_told_place_ = false;
  std::string file_to_make_;  ///< not empty: the session is a stand-in
};

}  // namespace toolkit::sqlite

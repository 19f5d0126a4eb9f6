#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "toolkit/registry.hpp"
#include "toolkit/sandbox.hpp"

namespace toolkit::test {

/// A connection that believes to hold the lock between runners and does not, as behind a pooler that nobody
/// has noticed: what is left is the claim. An interrupted version is not settled there.
class UnlockedConnection final : public Connection {
 public:
  explicit UnlockedConnection(std::unique_ptr<Connection> inner) : inner_(std::move(inner)) {}

  const ServerInfo& server() const override { return inner_->server(); }
  void execute(std::string_view sql) override { inner_->execute(sql); }
  Rows query(std::string_view sql, const Parameters& parameters, int columns) override {
    return inner_->query(sql, parameters, columns);
  }
  bool is_absent_table(const ErrorDetails& details) const override {
    return inner_->is_absent_table(details);
  }
  bool is_worth_retrying(const ErrorDetails& details) const override {
    return inner_->is_worth_retrying(details);
  }
  std::unique_ptr<RunnerLock> lock(const LockRequest&, RunObserver&) override {
    return std::make_unique<NoLock>();
  }
  void run(const UnitOfWork& unit, const RunContext& context, RunObserver& observer) override {
    RunContext unlocked = context;
    unlocked.lock_name.clear();  // nothing to fence with
    inner_->run(unit, unlocked, observer);
  }
  Judgement settle(const Interrupted&, const RunContext&, RunObserver&) override {
    return {Verdict::undecided, "the lock between runners is not held", "", ""};
  }
  LockState lock_state(const HistoryPlace& place) override { return inner_->lock_state(place); }
  std::vector<ServerNote> inspect() override { return inner_->inspect(); }
  std::unique_ptr<CatalogReader> catalog_reader(const CatalogScope& scope) override {
    return inner_->catalog_reader(scope);
  }
  void cancel() noexcept override { inner_->cancel(); }

 private:
  class NoLock final : public RunnerLock {};
  std::unique_ptr<Connection> inner_;
};

/// A dialect whose connections are unlocked.
class UnlockedDialect final : public Dialect {
 public:
  explicit UnlockedDialect(const Dialect& inner) : inner_(inner) {}

  const Traits& traits() const override { return inner_.traits(); }
  ScriptSyntax script_syntax(std::string_view flavour, std::string_view sql_mode) const override {
    return inner_.script_syntax(flavour, sql_mode);
  }
  std::string quote_identifier(std::string_view identifier) const override {
    return inner_.quote_identifier(identifier);
  }
  HistorySql history_sql(const HistoryPlace& place) const override { return inner_.history_sql(place); }
  StatementTraits statement_traits(std::string_view statement) const override {
    return inner_.statement_traits(statement);
  }
  std::vector<std::string> render(const Catalog& catalog) const override { return inner_.render(catalog); }
  std::unique_ptr<Sandbox> start_sandbox(std::string_view flavour,
                                         const SandboxOptions& options) const override {
    return inner_.start_sandbox(flavour, options);
  }
  bool has_sandbox(std::string_view flavour, const SandboxOptions& options) const noexcept override {
    return inner_.has_sandbox(flavour, options);
  }
  std::unique_ptr<Connection> open(const DatabaseUrl& url, const OpenOptions& options) const override {
    return std::make_unique<UnlockedConnection>(inner_.open(url, options));
  }
  std::unique_ptr<Connection> open_server(const DatabaseUrl& url, const OpenOptions& options) const override {
    return inner_.open_server(url, options);
  }
  bool create_database(const DatabaseUrl& url, const OpenOptions& options) const override {
    return inner_.create_database(url, options);
  }
  bool drop_database(const DatabaseUrl& url, const OpenOptions& options) const override {
    return inner_.drop_database(url, options);
  }

 private:
  const Dialect& inner_;
};

/// All dialects of `locked`, without their locks.
inline Registry unlocked(const Registry& locked) {
  std::vector<std::unique_ptr<Dialect>> all;
  for (const auto& dialect : locked.all()) {
    all.push_back(std::make_unique<UnlockedDialect>(*dialect));
  }
  return Registry(std::move(all));
}

}  // namespace toolkit::test

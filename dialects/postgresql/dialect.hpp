#pragma once

#include <memory>

#include "toolkit/dialect.hpp"

namespace toolkit::postgresql {

/// Knowledge of PostgreSQL, 12 and newer.
class PostgresqlDialect : public Dialect {
 public:
  const Traits& traits() const override;
  ScriptSyntax script_syntax(std::string_view flavour, std::string_view sql_mode) const override;
  std::string quote_identifier(std::string_view identifier) const override;
  HistorySql history_sql(const HistoryPlace& place) const override;
  StatementTraits statement_traits(std::string_view statement) const override;
  std::vector<std::string> render(const Catalog& catalog) const override;
  std::unique_ptr<Sandbox> start_sandbox(std::string_view flavour,
                                         const SandboxOptions& options) const override;
  bool has_sandbox(std::string_view flavour, const SandboxOptions& options) const noexcept override;
  std::unique_ptr<Connection> open(const DatabaseUrl& url, const OpenOptions& options) const override;
  std::unique_ptr<Connection> open_server(const DatabaseUrl& url, const OpenOptions& options) const override;
  bool create_database(const DatabaseUrl& url, const OpenOptions& options) const override;
  bool drop_database(const DatabaseUrl& url, const OpenOptions& options) const override;
};

std::unique_ptr<Dialect> make_dialect();

}  // namespace toolkit::postgresql

#include "dialect.hpp"

#include "connection.hpp"
#include "history_sql.hpp"
#include "maintenance.hpp"
#include "names.hpp"
#include "render.hpp"
#include "sandbox.hpp"
#include "script_syntax.hpp"
#include "statement_traits.hpp"

namespace toolkit::postgresql {

const Traits& PostgresqlDialect::traits() const {
  static const Traits traits = [] {
    Traits t;
    t.name = "postgresql";
    t.url_schemes = {"postgresql", "postgres"};
    t.flavours = {"postgresql"};
    t.transactional_ddl = true;
    t.bytes_before = "'\\x";
    t.default_schema = "public";
    t.begin_transaction = "BEGIN";
    t.example_url = "postgresql://user@host:5432/database?sslmode=verify-full";
    t.run_mark = run_mark();
    return t;
  }();
  return traits;
}

ScriptSyntax PostgresqlDialect::script_syntax(std::string_view, std::string_view) const {
  return postgresql::script_syntax();
}

std::string PostgresqlDialect::quote_identifier(std::string_view identifier) const {
  return postgresql::quoted(identifier);
}

HistorySql PostgresqlDialect::history_sql(const HistoryPlace& place) const {
  return postgresql::history_sql(place);
}

StatementTraits PostgresqlDialect::statement_traits(std::string_view statement) const {
  return postgresql::statement_traits(statement);
}

std::vector<std::string> PostgresqlDialect::render(const Catalog& catalog) const {
  return postgresql::render(catalog);
}

std::unique_ptr<Sandbox> PostgresqlDialect::start_sandbox(std::string_view,
                                                          const SandboxOptions& options) const {
  return postgresql::start_sandbox(options);
}

bool PostgresqlDialect::has_sandbox(std::string_view, const SandboxOptions& options) const noexcept {
  return postgresql::has_server(options);
}

std::unique_ptr<Connection> PostgresqlDialect::open(const DatabaseUrl& url,
                                                    const OpenOptions& options) const {
  return open_connection(url, options);
}

std::unique_ptr<Connection> PostgresqlDialect::open_server(const DatabaseUrl& url,
                                                           const OpenOptions& options) const {
  return postgresql::open_server(url, options);
}

bool PostgresqlDialect::create_database(const DatabaseUrl& url, const OpenOptions& options) const {
  return postgresql::create_database(url, options);
}

bool PostgresqlDialect::drop_database(const DatabaseUrl& url, const OpenOptions& options) const {
  return postgresql::drop_database(url, options);
}

std::unique_ptr<Dialect> make_dialect() { return std::make_unique<PostgresqlDialect>(); }

}  // namespace toolkit::postgresql

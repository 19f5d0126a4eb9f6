#include "dialect.hpp"

#include <string>

#include "connection.hpp"
#include "history_sql.hpp"
#include "option_file.hpp"
#include "render.hpp"
#include "sandbox.hpp"
#include "script_syntax.hpp"
#include "session.hpp"
#include "statement_traits.hpp"
#include "toolkit/error.hpp"

namespace toolkit::mysql {

namespace {

constexpr std::size_t longest_name = 64;  // characters, both servers

DatabaseUrl with_database(const DatabaseUrl& given) {
  if (given.database.empty()) {
    throw Error(ErrorKind::configuration, "the database URL names no database",
                "write mysql://user@host:3306/DATABASE");
  }
  // The history's texts name the database and pass SOCI's placeholder scanner, which knows no backquotes.
  if (given.database.find_first_of("':") != std::string::npos) {
    throw Error(
        ErrorKind::configuration, "a database whose name holds ' or : cannot be used",
        "SOCI would read a text or a placeholder there; use a database of another name (RENAME TABLE moves "
        "tables to it)");
  }
  return with_option_file(given);
}

/// GET_LOCK: of the whole server, until the session ends (MySQL 9.4 manual, 14.14 "Locking Functions").
MarkTexts run_mark() {
  MarkTexts texts;
  texts.stay = {"SET SESSION wait_timeout = 31536000"};
  // Replication demands another one on every server that gets these databases (19.1.6 "server_id").
  texts.server = "SELECT @@server_id";
  texts.databases =
      "SELECT schema_name FROM information_schema.schemata"
      " WHERE LEFT(schema_name, 10) = 'toolkit_v_' ORDER BY schema_name";
  texts.take = "SELECT COALESCE(GET_LOCK(:name, 0), 0)";
  texts.held = "SELECT IS_USED_LOCK(:name) IS NOT NULL";
  texts.sessions = "SELECT count(*) FROM information_schema.processlist WHERE db = :name";
  return texts;
}

class MysqlDialect final : public Dialect {
 public:
  const Traits& traits() const override {
    static const Traits value = [] {
      Traits traits;
      traits.name = "mysql";
      traits.url_schemes = {"mysql", "mariadb"};
      traits.flavours = {"mysql", "mariadb"};
      traits.transactional_ddl = false;
      traits.restores_column_order = true;
      traits.text_behind = " AS CHAR)";
      traits.empty_row = " () VALUES ()";
      traits.begin_transaction = "START TRANSACTION";
      traits.example_url = "mysql://user@host:3306/database";
      traits.run_mark = run_mark();
      return traits;
    }();
    return value;
  }

  ScriptSyntax script_syntax(std::string_view flavour, std::string_view sql_mode) const override {
    return mysql::script_syntax(flavour, sql_mode);
  }

  std::vector<std::string> render(const Catalog& catalog) const override { return mysql::render(catalog); }

  std::unique_ptr<Sandbox> start_sandbox(std::string_view flavour,
                                         const SandboxOptions& options) const override {
    return mysql::start_sandbox(flavour, options);
  }

  bool has_sandbox(std::string_view flavour, const SandboxOptions& options) const noexcept override {
    return mysql::has_server(flavour, options);
  }

  std::string quote_identifier(std::string_view identifier) const override {
    std::size_t characters = 0;
    for (const char c : identifier) {
      characters += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
    }
    if (identifier.empty() || characters > longest_name || identifier.find('\0') != std::string_view::npos) {
      throw Error(ErrorKind::configuration, "a name of MySQL and MariaDB has 1 to 64 characters and no NUL");
    }
    return mysql::quoted(identifier);
  }

  HistorySql history_sql(const HistoryPlace& place) const override { return mysql::history_sql(place); }

  StatementTraits statement_traits(std::string_view statement) const override {
    return mysql::statement_traits(statement);
  }

  std::unique_ptr<Connection> open(const DatabaseUrl& url, const OpenOptions& options) const override {
    return std::make_unique<MysqlConnection>(with_database(url), options);
  }

  std::unique_ptr<Connection> open_server(const DatabaseUrl& url, const OpenOptions& options) const override {
    DatabaseUrl server = with_database(url);
    server.database.clear();
    return std::make_unique<MysqlConnection>(server, options);
  }

  bool create_database(const DatabaseUrl& url, const OpenOptions& options) const override {
    // 1007: it exists.
    return change_database(url, options, "CREATE DATABASE ", " CHARACTER SET utf8mb4", "1007");
  }

  bool drop_database(const DatabaseUrl& url, const OpenOptions& options) const override {
    // 1008: there is none.
    return change_database(url, options, "DROP DATABASE ", "", "1008");
  }

 private:
  bool change_database(const DatabaseUrl& url, const OpenOptions& options, const std::string& verb,
                       const std::string& rest, std::string_view already) const {
    Session session(with_database(url), options, false);
    try {
      session.send_raw(verb + quote_identifier(url.database) + rest);
      return true;
    } catch (const Error& error) {
      if (error.details().native_code == already) {
        return false;
      }
      throw;
    }
  }
};

}  // namespace

std::unique_ptr<Dialect> make_dialect() { return std::make_unique<MysqlDialect>(); }

}  // namespace toolkit::mysql

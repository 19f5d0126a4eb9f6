#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "toolkit/connection.hpp"
#include "toolkit/history.hpp"
#include "toolkit/script.hpp"
#include "toolkit/url.hpp"

namespace toolkit {

class Sandbox;
struct SandboxOptions;

/// Texts by which a run on a server that is not ours marks the databases that it makes: with a lock of a
/// session, held for as long as the run lives. All empty where a database is a file.
struct MarkTexts {
  std::vector<std::string> stay;  ///< the session is not ended for being idle
  std::string server;     ///< one value, another one on every server that may hold copies of these databases
  std::string databases;  ///< the names of all databases that begin with `toolkit_v_`
  std::string take;       ///< takes the lock `:name` without waiting: 1, or 0 where another session has it
  std::string held;       ///< whether any session of the server holds it
  std::string end_sessions;  ///< ends the sessions in the database `:name`; empty where a drop does so
  std::string sessions;      ///< how many sessions are in the database `:name`
};

/// Facts of a dialect, as data. Core decides by these and never by a name.
struct Traits {
  std::string name;                      ///< "postgresql", "mysql", "sqlite"
  std::vector<std::string> url_schemes;  ///< "postgresql", "postgres"
  std::vector<std::string> flavours;     ///< "mysql", "mariadb": values of ServerInfo::flavour
  bool transactional_ddl = false;        ///< a version's statements and its history row commit together
  bool no_transaction_only_where_refused =
      false;                           ///< `no-transaction` is for statements that refuse one (SQLite)
  bool restores_column_order = false;  ///< a down can put a column back where it was (MySQL, SQLite)
  bool is_file = false;                ///< the database is a file (SQLite)
  std::string true_literal = "TRUE";   ///< of a boolean column
  std::string false_literal = "FALSE";
  std::string bytes_before = "X'";  ///< a literal of bytes: this, hex digits, and the next one
  std::string bytes_behind = "'";
  std::string text_before = "CAST(";  ///< a column as text: this, its quoted name, and the next one
  std::string text_behind = " AS TEXT)";
  bool text_is_literal = false;               ///< that text can be written into a statement as it is
  std::string empty_row = " DEFAULT VALUES";  ///< behind INSERT INTO table: a row of defaults
  std::string default_schema;                 ///< "public", "" (the database's name), "main"
  std::string begin_transaction;              ///< BEGIN, or BEGIN IMMEDIATE where a plain one can fail later
  std::string example_url;                    ///< for help and errors
  MarkTexts run_mark;
};

/// What a statement asks of the transaction around it. Pure knowledge, from the server's manual; the
/// server has the last word at run time.
struct StatementTraits {
  bool refuses_transaction = false;  ///< CREATE INDEX CONCURRENTLY, VACUUM, …: needs `no-transaction`
  bool ends_group = false;      ///< nothing may follow in the same transaction (ALTER TYPE … ADD VALUE)
  bool is_row_change = false;   ///< INSERT, UPDATE, DELETE, REPLACE: no implicit commit (MySQL)
  bool drops_table = false;     ///< with foreign keys on, SQLite deletes child rows
  bool is_destructive = false;  ///< DROP, TRUNCATE: for warnings
  std::string_view unproven;    ///< non-empty: why `verify` skips a down with it unless told otherwise
  /// Non-empty: what it touches of the server besides its own database ("roles", "settings of the server").
  std::string_view beyond_database;
};

struct OpenOptions {
  std::chrono::milliseconds connect_timeout{10'000};
  bool read_only = false;   ///< SQLite: never creates the file; PostgreSQL: default_transaction_read_only
  bool create_file = true;  ///< SQLite: a missing file is created when it is first written
  std::string application_name = "toolkit";
};

/// Stateless knowledge of one SQL family. Implementations are const objects in the registry.
class Dialect {
 public:
  virtual ~Dialect() = default;

  /// Pure.
  virtual const Traits& traits() const = 0;

  /// Pure. `flavour` is one of the traits' flavours; `sql_mode` is the configured one or empty.
  virtual ScriptSyntax script_syntax(std::string_view flavour, std::string_view sql_mode) const = 0;

  /// Pure. Quoted by doubling the quote character. Throws Error(configuration) for an empty or too long
  /// name and for NUL.
  virtual std::string quote_identifier(std::string_view identifier) const = 0;

  /// Pure. `place.schema` is filled in.
  virtual HistorySql history_sql(const HistoryPlace& place) const = 0;

  /// Pure. What one statement asks for, by its words.
  virtual StatementTraits statement_traits(std::string_view statement) const = 0;

  /// Pure. The statements that make an empty database equal to `catalog`, in an order that works, one
  /// statement each, without terminators. Throws Error(server) naming what it cannot write.
  virtual std::vector<std::string> render(const Catalog& catalog) const = 0;

  /// Opens a session. Throws Error(configuration) for URL options that are unknown or cannot be honoured by
  /// this build (with the list of those that can), Error(connection) when the server does not answer
  /// within the timeout, refuses, or lacks the database (the advice then says `toolkit create`).
  virtual std::unique_ptr<Connection> open(const DatabaseUrl& url, const OpenOptions& options) const = 0;

  /// Opens a session on the URL's server that is in no database which is created, dropped or copied
  /// meanwhile. Null where there is no place for one, and where a database is a file. Throws Error as `open`.
  virtual std::unique_ptr<Connection> open_server(const DatabaseUrl& url,
                                                  const OpenOptions& options) const = 0;

  /// Starts a throw-away server of one flavour, see sandbox.hpp. Throws Error(server) when no programs are
  /// found, saying what was looked for and where, or when it does not start; Error(timeout).
  virtual std::unique_ptr<Sandbox> start_sandbox(std::string_view flavour,
                                                 const SandboxOptions& options) const = 0;

  /// Whether `start_sandbox` finds programs of the flavour. Never throws.
  virtual bool has_sandbox(std::string_view flavour, const SandboxOptions& options) const noexcept = 0;

  /// Creates the URL's database. False when it was there already. Touches the server.
  virtual bool create_database(const DatabaseUrl& url, const OpenOptions& options) const = 0;

  /// Drops the URL's database. False when it was not there. The caller has asked the person.
  virtual bool drop_database(const DatabaseUrl& url, const OpenOptions& options) const = 0;
};

}  // namespace toolkit

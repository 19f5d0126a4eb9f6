#include "dialect.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

#include "connection.hpp"
#include "history_sql.hpp"
#include "names.hpp"
#include "script_syntax.hpp"
#include "toolkit/error.hpp"

namespace toolkit::sqlite {

namespace {

namespace fs = std::filesystem;

bool exists(const DatabaseUrl& url) {
  std::error_code failure;
  return fs::exists(url.database, failure);
}

}  // namespace

const Traits& SqliteDialect::traits() const {
  static const Traits traits = [] {
    Traits t;
    t.name = "sqlite";
    t.url_schemes = {"sqlite", "sqlite3"};
    t.flavours = {"sqlite"};
    t.transactional_ddl = true;
    t.no_transaction_only_where_refused = true;
    t.is_file = true;
    t.default_schema = "main";
    t.begin_transaction = "BEGIN IMMEDIATE";
    t.example_url = "sqlite:path/to/app.db";
    return t;
  }();
  return traits;
}

ScriptSyntax SqliteDialect::script_syntax(std::string_view, std::string_view) const {
  return sqlite::script_syntax();
}

std::string SqliteDialect::quote_identifier(std::string_view identifier) const { return quoted(identifier); }

HistorySql SqliteDialect::history_sql(const HistoryPlace& place) const { return sqlite::history_sql(place); }

StatementTraits SqliteDialect::statement_traits(std::string_view statement) const {
  const std::vector<std::string> words = leading_words(statement, sqlite::script_syntax(), 3);
  const auto word = [&words](std::size_t i) { return i < words.size() ? words[i] : std::string(); };
  // Pragmas that a transaction refuses or ignores silently (sqlite.org/pragma.html).
  static constexpr std::array<std::string_view, 7> outside = {"JOURNAL_MODE",  "PAGE_SIZE",   "AUTO_VACUUM",
                                                              "ENCODING",      "SYNCHRONOUS", "FOREIGN_KEYS",
                                                              "WAL_CHECKPOINT"};
  StatementTraits traits;
  traits.refuses_transaction =
      word(0) == "VACUUM" ||
      (word(0) == "PRAGMA" && std::find(outside.begin(), outside.end(), word(1)) != outside.end());
  traits.drops_table = word(0) == "DROP" && word(1) == "TABLE";
  traits.is_destructive = word(0) == "DROP";
  traits.is_row_change =
      word(0) == "INSERT" || word(0) == "UPDATE" || word(0) == "DELETE" || word(0) == "REPLACE";
  return traits;
}

std::unique_ptr<Connection> SqliteDialect::open(const DatabaseUrl& url, const OpenOptions& options) const {
  return open_connection(url, options);
}

bool SqliteDialect::create_database(const DatabaseUrl& url, const OpenOptions& options) const {
  if (exists(url)) {
    return false;
  }
  // A file of no bytes is a valid empty database; what may write makes it.
  open_connection(url, options)->execute("PRAGMA user_version");
  return true;
}

bool SqliteDialect::drop_database(const DatabaseUrl& url, const OpenOptions&) const {
  if (!exists(url)) {
    return false;
  }
  std::error_code failure;
  for (const char* suffix : {"", "-journal", "-wal", "-shm"}) {
    fs::remove(url.database + suffix, failure);
    if (failure) {
      throw Error(ErrorKind::server, "cannot remove " + url.database + suffix + ": " + failure.message());
    }
  }
  return true;
}

std::unique_ptr<Dialect> make_dialect() { return std::make_unique<SqliteDialect>(); }

}  // namespace toolkit::sqlite

#include "dialect.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

#include "connection.hpp"
#include "history_sql.hpp"
#include "names.hpp"
#include "render.hpp"
#include "sandbox.hpp"
#include "script_syntax.hpp"
#include "toolkit/error.hpp"

namespace toolkit::sqlite {

namespace {

namespace fs = std::filesystem;

bool exists(const DatabaseUrl& url) {
  std::error_code failure;
  return fs::exists(url.database, failure);
}

/// A wrong path must not cost somebody a file of another kind. A database without a table may have no bytes.
void refuse_other_files(const std::string& path) {
  constexpr std::string_view header = "SQLite format 3";  // sqlite.org/fileformat.html, with its NUL
  std::ifstream file(path, std::ios::binary);
  std::string begin(header.size() + 1, '\0');
  file.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  if (file.gcount() != 0 && begin.compare(0, header.size(), header) != 0) {
    throw Error(ErrorKind::server, path + " is no SQLite database, or it is encrypted: it is left alone",
                "remove the file yourself if you are sure");
  }
  if (!file.is_open()) {
    throw Error(ErrorKind::server, "cannot read " + path + ", so it is left alone");
  }
}

/// ALTER TABLE [schema.]table DROP …: whatever quotes the names wear.
bool drops_column(std::string_view statement) {
  std::vector<std::string_view> tokens;
  for (const Token& token : tokenize(statement, sqlite::script_syntax())) {
    if (token.kind != TokenKind::space && token.kind != TokenKind::comment && tokens.size() < 6) {
      tokens.push_back(statement.substr(token.begin, token.end - token.begin));
    }
  }
  const auto is = [&tokens](std::size_t at, std::string_view word) {
    return at < tokens.size() && tokens[at].size() == word.size() &&
           std::equal(word.begin(), word.end(), tokens[at].begin(), [](char upper, char any) {
             return upper == any || (any >= 'a' && any <= 'z' && upper == any - 'a' + 'A');
           });
  };
  const std::size_t behind_name = is(3, ".") ? 5 : 3;
  return is(0, "ALTER") && is(1, "TABLE") && is(behind_name, "DROP");
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
    t.restores_column_order = true;
    t.true_literal = "1";
    t.false_literal = "0";
    t.text_before = "quote(";
    t.text_behind = ")";
    t.text_is_literal = true;
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

std::string SqliteDialect::quote_identifier(std::string_view identifier) const {
  return sqlite::quoted(identifier);
}

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
  if (drops_column(statement)) {
    traits.unproven = "SQLite drops a column by writing the table anew; products leave it in place";
  }
  traits.is_row_change =
      word(0) == "INSERT" || word(0) == "UPDATE" || word(0) == "DELETE" || word(0) == "REPLACE";
  return traits;
}

std::vector<std::string> SqliteDialect::render(const Catalog& catalog) const {
  return sqlite::render(catalog);
}

std::unique_ptr<Sandbox> SqliteDialect::start_sandbox(std::string_view, const SandboxOptions& options) const {
  return sqlite::start_sandbox(options);
}

bool SqliteDialect::has_sandbox(std::string_view, const SandboxOptions&) const noexcept { return true; }

std::unique_ptr<Connection> SqliteDialect::open(const DatabaseUrl& url, const OpenOptions& options) const {
  return open_connection(url, options);
}

std::unique_ptr<Connection> SqliteDialect::open_server(const DatabaseUrl&, const OpenOptions&) const {
  return nullptr;
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
  refuse_other_files(url.database);
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

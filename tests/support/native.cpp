#include "native.hpp"

#ifdef TOOLKIT_WITH_POSTGRESQL
#include <libpq-fe.h>
#endif
#ifdef TOOLKIT_WITH_MYSQL
#include <mysql.h>
#endif
#ifdef TOOLKIT_WITH_SQLITE
#include <sqlite3.h>
#endif

#include <algorithm>
#include <stdexcept>

#include "toolkit/url.hpp"

namespace toolkit::test {

namespace {

const char* const null_word = "NULL";

[[noreturn]] void fail(const std::string& sql, const char* message) {
  throw std::runtime_error(std::string(message) + (sql.empty() ? "" : " in: " + sql));
}

#ifdef TOOLKIT_WITH_POSTGRESQL
class PostgresqlSession final : public NativeSession {
 public:
  explicit PostgresqlSession(const std::string& url) : session_(PQconnectdb(url.c_str()), PQfinish) {
    if (PQstatus(session_.get()) != CONNECTION_OK) {
      fail("", PQerrorMessage(session_.get()));
    }
    PQsetNoticeProcessor(
        session_.get(), [](void*, const char*) {}, nullptr);
    run("SET statement_timeout = '30s'");
  }

  void run(std::string_view sql) override { execute(std::string(sql)); }

  std::vector<TextRow> rows(std::string_view sql) override {
    const auto result = execute(std::string(sql));
    std::vector<TextRow> rows;
    for (int row = 0; row < PQntuples(result.get()); ++row) {
      TextRow& fields = rows.emplace_back();
      for (int column = 0; column < PQnfields(result.get()); ++column) {
        const bool is_null = PQgetisnull(result.get(), row, column) != 0;
        fields.emplace_back(is_null ? null_word : PQgetvalue(result.get(), row, column));
      }
    }
    return rows;
  }

 private:
  using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

  Result execute(const std::string& sql) {
    Result result(PQexec(session_.get(), sql.c_str()), PQclear);
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) {
      fail(sql, PQerrorMessage(session_.get()));
    }
    return result;
  }

  std::unique_ptr<PGconn, decltype(&PQfinish)> session_;
};

#endif

#ifdef TOOLKIT_WITH_MYSQL
std::string option_of(const DatabaseUrl& url, const std::string& name) {
  const auto found = url.options.find(name);
  return found == url.options.end() ? "" : found->second;
}

class MysqlSession final : public NativeSession {
 public:
  explicit MysqlSession(const DatabaseUrl& url) : session_(mysql_init(nullptr), mysql_close) {
    const unsigned seconds = 30;
    for (const auto option : {MYSQL_OPT_CONNECT_TIMEOUT, MYSQL_OPT_READ_TIMEOUT, MYSQL_OPT_WRITE_TIMEOUT}) {
      mysql_options(session_.get(), option, &seconds);
    }
    mysql_options(session_.get(), MYSQL_SET_CHARSET_NAME, "utf8mb4");
    const std::string mode = option_of(url, "ssl-mode");
    if (!mode.empty()) {
      set_tls(mode != "disabled");
    }
    const std::string socket = option_of(url, "socket");
    if (mysql_real_connect(session_.get(), socket.empty() ? url.host.c_str() : nullptr, url.user.c_str(),
                           url.password.c_str(), url.database.empty() ? nullptr : url.database.c_str(),
                           static_cast<unsigned>(url.port), socket.empty() ? nullptr : socket.c_str(),
                           CLIENT_MULTI_STATEMENTS) == nullptr) {
      fail("", mysql_error(session_.get()));
    }
  }

  void run(std::string_view sql) override { rows(sql); }

  std::vector<TextRow> rows(std::string_view sql) override {
    const std::string text(sql);
    if (mysql_real_query(session_.get(), text.data(), text.size()) != 0) {
      fail(text, mysql_error(session_.get()));
    }
    std::vector<TextRow> first = fetch(text);
    for (;;) {
      const int more = mysql_next_result(session_.get());
      if (more < 0) {
        return first;
      }
      if (more > 0) {
        fail(text, mysql_error(session_.get()));
      }
      fetch(text);
    }
  }

 private:
  void set_tls(bool required) {
#ifdef MARIADB_BASE_VERSION
    const my_bool enforced = required ? 1 : 0;
    mysql_options(session_.get(), MYSQL_OPT_SSL_ENFORCE, &enforced);
#else
    const unsigned mode = required ? SSL_MODE_REQUIRED : SSL_MODE_DISABLED;
    mysql_options(session_.get(), MYSQL_OPT_SSL_MODE, &mode);
#endif
  }

  std::vector<TextRow> fetch(const std::string& sql) {
    const std::unique_ptr<MYSQL_RES, decltype(&mysql_free_result)> result(mysql_store_result(session_.get()),
                                                                          mysql_free_result);
    std::vector<TextRow> rows;
    if (!result) {
      if (mysql_errno(session_.get()) != 0) {
        fail(sql, mysql_error(session_.get()));
      }
      return rows;
    }
    const unsigned count = mysql_num_fields(result.get());
    while (MYSQL_ROW row = mysql_fetch_row(result.get())) {
      const unsigned long* sizes = mysql_fetch_lengths(result.get());
      TextRow& fields = rows.emplace_back();
      for (unsigned i = 0; i < count; ++i) {
        fields.push_back(row[i] == nullptr ? null_word : std::string(row[i], sizes[i]));
      }
    }
    return rows;
  }

  std::unique_ptr<MYSQL, decltype(&mysql_close)> session_;
};

#endif

#ifdef TOOLKIT_WITH_SQLITE
class SqliteSession final : public NativeSession {
 public:
  explicit SqliteSession(const std::string& path) {
    sqlite3* opened = nullptr;
    const int status = sqlite3_open(path.c_str(), &opened);
    session_.reset(opened);
    if (status != SQLITE_OK) {
      fail(path, sqlite3_errmsg(opened));
    }
    sqlite3_busy_timeout(opened, 30'000);
  }

  void run(std::string_view sql) override { rows(sql); }

  std::vector<TextRow> rows(std::string_view sql) override {
    const std::string text(sql);
    std::vector<TextRow> rows;
    const char* rest = text.c_str();
    while (*rest != '\0') {
      sqlite3_stmt* prepared = nullptr;
      if (sqlite3_prepare_v2(session_.get(), rest, -1, &prepared, &rest) != SQLITE_OK) {
        fail(text, sqlite3_errmsg(session_.get()));
      }
      const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> statement(prepared, sqlite3_finalize);
      int status = SQLITE_DONE;
      while (prepared != nullptr && (status = sqlite3_step(prepared)) == SQLITE_ROW) {
        rows.push_back(row_of(*prepared));
      }
      if (status != SQLITE_DONE) {
        fail(text, sqlite3_errmsg(session_.get()));
      }
    }
    return rows;
  }

 private:
  static TextRow row_of(sqlite3_stmt& statement) {
    TextRow fields;
    for (int i = 0; i < sqlite3_column_count(&statement); ++i) {
      const auto* text = static_cast<const char*>(sqlite3_column_blob(&statement, i));
      const bool is_null = sqlite3_column_type(&statement, i) == SQLITE_NULL;
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(&statement, i));
      fields.push_back(is_null ? null_word : std::string(text == nullptr ? "" : text, size));
    }
    return fields;
  }

  std::unique_ptr<sqlite3, decltype(&sqlite3_close)> session_{nullptr, sqlite3_close};
};
#endif

}  // namespace

std::string NativeSession::value(std::string_view sql) {
  const std::vector<TextRow> found = rows(sql);
  return found.empty() || found[0].empty() ? "" : found[0][0];
}

std::unique_ptr<NativeSession> open_native(const std::string& url) {
  const DatabaseUrl parsed = parse_url(url);
#ifdef TOOLKIT_WITH_SQLITE
  if (parsed.scheme == "sqlite") {
    return std::make_unique<SqliteSession>(parsed.database);
  }
#endif
#ifdef TOOLKIT_WITH_MYSQL
  if (parsed.scheme == "mysql" || parsed.scheme == "mariadb") {
    return std::make_unique<MysqlSession>(parsed);
  }
#endif
#ifdef TOOLKIT_WITH_POSTGRESQL
  if (parsed.scheme == "postgresql" || parsed.scheme == "postgres") {
    const std::string separator = url.find('?') == std::string::npos ? "?" : "&";
    return std::make_unique<PostgresqlSession>(url + separator + "connect_timeout=30");
  }
#endif
  throw std::runtime_error("this build leaves out " + parsed.scheme);
}

bool has_connector_c() {
#ifdef MARIADB_BASE_VERSION
  return true;
#else
  return false;
#endif
}

std::string with_database(const std::string& url, const std::string& database) {
  const auto authority = url.find("://");
  if (authority == std::string::npos) {
    throw std::runtime_error("no server in the URL");
  }
  const auto end = std::min(url.find('?'), url.size());
  const auto slash = std::min(url.find('/', authority + 3), end);
  return url.substr(0, slash) + '/' + database + url.substr(end);
}

}  // namespace toolkit::test

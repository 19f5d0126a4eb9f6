#pragma once

#include <mysql.h>
#include <soci/soci.h>

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "native.hpp"
#include "toolkit/dialect.hpp"
#include "toolkit/query.hpp"
#include "toolkit/url.hpp"

namespace toolkit::mysql {

/// An open session and what is known about its settings. Shared by the connection and the guard of its
/// lock, so that either may go first.
class Session {
 public:
  /// Touches the server. `url` has passed `with_option_file`. Throws as Dialect::open does.
  Session(DatabaseUrl url, const OpenOptions& options, bool with_database);

  MYSQL* handle() const { return handle_; }
  const DatabaseUrl& url() const { return url_; }
  unsigned long id() const { return id_; }

  /// One of our own texts with bound values through SOCI, one round trip.
  Rows query(std::string_view sql, const Parameters& parameters, int columns);
  /// As above for a write; answers how many rows it found.
  long long write(std::string_view sql, const Parameters& parameters);
  /// One of our own texts that takes no value and answers in columns of its own: SHOW CREATE, SHOW BINLOG
  /// EVENTS, a probe. It changes no setting.
  Rows show(std::string_view sql) { return rows_of(handle_, sql, url_); }
  /// A raw statement. What it changed of the session's settings is remembered for `prepare`.
  Outcome send_raw(std::string_view sql);

  /// Sets what a migration may rely on; nothing is sent when nothing can have changed since the last time.
  /// Whole seconds, at least 1.
  struct Settings {
    std::string sql_mode;
    long long table_lock_seconds = 5;  ///< for a table's definition (lock_wait_timeout)
    long long row_lock_seconds = 30;   ///< innodb_lock_wait_timeout
    bool is_mariadb = false;
  };
  void prepare(const Settings& settings);

  /// The sql_mode that the session began with. Whoever reads it first, before any `prepare`, leaves it here.
  const std::optional<std::string>& first_sql_mode() const { return first_sql_mode_; }
  void note_first_sql_mode(const std::string& mode) {
    first_sql_mode_ = first_sql_mode_ ? first_sql_mode_ : std::optional(mode);
  }

  /// From any thread: stops the running statement through a session of its own, within about five seconds.
  /// True when the server accepted.
  bool stop_statement() const noexcept;

 private:
  DatabaseUrl url_;
  std::string stop_connect_string_;
  std::unique_ptr<soci::session> soci_;
  MYSQL* handle_ = nullptr;
  unsigned long id_ = 0;
  bool tracks_changes_ = true;
  std::optional<std::string> first_sql_mode_;
  std::string settings_in_force_;              ///< empty: unknown
  std::map<std::string, std::string> strays_;  ///< changed by a statement, not among our settings
};

/// Pure. The one statement that makes the session what a migration may rely on.
std::string settings_text(const Session::Settings& settings);

}  // namespace toolkit::mysql

#include "session.hpp"

#include <soci/mysql/soci-mysql.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "../soci_query.hpp"
#include "errors.hpp"
#include "session_options.hpp"
#include "statement_traits.hpp"
#include "toolkit/call_watch.hpp"
#include "toolkit/error.hpp"

namespace toolkit::mysql {

namespace {

constexpr std::chrono::milliseconds stop_timeout{5'000};

// The variables of `settings_text`, as session tracking names them.
constexpr std::array<std::string_view, 14> own_variables = {"sql_mode",
                                                            "time_zone",
                                                            "character_set_client",
                                                            "character_set_connection",
                                                            "foreign_key_checks",
                                                            "unique_checks",
                                                            "character_set_results",
                                                            "collation_connection",
                                                            "autocommit",
                                                            "lock_wait_timeout",
                                                            "innodb_lock_wait_timeout",
                                                            "max_execution_time",
                                                            "max_statement_time",
                                                            "session_track_system_variables"};

bool is_own(const std::string& variable) {
  return std::find(own_variables.begin(), own_variables.end(), variable) != own_variables.end();
}

std::string text_literal(std::string_view text) {
  std::string literal = "'";
  for (const char c : text) {
    literal += c == '\'' ? std::string("''") : std::string(1, c);
  }
  return literal + "'";
}

std::unique_ptr<soci::session> open_session(const SessionOptions& options, const DatabaseUrl& url) {
  const Call call("connect", "");
  try {
    return std::make_unique<soci::session>(soci::mysql, options.connect_string);
  } catch (const soci::mysql_soci_error& error) {
    throw connect_error(error.err_num_, error.get_error_message(), url);
  } catch (const soci::soci_error& error) {
    throw connect_error(0, error.get_error_message(), url);
  }
}

void check_encryption(MYSQL* handle, const SessionOptions& options, const DatabaseUrl& url) {
  // The library goes on in the clear when the server has no TLS and no certificate was to be checked.
  if (options.needs_tls && mysql_get_ssl_cipher(handle) == nullptr) {
    ErrorDetails details =
        connect_error(0, "the server offers no encrypted connection, and ssl-mode asks for one", url)
            .details();
    details.advice = "switch TLS on in the server, or accept the risk with ssl-mode=preferred";
    throw Error(std::move(details));
  }
}

}  // namespace

std::string settings_text(const Session::Settings& settings) {
  return "SET SESSION sql_mode=" + text_literal(settings.sql_mode) +
         ", time_zone='+00:00', NAMES utf8mb4, foreign_key_checks=1, unique_checks=1, autocommit=1, "
         "lock_wait_timeout=" +
         std::to_string(settings.table_lock_seconds) +
         ", innodb_lock_wait_timeout=" + std::to_string(settings.row_lock_seconds) +
         (settings.is_mariadb ? ", max_statement_time=0" : ", max_execution_time=0");
}

Session::Session(DatabaseUrl url, const OpenOptions& options, bool with_database) : url_(std::move(url)) {
  const SessionOptions session = session_options(url_, options, with_database);
  OpenOptions short_wait = options;
  short_wait.connect_timeout = std::min(options.connect_timeout, stop_timeout);
  stop_connect_string_ = session_options(url_, short_wait, false).connect_string;
  soci_ = open_session(session, url_);
  handle_ = static_cast<soci::mysql_session_backend*>(soci_->get_backend())->conn_;
  refuse_local_files(handle_);
  refuse_to_reconnect(handle_);
  check_encryption(handle_, session, url_);
  id_ = mysql_thread_id(handle_);
}

Rows Session::query(std::string_view sql, const Parameters& parameters, int columns) {
  const Call call("query", sql, static_cast<int>(handle_->net.fd));
  try {
    return soci_query(*soci_, sql, parameters, columns);
  } catch (const std::exception& thrown) {
    throw translated(thrown, handle_, url_);
  }
}

long long Session::write(std::string_view sql, const Parameters& parameters) {
  query(sql, parameters, 0);
  return static_cast<long long>(mysql_affected_rows(handle_));
}

Outcome Session::send_raw(std::string_view sql) {
  const std::string in_force = std::exchange(settings_in_force_, {});  // unknown if the statement fails
  Outcome outcome = send(handle_, sql, url_);
  for (const auto& [name, value] : outcome.changed_variables) {
    if (!is_own(name)) {
      strays_[name] = value;
    }
  }
  const bool is_known =
      tracks_changes_ && !outcome.had_rows && outcome.changed_variables.empty() && !may_change_session(sql);
  settings_in_force_ = is_known ? in_force : std::string();
  return outcome;
}

void Session::prepare(const Settings& settings) {
  const std::string text = settings_text(settings);
  if (text == settings_in_force_) {
    return;
  }
  std::string all = text + (tracks_changes_ ? ", session_track_system_variables='*'" : "");
  for (const auto& [name, value] : std::exchange(strays_, {})) {
    all += ", " + name + "=DEFAULT";
  }
  try {
    send(handle_, all, url_);
  } catch (const Error& error) {
    // 1193: no such variable. What speaks the protocol without being MySQL or MariaDB may lack tracking, and
    // a stray variable may have no default; the settings themselves must hold.
    if (error.details().connection_lost || all == text) {
      throw;
    }
    tracks_changes_ = tracks_changes_ && error.details().native_code != "1193";
    send(handle_, text, url_);
  }
  settings_in_force_ = text;
}

bool Session::stop_statement() const noexcept { return kill_query(stop_connect_string_, id_); }

}  // namespace toolkit::mysql

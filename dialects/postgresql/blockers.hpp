#pragma once

#include <chrono>
#include <memory>
#include <string>

struct pg_conn;

namespace toolkit::postgresql {

/// Finds out who blocks a session while it waits: once the wait has ended in a timeout, the server no longer
/// knows. Asks on a second session, which is opened only when a statement takes long, and closed with it.
class Blockers {
 public:
  Blockers();
  ~Blockers();
  Blockers(const Blockers&) = delete;
  Blockers& operator=(const Blockers&) = delete;

  /// A statement begins: what was seen is forgotten.
  void begin();

  /// Called now and then while the statement runs on `waiting`. Asks at most about once a second, and not at
  /// all once no second session could be had. Never throws. True when it was blocked just now.
  bool look(pg_conn* waiting) noexcept;

  /// Who blocked it when it was last looked: `process 17 (psql, user app, idle in transaction since …: "…")`;
  /// empty when nobody was seen.
  const std::string& seen() const { return seen_; }
  std::chrono::milliseconds waited() const;

 private:
  void ask(pg_conn* waiting);

  struct Closer {
    void operator()(pg_conn* session) const noexcept;
  };
  std::unique_ptr<pg_conn, Closer> session_;
  bool is_given_up_ = false;
  std::chrono::steady_clock::time_point begun_;
  std::chrono::steady_clock::time_point next_;
  std::string seen_;
};

/// The columns that describe a session `a` of pg_stat_activity to a person, for `session_text`.
extern const char* const session_columns;

/// A row of `session_columns`, from `column` on, as text.
std::string session_text(const std::string& pid, const std::string& application, const std::string& user,
                         const std::string& state, const std::string& since, const std::string& statement);

}  // namespace toolkit::postgresql

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "toolkit/dialect.hpp"

/// Who made the databases `toolkit_v_…` on a server that is not ours, and whether that run still lives.
///
/// A run holds a lock of the server for as long as it lives, on a session of its own that does nothing else.
/// The lock's name is that of its databases, so whoever finds them can ask: when no session of the server
/// holds it, the run has ended, on whatever machine it was, and its databases can go. The server itself ends
/// the session of a process that is gone.
namespace toolkit {

/// Pure. The lock of the run that made this database, `toolkit_v_m<server><run>`, where it is one of that
/// server's marked runs; nothing for every other name.
std::optional<std::string> mark_of(std::string_view database, std::string_view server);

/// One thread uses it.
class RunMark {
 public:
  /// Opens the session and takes the lock. Where locks of a session are not to be relied on (a pooler in
  /// transaction mode, a cluster), or `wanted` is false, the run is not marked: its databases are not swept
  /// by anybody. Throws Error(connection) when the server cannot be reached.
  RunMark(const Dialect& dialect, const DatabaseUrl& server, bool wanted);

  /// What names of databases of this run begin with.
  std::string prefix() const { return name_ + '_'; }

  /// Drops the databases of marked runs that have ended, and no others: none with a session in it, none where
  /// the mark tells nothing. Returns what a person should know, a line each. Never throws; safe to repeat.
  std::vector<std::string> sweep();

  /// Ends the sessions in a database of this run that would be in the way of dropping it: those that a test
  /// forgot, or a pooler keeps. Never throws.
  void end_sessions(const std::string& database) noexcept;

  /// Asks for the lock again where the session was cut. Call it before a database is made. Never throws.
  void renew() noexcept;

 private:
  struct Leftover {
    std::string mark;
    std::vector<std::string> databases;
  };

  bool open();
  std::string doubt();
  bool says(const std::string& text, const std::string& name);
  std::vector<Leftover> leftovers();
  std::string sweep(const Leftover& leftover);

  const Dialect& dialect_;
  DatabaseUrl server_;
  std::unique_ptr<Connection> session_;
  std::string identity_;  ///< of the server, in the names of marked runs
  std::string name_;
  std::string doubt_;
  bool is_marked_ = false;
};

}  // namespace toolkit

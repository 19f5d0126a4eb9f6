#pragma once

#include <sqlite3.h>

#include <array>
#include <string>
#include <vector>

#include "toolkit/unit_of_work.hpp"

/// What a version may change of the session, and what is put back after it.
namespace toolkit::sqlite {

/// Switches foreign keys off outside a transaction (inside one SQLite ignores it silently) and restores them.
class [[nodiscard]] ForeignKeysOff {
 public:
  ForeignKeysOff(sqlite3* handle, bool wanted);
  ~ForeignKeysOff();
  ForeignKeysOff(const ForeignKeysOff&) = delete;
  ForeignKeysOff& operator=(const ForeignKeysOff&) = delete;

  /// Violations that were not there before.
  std::vector<std::string> new_violations() const;

 private:
  sqlite3* handle_;
  bool active_ = false;
  std::vector<std::string> before_;
};

/// Settings of the connection that a rollback does not undo. They hold for all steps of a version (a rebuild
/// may need foreign_keys or legacy_alter_table off over several files) and are set back after it.
class [[nodiscard]] SessionSettings {
 public:
  explicit SessionSettings(sqlite3* handle);
  ~SessionSettings() { restore(); }
  SessionSettings(const SessionSettings&) = delete;
  SessionSettings& operator=(const SessionSettings&) = delete;

  /// Sets back what differs now, and tells it.
  void restore_and_tell(const Task& task, RunObserver& observer);

 private:
  std::string restore();

  static constexpr std::size_t count = 7;
  sqlite3* handle_;
  std::array<std::string, count> before_;
};

}  // namespace toolkit::sqlite

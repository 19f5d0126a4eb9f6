#include "session_guards.hpp"

#include <algorithm>

#include "native.hpp"

namespace toolkit::sqlite {

namespace {

constexpr std::array<const char*, 7> setting_names = {"foreign_keys",
                                                      "recursive_triggers",
                                                      "legacy_alter_table",
                                                      "ignore_check_constraints",
                                                      "reverse_unordered_selects",
                                                      "writable_schema",
                                                      "cell_size_check"};

std::string value_of(sqlite3* handle, const char* name) {
  return first_value(handle, ("PRAGMA " + std::string(name)).c_str());
}

/// Every violation as one text: table, row, the table it points to.
std::vector<std::string> foreign_key_violations(sqlite3* handle) {
  return run_native(
             handle,
             "SELECT \"table\" || ' row ' || coalesce(rowid, '?') || ' refers to a row of ' || parent ||"
             " ' that is not there' FROM pragma_foreign_key_check")
      .first_column;
}

}  // namespace

ForeignKeysOff::ForeignKeysOff(sqlite3* handle, bool wanted) : handle_(handle) {
  active_ = wanted && first_value(handle, "PRAGMA foreign_keys") == "1";
  if (active_) {
    before_ = foreign_key_violations(handle);
    run_native(handle, "PRAGMA foreign_keys = OFF");
  }
}

ForeignKeysOff::~ForeignKeysOff() {
  if (active_) {
    run_native(handle_, "PRAGMA foreign_keys = ON");
  }
}

std::vector<std::string> ForeignKeysOff::new_violations() const {
  std::vector<std::string> added;
  if (active_) {
    for (std::string& violation : foreign_key_violations(handle_)) {
      if (std::find(before_.begin(), before_.end(), violation) == before_.end()) {
        added.push_back(std::move(violation));
      }
    }
  }
  return added;
}

SessionSettings::SessionSettings(sqlite3* handle) : handle_(handle) {
  for (std::size_t i = 0; i < count; ++i) {
    before_[i] = value_of(handle, setting_names[i]);
  }
}

void SessionSettings::restore_and_tell(const Task& task, RunObserver& observer) {
  const std::string changed = restore();
  if (!changed.empty()) {
    observer.note(
        &task, "the file leaves these settings of the session changed: " + changed + "; they were set back");
  }
}

std::string SessionSettings::restore() {
  std::string changed;
  for (std::size_t i = 0; i < count; ++i) {
    if (value_of(handle_, setting_names[i]) != before_[i]) {
      changed += (changed.empty() ? "" : ", ") + std::string(setting_names[i]);
      run_native(handle_, "PRAGMA " + std::string(setting_names[i]) + " = " + before_[i]);
    }
  }
  return changed;
}

}  // namespace toolkit::sqlite

#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;

namespace toolkit::sqlite {

/// What running a text natively came to; `code` is SQLITE_OK (0) when all went well.
struct NativeOutcome {
  int code = 0;
  bool has_parameter = false;  ///< `?` or `:name`: SQLite would take it as NULL, so nothing was run
  bool has_rest = false;       ///< something follows the first statement, so nothing was run
  std::vector<std::string> first_column;  ///< of every row
};

/// Prepares and steps exactly one statement, byte for byte, to its end. Nothing runs when the text holds a
/// parameter or a second statement. The statement is finalised in any case.
NativeOutcome run_native(sqlite3* handle, std::string_view sql);

/// The first column of the first row of one of our own texts, "" for none.
std::string first_value(sqlite3* handle, const char* sql);

/// Interrupts the running statement when it takes longer than the limit (0: none), and when a stop is asked
/// for: sqlite3_interrupt misses a statement that is just about to begin. Guard: the limit ends with it.
class [[nodiscard]] StatementTimeLimit {
 public:
  StatementTimeLimit(sqlite3* handle, std::chrono::milliseconds limit, std::stop_token stop);
  ~StatementTimeLimit();
  StatementTimeLimit(const StatementTimeLimit&) = delete;
  StatementTimeLimit& operator=(const StatementTimeLimit&) = delete;
  bool was_reached() const { return reached_; }

 private:
  static int on_progress(void* self);
  sqlite3* handle_;
  std::chrono::milliseconds limit_;
  std::stop_token stop_;
  std::chrono::steady_clock::time_point end_;
  bool reached_ = false;
};

}  // namespace toolkit::sqlite

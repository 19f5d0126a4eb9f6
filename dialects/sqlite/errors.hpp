#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "toolkit/error.hpp"

struct sqlite3;

namespace toolkit::sqlite {

/// Reads the handle's last error: kind, message, native code. No round trip, no change.
ErrorDetails last_error(sqlite3* handle);

/// The byte within the last statement that the last error is about, where the library tells (3.38 and newer).
std::optional<std::size_t> last_error_offset(sqlite3* handle);

/// Pure. What to do about a statement that the loaded library is too old for; empty when that is not why.
/// `library` is SQLITE_VERSION_NUMBER's form: 3034001 for 3.34.1.
std::string advice_for_older_library(int library, std::string_view statement, std::string_view message);

/// Pure. Busy or locked: the same can succeed later.
bool is_busy(const ErrorDetails& details);

}  // namespace toolkit::sqlite

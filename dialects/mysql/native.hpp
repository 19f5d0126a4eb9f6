#pragma once

#include <mysql.h>

#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "toolkit/error.hpp"
#include "toolkit/query.hpp"
#include "toolkit/url.hpp"

namespace toolkit::mysql {

/// What the server told in the answer to one statement.
struct Outcome {
  bool in_transaction = false;  ///< a transaction is open now
  bool autocommit = true;
  bool had_rows = false;  ///< a result set came: its end does not carry changed variables
  unsigned warnings = 0;
  std::vector<std::pair<std::string, std::string>> changed_variables;  ///< session tracking
};

/// The last error of the handle, redacted.
ErrorDetails last_error(MYSQL* handle, const DatabaseUrl& url);

/// What SOCI threw while one of our own texts ran. `handle` may be null (before a session exists).
Error translated(const std::exception& thrown, MYSQL* handle, const DatabaseUrl& url);

/// A server may answer any statement with the wish to read a file of this machine (LOCAL INFILE). From now on
/// no file is opened for this handle, whoever asks.
void refuse_local_files(MYSQL* handle);

/// A session that is gone stays gone: a new one in its place would have neither the lock between runners nor
/// the settings nor the transaction, and nobody would notice. Both libraries leave it off by default; an
/// option file or a later version may think otherwise.
void refuse_to_reconnect(MYSQL* handle);

/// Sends one text with its exact length, never several statements in one packet, and reads everything that
/// is answered. Throws Error with what the server said (redacted); the handle is usable unless
/// `connection_lost`.
Outcome send(MYSQL* handle, std::string_view sql, const DatabaseUrl& url);

/// The rows of one query of our own that SOCI has no words for (SHOW …). Throws as `send`.
Rows rows_of(MYSQL* handle, std::string_view sql, const DatabaseUrl& url);

/// One line per warning of the last statement: "Note 1051: Unknown table 'x'". One round trip.
std::vector<std::string> warnings(MYSQL* handle, const DatabaseUrl& url);

/// Kills what the session `id` runs; the session itself stays. Opens a session of its own by
/// `connect_string`. Never throws: false when it could not.
bool kill_query(const std::string& connect_string, unsigned long id) noexcept;

}  // namespace toolkit::mysql

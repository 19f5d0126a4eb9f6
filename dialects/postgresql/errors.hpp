#pragma once

#include <optional>
#include <string_view>

#include "toolkit/error.hpp"
#include "toolkit/url.hpp"

struct pg_conn;
struct pg_result;

namespace toolkit::postgresql {

/// What the server answered: message, SQLSTATE, hint, detail with the context, and what follows from the
/// SQLSTATE (kind, advice, connection_lost, failed_for_sharing). Secrets of `url` are redacted.
ErrorDetails details_of(const pg_result* result, const DatabaseUrl& url);

/// The session is gone. `handle` says why.
ErrorDetails lost_connection(const pg_conn* handle, const DatabaseUrl& url);

/// Pure. Details for a message and an SQLSTATE; as `details_of` without a result.
ErrorDetails details_of(std::string_view message, std::string_view sqlstate, const DatabaseUrl& url);

/// The byte within `sql` that the server pointed at, where it did.
std::optional<std::size_t> offset_in(const pg_result* result, std::string_view sql);

/// Pure. 55P03, 40P01, 40001: the unit was rolled back, and trying again may help. Not 55006 (object in use):
/// it is mostly the unit's own doing and stays until that changes.
bool is_retryable(std::string_view sqlstate);

}  // namespace toolkit::postgresql

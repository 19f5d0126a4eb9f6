#pragma once

#include "toolkit/dialect.hpp"
#include "toolkit/url.hpp"

namespace toolkit::postgresql {

/// Creates the URL's database, by way of the database `postgres`, or `template1` where that is not there.
/// False when it was there already. Throws Error.
bool create_database(const DatabaseUrl& url, const OpenOptions& options);

/// Drops the URL's database by the same way. False when it was not there. Never throws others out: an
/// Error(server) names the sessions that are in the way.
bool drop_database(const DatabaseUrl& url, const OpenOptions& options);

}  // namespace toolkit::postgresql

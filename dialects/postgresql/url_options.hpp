#pragma once

#include <string>

#include "toolkit/dialect.hpp"
#include "toolkit/url.hpp"

namespace toolkit::postgresql {

/// The URI that libpq gets, through SOCI: percent-encoded whole, at least one k=v, host and port as options
/// (sockets, IPv6 and lists of hosts need no further rule), UTF8, our application_name unless the URL has
/// one, a bounded connect_timeout, read-only merged into `options`. All of the URL's options pass to libpq
/// after a check. Looks host names up, so that the timeout bounds all addresses together. Throws
/// Error(configuration): an unknown option or value (with those known), one that this libpq cannot honour
/// (with those it can), one that contradicts the toolkit's own.
std::string connect_uri(const DatabaseUrl& url, const OpenOptions& options);

/// Pure. The URL with another database.
DatabaseUrl with_database(DatabaseUrl url, std::string database);

}  // namespace toolkit::postgresql

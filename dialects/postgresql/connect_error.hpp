#pragma once

#include <string>

#include "toolkit/error.hpp"
#include "toolkit/url.hpp"

namespace toolkit::postgresql {

/// Pure. The error for what libpq says of a connection that did not come about: it gives text only, one
/// paragraph an address that it tried. Kind connection, or configuration where libpq refuses an option.
/// Secrets are redacted; SQLSTATE is set where the server's words tell it.
Error connect_error(const std::string& text, const DatabaseUrl& url);

}  // namespace toolkit::postgresql

#pragma once

#include <string_view>

#include "session.hpp"
#include "toolkit/query.hpp"

namespace toolkit::mysql {

/// Sends one of our own texts that names an object and so cannot pass SOCI's scanner of placeholders (a
/// backquoted name may hold a colon or a quote). Touches the server with a read. Throws Error as
/// Session::query does.
Rows fetch(Session& session, std::string_view sql);

}  // namespace toolkit::mysql

#pragma once

#include <string>

#include "session.hpp"

namespace toolkit::mysql {

/// Who may have held the lock that a statement waited for: the open transactions of other sessions, oldest
/// first, at most three: "connection 17 of app@10.0.0.5, open for 42 s, running: UPDATE …". A transaction
/// that only read a table holds its metadata lock just as well. Empty where there is none, or where this user
/// may not look (PROCESS). Touches the server, one query; never throws.
std::string open_transactions(Session& session) noexcept;

}  // namespace toolkit::mysql

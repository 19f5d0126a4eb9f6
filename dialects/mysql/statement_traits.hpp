#pragma once

#include <string_view>

#include "toolkit/dialect.hpp"

namespace toolkit::mysql {

/// Pure. See StatementTraits. Row changes are those that do not commit by themselves: INSERT, UPDATE, DELETE,
/// REPLACE, also behind WITH, and LOAD DATA.
StatementTraits statement_traits(std::string_view statement);

/// Pure. Whether an error that the server answers may leave a part of this statement done, with the
/// sentence that says so; empty for statements that are all or nothing. `is_mariadb` matters: MySQL 8 drops
/// a list of InnoDB tables as one, MariaDB table by table (measured on 10.11).
std::string_view what_an_error_may_leave(std::string_view statement, bool is_mariadb);

/// Pure. Whether a statement may leave a session variable changed in a way that the server's session
/// tracking need not tell (SET of the tracking itself, procedures, prepared statements).
bool may_change_session(std::string_view statement);

}  // namespace toolkit::mysql

#pragma once

#include <string_view>

#include "toolkit/script.hpp"

namespace toolkit::mysql {

/// Pure. The lexical facts of MySQL 8.0 to 9 (`flavour` "mysql") and MariaDB 10.6 to 11 ("mariadb").
/// `sql_mode` is what the session will have, as far as it is configured: ANSI_QUOTES (also as part of ANSI
/// and of ORACLE) and NO_BACKSLASH_ESCAPES change what a quote means.
ScriptSyntax script_syntax(std::string_view flavour, std::string_view sql_mode);

}  // namespace toolkit::mysql

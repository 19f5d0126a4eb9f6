#pragma once

#include <mysql.h>

#include <string>

/// A database copied on its own server, as neither MySQL nor MariaDB has a statement for it.
namespace toolkit::mysql {

/// Fills `to`, which is there and empty, with everything that `from` holds: by the server's own texts (SHOW
/// CREATE …), in the order and with the settings that mysqldump uses them with, and rows by INSERT … SELECT.
/// `session` is the administrator's, and has other settings afterwards.
///
/// False, and `to` may hold a part, when `from` holds what this way would lose or bend: grants, tables with
/// system versioning, packages, and texts that the server writes with the database's name in them (a default
/// of nextval). Throws Error(server) with the server's message.
bool copy_into(MYSQL* session, const std::string& from, const std::string& to);

}  // namespace toolkit::mysql

#pragma once

#include <string>
#include <string_view>

#include "toolkit/connection.hpp"

namespace toolkit::mysql {

/// Pure. What one server runs of a statement: the same text, in which each executable comment that this
/// server takes for a comment is blanks, and of those that it runs the markers (so offsets stay). Plain
/// comments stand as they are. What is judged by its words must be read so: `CREATE /*M! OR REPLACE */
/// TRIGGER` repeats itself on MariaDB, and on MySQL it does not.
///
/// Rules (MySQL 9.7 manual, "Comments"; MariaDB 11.8 manual, "Comment Syntax"; both servers' sql_lex.cc):
/// `/*! … */` runs on both, `/*!NNNNN` (five or six digits) from that version on, but MariaDB runs none from
/// 50700 to 99999; `/*M! … */` runs on MariaDB alone, with a number from that version on. What does not run
/// may hold one comment within, and its quotes mean nothing.
std::string executed_text(std::string_view statement, bool is_mariadb, int version_number);
std::string executed_text(std::string_view statement, const ServerInfo& server);

}  // namespace toolkit::mysql

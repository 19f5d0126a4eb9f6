#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "toolkit/url.hpp"

namespace toolkit::mysql {

/// Pure. The values of the named groups of a my.cnf text, later ones winning, as the client programs read
/// them: `[group]`, `key=value`, `key = "value"`, `#` and `;` comment lines, `#` after a value, the escapes
/// \b \t \n \r \\ \s, and `-` and `_` alike in keys. `!include` lines are not followed.
std::map<std::string, std::string> parse_option_file(std::string_view text,
                                                     const std::vector<std::string>& groups);

/// Fills user, password, host, port, socket and the ssl-… options that the URL leaves open: from the file
/// named by `?defaults-file=` (an error when it cannot be read), else, when the URL has no password, from
/// `~/.my.cnf` where it exists. Groups: `client`, and the one named by `?defaults-group=`. Both options are
/// removed from the URL. Reads a file, touches no server. No value is ever part of an error.
DatabaseUrl with_option_file(DatabaseUrl url);

}  // namespace toolkit::mysql

#pragma once

#include <string_view>

#include "toolkit/connection.hpp"

namespace toolkit::mysql {

/// Pure. From the text of the handshake or of @@version: product, version, flavour, warning. What says
/// "MariaDB" is MariaDB, everything else is taken for MySQL.
ServerInfo server_info(std::string_view version_text);

}  // namespace toolkit::mysql

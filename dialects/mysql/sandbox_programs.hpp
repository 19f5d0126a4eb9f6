#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "toolkit/sandbox_server.hpp"

namespace toolkit::mysql {

/// A server program that was found and asked for its version.
struct ServerProgram {
  std::filesystem::path path;
  std::filesystem::path base;  ///< the installation's folder: programs are in bin or sbin below it
  std::string version;         ///< "10.11.6-MariaDB", "9.1.0"
  std::string product;         ///< "MariaDB" or "MySQL"
  std::string full_version;    ///< the whole line of --version
};

/// The first program of the flavour. `mysqld` is a link to mariadbd on many systems, so the names decide
/// nothing: the version does. Throws Error(server) with the list of what was looked for where.
ServerProgram find_server(std::string_view flavour, const SandboxOptions& options,
                          const SandboxFolder& folder);

/// mariadb-install-db or mysql_install_db of that server. Throws Error(server) when it is not there.
std::filesystem::path find_install_script(const ServerProgram& server);

}  // namespace toolkit::mysql

#pragma once

#include <memory>
#include <string_view>

#include "toolkit/sandbox.hpp"

namespace toolkit::mysql {

/// Starts a server of one flavour: "mysql" (mysqld of MySQL 8 or newer) or "mariadb" (mariadbd, or a mysqld
/// that says it is one). The administrator is `admin`, databases belong to `toolkit`, which has all rights on
/// them and no global ones. The binary log is off unless the server arguments switch it on. Throws
/// Error(usage) for another flavour, Error(server) when no binaries are found, saying what was looked for and
/// where, or when the server does not start; Error(timeout) after the start timeout.
std::unique_ptr<Sandbox> start_sandbox(std::string_view flavour, const SandboxOptions& options);

/// Whether binaries of the flavour are found; runs `--version` of what bears the name. Never throws.
bool has_server(std::string_view flavour, const SandboxOptions& options) noexcept;

}  // namespace toolkit::mysql

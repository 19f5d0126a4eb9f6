#pragma once

#include <memory>

#include "toolkit/sandbox.hpp"

namespace toolkit::postgresql {

/// Starts a PostgreSQL server (10 or newer). The administrator is the superuser `postgres`, and databases
/// belong to the role `toolkit`, which is none. Throws Error(server) when no binaries are found, saying what
/// was looked for and where, or when the server does not start; Error(timeout) after the start timeout.
std::unique_ptr<Sandbox> start_sandbox(const SandboxOptions& options);

/// Whether binaries are found. Never throws.
bool has_server(const SandboxOptions& options) noexcept;

}  // namespace toolkit::postgresql

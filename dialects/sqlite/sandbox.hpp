#pragma once

#include <memory>

#include "toolkit/sandbox.hpp"

namespace toolkit::sqlite {

/// A folder for SQLite databases: there is no server, and options about one are not looked at. A database is
/// a file that exists once something is written to it.
std::unique_ptr<Sandbox> start_sandbox(const SandboxOptions& options);

}  // namespace toolkit::sqlite

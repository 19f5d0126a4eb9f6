#pragma once

#include <stop_token>

#include "toolkit/registry.hpp"

namespace toolkit::cli {

/// Parses the command line, runs the chosen command and prints its errors. Returns the process's exit code.
/// The only place that catches toolkit::Error to print it.
int run_command_line(int argc, char** argv, const Registry& dialects, const std::stop_token& stop);

}  // namespace toolkit::cli

#pragma once

#include <memory>
#include <string>

#include "command_context.hpp"

namespace toolkit::cli {

/// The options that up, down, redo and goto share.
struct RunOptions {
  std::string count;
  std::string target;
  std::string transaction = "auto";
  std::string yes;
  bool all = false;
  bool dry_run = false;
  bool allow_late = false;
  bool allow_ahead = false;
  bool single_writer = false;
  bool from_history = false;
};

void add_run_options(CLI::App& command, RunOptions& options);

/// A count as people type it: 1 and more. Throws Error(usage).
std::int64_t count_argument(const std::string& text);

/// Runs the request, or prints its plan with --dry-run.
ExitCode run_request(const CommandContext& context, const RunOptions& options, const Request& request);

/// Prints the plan of a request; never writes.
ExitCode print_plan(const CommandContext& context, const RunOptions& options, const Request& request,
                    bool with_sql);

}  // namespace toolkit::cli

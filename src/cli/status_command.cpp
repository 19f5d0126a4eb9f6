#include <unistd.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "command_context.hpp"
#include "output.hpp"

namespace toolkit::cli {

namespace {

bool has_kind(const StatusReport& report, ErrorKind kind) {
  for (const Problem& problem : report.problems) {
    if (problem.kind == kind) {
      return true;
    }
  }
  return false;
}

/// Unsettled wins over findings; without --check a look is never a failure.
ExitCode check(const StatusReport& report) {
  if (has_kind(report, ErrorKind::unsettled)) {
    return ExitCode::unsettled;
  }
  bool pending = !report.problems.empty();
  for (const StatusLine& line : report.migrations) {
    pending = pending || line.state != "applied";
  }
  return pending ? ExitCode::findings : ExitCode::done;
}

}  // namespace

void add_status_command(CLI::App& app, CommandContext& context) {
  auto must_be_current = std::make_shared<bool>(false);
  CLI::App* command = add_command(
      app, context, "status", "Show every version and its state; never writes",
      "  toolkit status              a table for people\n"
      "  toolkit status --check      exit 3 when something is pending or wrong\n"
      "  toolkit status --format json\n",
      [must_be_current, &context] {
        MigratorOptions options = context.migrator_options();
        options.read_only = true;
        Migrator migrator = context.open_migrator(std::move(options));
        const StatusReport report = migrator.status();
        if (!context.quiet && !context.is_json()) {
          std::cout << "server: " << report.server.product << " " << report.server.version << "\n";
        }
        std::cout << (context.is_json()
                          ? json_text(status_document(report))
                          : status_text(report, context.verbose, Palette::for_descriptor(STDOUT_FILENO)));
        return *must_be_current ? check(report) : ExitCode::done;
      });
  command->add_flag("--check", *must_be_current,
                    "Exit 3 when a version is pending, late, missing or changed, 5 when unsettled");
}

}  // namespace toolkit::cli

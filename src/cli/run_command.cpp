#include "run_command.hpp"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "output.hpp"
#include "progress.hpp"
#include "toolkit/error.hpp"

namespace toolkit::cli {

namespace {

TransactionMode transaction_mode(const std::string& word) {
  if (word == "all") {
    return TransactionMode::all;
  }
  return word == "each" ? TransactionMode::each : TransactionMode::automatic;
}

MigratorOptions options_of(const CommandContext& context, const RunOptions& options) {
  MigratorOptions migrator = context.migrator_options();
  migrator.transaction = transaction_mode(options.transaction);
  migrator.allow_late = options.allow_late;
  migrator.allow_ahead = options.allow_ahead;
  migrator.single_writer = migrator.single_writer || options.single_writer;
  // A person at a terminal sees in the output where the way back comes from; a script must say that it knows.
  migrator.from_history = options.from_history || ::isatty(STDIN_FILENO) != 0;
  migrator.without_files = options.from_history;  // said on purpose: no wrong folder is taken for none
  migrator.application_name = "toolkit";
  return migrator;
}

}  // namespace

void add_run_options(CLI::App& command, RunOptions& options) {
  command.add_flag("--dry-run", options.dry_run,
                   "Print the plan with its SQL and transaction borders; touch nothing");
  command.add_flag("--single-writer", options.single_writer,
                   "MySQL clusters: every runner connects to this one server, so its locks hold");
  command
      .add_option(
          "--transaction", options.transaction,
          "auto: groups on an empty database, else one each; each: one per version; all: one for everything")
      ->check(CLI::IsMember({"auto", "each", "all"}));
}

std::int64_t count_argument(const std::string& text) {
  const bool digits = !text.empty() && text.size() <= 9 &&
                      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  const std::int64_t count = digits ? std::stoll(text) : 0;
  if (count < 1) {
    throw Error(ErrorKind::usage, "'" + text + "' is no number of versions",
                "give 1 or more; to name a version use --to V");
  }
  return count;
}

ExitCode print_plan(const CommandContext& context, const RunOptions& options, const Request& request,
                    bool with_sql) {
  MigratorOptions migrator_options = options_of(context, options);
  migrator_options.read_only = true;
  Migrator migrator = context.open_migrator(std::move(migrator_options));
  const Plan plan = migrator.plan(request);
  std::cout << (context.is_json() ? json_text(plan_document(plan, migrator.server()))
                                  : describe_plan(plan, with_sql));
  return ExitCode::done;
}

ExitCode run_request(const CommandContext& context, const RunOptions& options, const Request& request) {
  if (options.dry_run) {
    return print_plan(context, options, request, true);
  }
  Migrator migrator = context.open_migrator(options_of(context, options));
  const ServerInfo& server = migrator.server();
  if (!server.warning.empty() && !context.quiet) {
    std::cerr << "warning: " << server.warning << "\n";
  }
  RunReport report;
  {
    Progress progress(std::cout, std::cerr, context.quiet || context.is_json(), ::isatty(STDOUT_FILENO) != 0);
    report = migrator.run(request, progress);
  }
  if (context.is_json()) {
    std::cout << json_text(run_document(report));
  } else if (report.failed) {
    std::cerr << run_text(report, context.verbose);
  } else if (!context.quiet) {
    std::cout << run_text(report, context.verbose);
  }
  return report.exit_code();
}

}  // namespace toolkit::cli

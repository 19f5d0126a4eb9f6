#include "command_line.hpp"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "command_context.hpp"
#include "file_commits.hpp"
#include "output.hpp"
#include "toolkit/directive.hpp"
#include "toolkit/error.hpp"
#include "toolkit/version.hpp"

namespace toolkit::cli {

namespace {

constexpr const char* footer =
    "Examples:\n"
    "  toolkit up --database sqlite:app.db          apply what is pending in ./migrations\n"
    "  toolkit status                               with TOOLKIT_DATABASE_URL set\n"
    "  toolkit down --to 5 --dry-run                show what would be taken down\n"
    "  toolkit generate create_users id:id name:string\n"
    "\n"
    "Settings: option > environment (TOOLKIT_DATABASE_URL, then DATABASE_URL) > toolkit.toml > default.\n"
    "Exit codes: 0 done, 1 a migration failed or the server refused, 2 usage, files or configuration,\n"
    "3 findings, 4 lock not obtained, 5 a decision is needed, 130 and 143 interrupted.\n"
    "'toolkit COMMAND --help' teaches each command.\n";

void add_global_options(CLI::App& app, CommandContext& context) {
  app.add_option("-d,--database", context.flags.database, "The database's URL, e.g. sqlite:app.db");
  app.add_option("--password-file", context.flags.password_file, "A file whose first line is the password");
  app.add_option("-m,--migrations", context.flags.migrations, "The folder of pairs (migrations)");
  app.add_option("-c,--config", context.flags.config, "The settings file (toolkit.toml)");
  app.add_option("-e,--env", context.flags.env, "The [env.NAME] of toolkit.toml to use");
  app.add_option("--history-schema", context.flags.history_schema,
                 "The schema of the history table (the dialect's default)");
  app.add_option("--lock-wait", context.flags.lock_wait, "How long to wait for another runner, at most (5m)");
  app.add_option("--connect-timeout", context.flags.connect_timeout,
                 "How long to wait for a connection, at most (10s)");
  app.add_option(
      "--retries", context.flags.retries,
      "How often to run a version again that timed out waiting for locks, or was a deadlock's victim (5)");
  app.add_option_function<std::string>(
         "-f,--format",
         [&context](const std::string& word) {
           context.format = word == "json" ? Format::json : Format::text;
         },
         "text or json")
      ->option_text("text|json")
      ->check(CLI::IsMember({"text", "json"}));
  CLI::Option* quiet = app.add_flag("-q,--quiet", context.quiet, "Only errors and what was asked for");
  app.add_flag("-v,--verbose", context.verbose, "More: statements, server details, checksums")
      ->excludes(quiet);
}

void add_commands(CLI::App& app, CommandContext& context) {
  add_up_command(app, context);
  add_down_command(app, context);
  add_redo_command(app, context);
  add_goto_command(app, context);
  add_status_command(app, context);
  add_plan_command(app, context);
  add_list_command(app, context);
  add_verify_command(app, context);
  add_schema_command(app, context);
  add_drift_command(app, context);
  add_parity_command(app, context);
  add_generate_command(app, context);
  add_baseline_command(app, context);
  add_settle_command(app, context);
  add_lock_command(app, context);
  add_renumber_command(app, context);
  add_create_command(app, context);
  add_drop_command(app, context);
  add_wait_command(app, context);
  add_doctor_command(app, context);
}

/// Who edited a file that must not have been edited.
std::string commits_of(const ErrorDetails& details) {
  if (details.kind != ErrorKind::changed || details.position.path.empty()) {
    return {};
  }
  const std::string commits = last_commits(details.position.path);
  return commits.empty() ? std::string() : "last commits of this file:\n" + commits;
}

int print_error(const CommandContext& context, const Error& failure) {
  if (context.is_json()) {
    std::cout << json_text(error_document(failure.details()));
  }
  std::cerr << describe(failure.details(), context.verbose) << commits_of(failure.details());
  return static_cast<int>(exit_code_of(failure.kind()));
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return names;
}

/// What CLI11 says of wrong usage, as an error of ours.
Error usage_error(const CLI::App& app, const CLI::ParseError& failure) {
  if (!app.get_subcommands().empty()) {
    const std::string needs = app.get_subcommands().front()->get_name() + " needs one of its commands";
    const bool no_command = dynamic_cast<const CLI::RequiredError*>(&failure) != nullptr &&
                            std::string_view(failure.what()) == "A subcommand is required";
    return {ErrorKind::usage, no_command ? needs : failure.what(),
            "'toolkit " + app.get_subcommands().front()->get_name() + " --help' shows what it takes"};
  }
  const std::vector<std::string> rest = app.remaining();
  const auto word = std::find_if(
      rest.begin(), rest.end(), [](const std::string& each) { return !each.empty() && each.front() != '-'; });
  if (word == rest.end()) {
    const bool no_command = dynamic_cast<const CLI::RequiredError*>(&failure) != nullptr && rest.empty();
    return {ErrorKind::usage, no_command ? "no command is given" : failure.what(),
            "'toolkit --help' lists commands and options"};
  }
  const std::string nearest = nearest_word(*word, command_names(app));
  return {ErrorKind::usage, "there is no command '" + *word + "'",
          nearest.empty() ? "'toolkit --help' lists them" : "did you mean '" + nearest + "'?"};
}

/// Help and version are CLI11's to print.
int print_parse_error(const CLI::App& app, const CommandContext& context, const CLI::ParseError& failure) {
  return failure.get_exit_code() == 0 ? app.exit(failure) : print_error(context, usage_error(app, failure));
}

}  // namespace

int run_command_line(int argc, char** argv, const Registry& dialects, const std::stop_token& stop) {
  CommandContext context;
  context.dialects = &dialects;
  context.stop = stop;
  CLI::App app("One folder of numbered up/down migration pairs, run on PostgreSQL, MySQL, MariaDB and SQLite",
               "toolkit");
  app.set_version_flag("--version", std::string("toolkit ") + tool_version);
  app.footer(footer);
  app.require_subcommand(1);
  add_global_options(app, context);
  add_commands(app, context);
  try {
    app.parse(argc, argv);
    return static_cast<int>(context.action());
  } catch (const CLI::ParseError& failure) {
    return print_parse_error(app, context, failure);
  } catch (const Error& failure) {
    return print_error(context, failure);
  } catch (const std::exception& failure) {
    return print_error(context, Error(ErrorKind::internal, failure.what(),
                                      "this is a defect of the toolkit: please report it"));
  }
}

}  // namespace toolkit::cli

#include "command_context.hpp"

#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <utility>

#include "toolkit/error.hpp"

namespace toolkit::cli {

namespace {

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

}  // namespace

Settings CommandContext::settings() const { return resolve_settings(flags, environment_variable); }

MigratorOptions CommandContext::migrator_options() const {
  MigratorOptions options = settings().migrator;
  options.stop = stop;
  return options;
}

Migrator CommandContext::open_migrator(MigratorOptions options) const {
  const Settings resolved = settings();
  const DatabaseUrl& url = resolved.require_database();
  announce(resolved);
  options.stop = stop;
  return {*dialects, url, std::move(options)};
}

void CommandContext::announce(const Settings& settings) const {
  if (!quiet && !is_json()) {
    std::cout << "database: " << settings.require_database().display() << " (from "
              << settings.database_origin << ")\n"
              << std::flush;
  }
}

Version version_argument(const std::string& text, bool zero_allowed) {
  const auto version = parse_version(text);
  const bool zero = !text.empty() && text.find_first_not_of('0') == std::string::npos;
  if (!version && !(zero && zero_allowed)) {
    throw Error(
        ErrorKind::usage, "'" + text + "' is no version",
        std::string("a version is 1 to 18 digits") + (zero_allowed ? "; 0 means empty" : " and above 0"));
  }
  return version.value_or(0);
}

void require_confirmation(const std::string& what, const DatabaseUrl& url, const std::string& answer) {
  std::string given = answer;
  if (given.empty() && ::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0) {
    std::cout << what << "\n  " << url.display()
              << "\nType the name of the database to go on: " << std::flush;
    std::getline(std::cin, given);
  }
  if (given != url.database) {
    throw Error(ErrorKind::usage, what + " " + url.display() + ": not confirmed, nothing was done",
                "confirm with --yes " + url.database + " (the database's name)");
  }
}

CLI::App* add_command(CLI::App& app, CommandContext& context, const std::string& name,
                      const std::string& description, const std::string& examples,
                      std::function<ExitCode()> action) {
  CLI::App* command = app.add_subcommand(name, description);
  command->fallthrough();
  command->footer("Examples:\n" + examples +
                  "\nOptions of every command (--database, --migrations, --format, …): toolkit --help\n");
  // A command of commands is called back after the one that was chosen, and leaves it be.
  command->callback(
      [&context, action = std::move(action)] { context.action = action ? action : context.action; });
  return command;
}

}  // namespace toolkit::cli

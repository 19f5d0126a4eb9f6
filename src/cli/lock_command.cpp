#include <iostream>
#include <nlohmann/json.hpp>

#include "command_context.hpp"
#include "output.hpp"

namespace toolkit::cli {

namespace {

nlohmann::ordered_json document_of(const LockState& lock, const ServerInfo& server) {
  nlohmann::ordered_json holder;
  if (lock.holder) {
    holder = {{"session", lock.holder->session}, {"user", lock.holder->user},
              {"host", lock.holder->host},       {"application", lock.holder->application},
              {"since", lock.holder->since},     {"running", lock.holder->running}};
  }
  return {{"format", 1},
          {"dialect", server.flavour},
          {"server", server.product + " " + server.version},
          {"database", server.database},
          {"held", lock.holder.has_value()},
          {"holder", holder},
          {"doubt", lock.doubt},
          {"way_out", lock.way_out}};
}

ExitCode lock_status(const CommandContext& context) {
  MigratorOptions options = context.migrator_options();
  options.read_only = true;
  Migrator migrator = context.open_migrator(std::move(options));
  const LockState lock = migrator.lock_state();
  if (context.is_json()) {
    std::cout << json_text(document_of(lock, migrator.server()));
    return ExitCode::done;
  }
  std::cout << (lock.holder ? "held by " + describe(*lock.holder) : std::string("free")) << "\n";
  if (!lock.doubt.empty()) {
    std::cout << "doubt: " << lock.doubt << "\n  " << lock.way_out << "\n";
  }
  return ExitCode::done;
}

}  // namespace

void add_lock_command(CLI::App& app, CommandContext& context) {
  CLI::App* command =
      add_command(app, context, "lock", "Look at the lock between runners",
                  "  toolkit lock status     who holds it, from where, since when, doing what\n"
                  "\n"
                  "The lock is the session's: it ends with it, so there is nothing to force. To\n"
                  "end a runner, stop its process, or its session on the server.\n",
                  {});
  command->require_subcommand(1);
  add_command(*command, context, "status", "Show who holds the lock between runners; never writes",
              "  toolkit lock status\n"
              "  toolkit lock status --format json\n",
              [&context] { return lock_status(context); });
}

}  // namespace toolkit::cli

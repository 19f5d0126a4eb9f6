#pragma once

#include <CLI/CLI.hpp>

#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "toolkit/migrate.hpp"
#include "toolkit/settings.hpp"

namespace toolkit::cli {

enum class Format { text, json };

/// What all commands share: the global options as parsed, and the action that the chosen command set.
struct CommandContext {
  const Registry* dialects = nullptr;
  SettingFlags flags;
  Format format = Format::text;
  bool quiet = false;
  bool verbose = false;
  std::stop_token stop;
  std::function<ExitCode()> action;  ///< set by the subcommand that was parsed

  bool is_json() const { return format == Format::json; }

  /// Flags, environment and toolkit.toml together. Touches files, no server.
  Settings settings() const;

  /// A Migrator on the configured database; prints the first line (which database, where its URL is from).
  /// Throws Error(usage) without a URL.
  Migrator open_migrator(MigratorOptions options) const;
  MigratorOptions migrator_options() const;

  /// The first line of every command that uses a database. Nothing with --quiet or --format json.
  void announce(const Settings& settings) const;
};

/// A version as people type it: digits, 0 allowed where it means "empty". Throws Error(usage).
Version version_argument(const std::string& text, bool zero_allowed);

/// Shows server and database and asks for the database's name; without a terminal `answer` must be it.
/// Throws Error(usage) unless confirmed.
void require_confirmation(const std::string& what, const DatabaseUrl& url, const std::string& answer);

/// Adds a subcommand with its description and, below its options, examples. `action` runs when it was chosen;
/// an empty one is for a command that only holds others.
CLI::App* add_command(CLI::App& app, CommandContext& context, const std::string& name,
                      const std::string& description, const std::string& examples,
                      std::function<ExitCode()> action);

// One function per command, each in its own file.
void add_up_command(CLI::App& app, CommandContext& context);
void add_down_command(CLI::App& app, CommandContext& context);
void add_redo_command(CLI::App& app, CommandContext& context);
void add_goto_command(CLI::App& app, CommandContext& context);
void add_status_command(CLI::App& app, CommandContext& context);
void add_plan_command(CLI::App& app, CommandContext& context);
void add_list_command(CLI::App& app, CommandContext& context);
void add_baseline_command(CLI::App& app, CommandContext& context);
void add_settle_command(CLI::App& app, CommandContext& context);
void add_lock_command(CLI::App& app, CommandContext& context);
void add_renumber_command(CLI::App& app, CommandContext& context);
void add_verify_command(CLI::App& app, CommandContext& context);
void add_schema_command(CLI::App& app, CommandContext& context);
void add_drift_command(CLI::App& app, CommandContext& context);
void add_parity_command(CLI::App& app, CommandContext& context);
void add_generate_command(CLI::App& app, CommandContext& context);
void add_create_command(CLI::App& app, CommandContext& context);
void add_drop_command(CLI::App& app, CommandContext& context);
void add_wait_command(CLI::App& app, CommandContext& context);
void add_doctor_command(CLI::App& app, CommandContext& context);

}  // namespace toolkit::cli

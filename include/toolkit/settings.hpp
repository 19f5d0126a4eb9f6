#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "toolkit/migrate.hpp"
#include "toolkit/parity.hpp"
#include "toolkit/url.hpp"

namespace toolkit {

/// What the command line says; empty means "not said".
struct SettingFlags {
  std::string database;
  std::string password_file;
  std::string migrations;
  std::string config;
  std::string env;
  std::string history_schema;
  std::string lock_wait;        ///< a duration, see `parse_duration`
  std::string connect_timeout;  ///< likewise
  std::string retries;          ///< 0 to 1000, see MigratorOptions::retries; toolkit.toml: [run] retries
};

/// [verify] of toolkit.toml. Paths are relative to its folder.
struct VerifySettings {
  std::vector<std::string> engines;  ///< as `--on`
  std::string prepare;               ///< a file that runs first, as administrator
  std::string rows;                  ///< a file with rows for tables that take no sample rows
};

/// [schema] of toolkit.toml.
struct SchemaSettings {
  std::vector<std::string> rows;  ///< tables whose rows `schema dump` writes too
};

/// [parity] of toolkit.toml.
struct ParitySettings {
  std::vector<ParityAllowance> allow;  ///< [[parity.allow]]: item, dialects, reason
};

/// Everything a command works with, and where the database's URL came from.
struct Settings {
  std::optional<DatabaseUrl> database;
  std::string database_origin;  ///< "--database", "TOOLKIT_DATABASE_URL", "toolkit.toml [env.test]"
  std::string config_path;      ///< the toolkit.toml that was read, empty for none
  MigratorOptions migrator;
  VerifySettings verify;
  SchemaSettings schema;
  ParitySettings parity;

  /// Throws Error(usage) without a URL, listing the ways to give one.
  const DatabaseUrl& require_database() const;
};

/// An environment variable, or nothing. A function so that tests need no process environment.
using EnvironmentLookup = std::function<std::optional<std::string>(const std::string& name)>;

/// Flag > environment (TOOLKIT_DATABASE_URL, DATABASE_URL, TOOLKIT_DATABASE_PASSWORD,
/// TOOLKIT_DATABASE_PASSWORD_FILE) > toolkit.toml ([env.NAME] before the top) > default. Reads toolkit.toml
/// (`--config`, else the working folder's, else the one in the folder of the migrations, if there) and a
/// password file; touches no server. Paths in toolkit.toml are relative to its folder. Throws
/// Error(configuration) with file:line:column for TOML that does not parse, an unknown key (naming the
/// nearest one), a value of the wrong type, an unknown [env.NAME].
Settings resolve_settings(const SettingFlags& flags, const EnvironmentLookup& environment);

}  // namespace toolkit

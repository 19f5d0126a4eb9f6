#include "toolkit/settings.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>

#include "config_table.hpp"
#include "parity_settings.hpp"
#include "toolkit/dialect_names.hpp"
#include "toolkit/directive.hpp"
#include "toolkit/error.hpp"

namespace toolkit {

namespace {

namespace fs = std::filesystem;

struct ConfiguredDatabase {
  std::optional<std::string> url;
  std::map<std::string, std::string> file_options;  ///< for URLs of files, unless the URL says otherwise
  std::optional<std::string> password_file;
  std::string origin;
};

std::string beside(const std::string& config_path, const std::string& path) {
  return (fs::path(config_path).parent_path() / path).lexically_normal().string();
}

void read_migrations(ConfigTable table, const std::string& config_path, FolderOptions& folder) {
  if (const auto path = table.text("folder")) {
    folder.path = beside(config_path, *path);
  }
  for (const std::string& word : table.texts("dialects")) {
    const auto name = dialect_name_of(word);
    if (!name) {
      throw Error(ErrorKind::configuration,
                  "unknown dialect '" + word + "' in [migrations] dialects of " + config_path);
    }
    folder.dialects.push_back(*name);
  }
  for (const DialectName& known : known_dialect_names()) {
    if (const auto path = table.text(known.name)) {
      folder.folders[known.name] = beside(config_path, *path);
    }
  }
  if (const auto limit = table.number("file_size_limit")) {
    folder.file_size_limit = static_cast<std::uintmax_t>(*limit);
  }
  table.refuse_unknown();
}

void read_history_place(ConfigTable table, HistoryPlace& place) {
  place.schema = table.text("schema").value_or(place.schema);
  place.table = table.text("table").value_or(place.table);
  place.log_table = table.text("log_table").value_or(place.log_table);
  table.refuse_unknown();
}

void read_timeouts(ConfigTable table, Timeouts& timeouts) {
  timeouts.connect = table.duration("connect").value_or(timeouts.connect);
  timeouts.object_lock = table.duration("object_lock").value_or(timeouts.object_lock);
  timeouts.statement = table.duration("statement").value_or(timeouts.statement);
  timeouts.runner_lock = table.duration("runner_lock").value_or(timeouts.runner_lock);
  table.refuse_unknown();
}

/// More would be a wait that nobody ends.
constexpr std::int64_t most_retries = 1000;

void read_run(ConfigTable table, const std::string& config_path, MigratorOptions& options) {
  const auto retries = table.number("retries", 0);
  if (retries && *retries > most_retries) {
    throw Error(ErrorKind::configuration, "[run] retries of " + config_path + " is more than 1000");
  }
  options.retries = static_cast<int>(retries.value_or(options.retries));
  table.refuse_unknown();
}

void read_database(ConfigTable& table, const std::string& config_path, const std::string& origin,
                   ConfiguredDatabase& into) {
  if (const auto url = table.text("database")) {
    into.url = *url;
    into.origin = origin;
  }
  if (const auto file = table.text("password_file")) {
    into.password_file = beside(config_path, *file);
  }
}

void read_environments(ConfigTable root, const std::string& config_path, const std::string& wanted,
                       ConfiguredDatabase& database) {
  bool found = false;
  for (const std::string& name : root.keys()) {
    auto table = root.table(name);
    ConfiguredDatabase mine;
    read_database(*table, config_path, config_path + " [env." + name + "]", mine);
    table->refuse_unknown();
    if (name == wanted) {
      found = true;
      database.url = mine.url ? mine.url : database.url;
      database.origin = mine.url ? mine.origin : database.origin;
      database.password_file = mine.password_file ? mine.password_file : database.password_file;
    }
  }
  if (!wanted.empty() && !found) {
    throw Error(ErrorKind::configuration, "there is no [env." + wanted + "] in " + config_path);
  }
}

void read_verify(ConfigTable table, const std::string& config_path, VerifySettings& verify) {
  verify.engines = table.texts("engines");
  if (const auto file = table.text("prepare")) {
    verify.prepare = beside(config_path, *file);
  }
  if (const auto file = table.text("rows")) {
    verify.rows = beside(config_path, *file);
  }
  table.refuse_unknown();
}

void read_mysql(ConfigTable table, MigratorOptions& options) {
  options.sql_mode = table.text("sql_mode").value_or("");
  options.single_writer = table.boolean("single_writer").value_or(false);
  table.refuse_unknown();
}

void read_sqlite(ConfigTable table, ConfiguredDatabase& database) {
  for (const char* name : {"allow_vacuum_into", "allow_load_extension"}) {
    if (const auto allowed = table.boolean(name)) {
      database.file_options[name] = *allowed ? "on" : "off";
    }
  }
  table.refuse_unknown();
}

toml::table parse_config(const std::string& path) {
  const std::string text = read_file(path, 1U << 20U);
  try {
    return toml::parse(text, path);
  } catch (const toml::parse_error& failure) {
    throw bad_config(path, failure.source(), std::string(failure.description()));
  }
}

ConfiguredDatabase read_config(const std::string& path, const std::string& env, Settings& settings) {
  MigratorOptions& options = settings.migrator;
  toml::table parsed = parse_config(path);
  ConfiguredDatabase database;
  ConfigTable root(parsed, path, {});
  read_database(root, path, path, database);
  if (auto table = root.table("migrations")) {
    read_migrations(*table, path, options.folder);
  }
  if (auto table = root.table("history")) {
    read_history_place(*table, options.place);
  }
  if (auto table = root.table("timeouts")) {
    read_timeouts(*table, options.timeouts);
  }
  if (auto table = root.table("run")) {
    read_run(*table, path, options);
  }
  if (auto table = root.table("verify")) {
    read_verify(*table, path, settings.verify);
  }
  if (auto table = root.table("schema")) {
    settings.schema.rows = table->texts("rows");
    table->refuse_unknown();
  }
  if (auto table = root.table("parity")) {
    settings.parity.allow = read_allowances(*table);
  }
  if (auto table = root.table("mysql")) {
    read_mysql(*table, options);
  }
  if (auto table = root.table("sqlite")) {
    read_sqlite(*table, database);
  }
  auto environments = root.table("env");
  if (environments) {
    read_environments(*environments, path, env, database);
  } else if (!env.empty()) {
    throw Error(ErrorKind::configuration, "there is no [env." + env + "] in " + path);
  }
  root.refuse_unknown();
  return database;
}

std::string config_path_of(const SettingFlags& flags) {
  std::error_code failure;
  if (!flags.config.empty()) {
    return flags.config;
  }
  if (fs::exists("toolkit.toml", failure)) {
    return "toolkit.toml";
  }
  // What is meant of a set (allowances, how it is proven) may travel with it.
  const fs::path folder = flags.migrations.empty() ? fs::path("migrations") : fs::path(flags.migrations);
  return fs::exists(folder / "toolkit.toml", failure) ? (folder / "toolkit.toml").string() : "";
}

std::string first_line(std::string text) {
  text.erase(std::min(text.find_first_of("\r\n"), text.size()));
  return text;
}

std::chrono::milliseconds duration_flag(const std::string& flag, const std::string& text,
                                        std::chrono::milliseconds otherwise) {
  const auto parsed = parse_duration(text);
  if (!text.empty() && !parsed) {
    throw Error(ErrorKind::usage, flag + ": '" + text + "' is no duration", "write 500ms, 30s or 2m");
  }
  return parsed.value_or(otherwise);
}

int retries_flag(const std::string& text, int otherwise) {
  if (text.empty()) {
    return otherwise;
  }
  const bool digits = text.size() <= 4 && text.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || std::stoi(text) > most_retries) {
    throw Error(ErrorKind::usage, "--retries: '" + text + "' is no number from 0 to 1000");
  }
  return std::stoi(text);
}

void add_password(DatabaseUrl& url, const std::optional<std::string>& file,
                  const EnvironmentLookup& environment) {
  if (url.has_password) {
    return;
  }
  if (file) {
    url.password = first_line(read_file(*file, 64U << 10U));
    url.has_password = true;
  } else if (const auto password = environment("TOOLKIT_DATABASE_PASSWORD")) {
    url.password = *password;
    url.has_password = true;
  }
}

void choose_database(const SettingFlags& flags, const EnvironmentLookup& environment,
                     ConfiguredDatabase& database) {
  // --env is said on the command line, so it stands above the environment.
  const bool by_env_flag = !flags.env.empty() && database.url.has_value();
  for (const char* name : {"DATABASE_URL", "TOOLKIT_DATABASE_URL"}) {
    const auto value = environment(name);
    if (value && !value->empty() && !by_env_flag) {
      database.url = value;
      database.origin = name;
    }
  }
  if (!flags.database.empty()) {
    database.url = flags.database;
    database.origin = "--database";
  }
  if (const auto file = environment("TOOLKIT_DATABASE_PASSWORD_FILE")) {
    database.password_file = file;
  }
  if (!flags.password_file.empty()) {
    database.password_file = flags.password_file;
  }
}

void apply_flags(const SettingFlags& flags, MigratorOptions& options) {
  if (!flags.migrations.empty()) {
    options.folder.path = flags.migrations;
    options.folder.folders.clear();
  }
  if (!flags.history_schema.empty()) {
    options.place.schema = flags.history_schema;
  }
  Timeouts& timeouts = options.timeouts;
  timeouts.runner_lock = duration_flag("--lock-wait", flags.lock_wait, timeouts.runner_lock);
  timeouts.connect = duration_flag("--connect-timeout", flags.connect_timeout, timeouts.connect);
  options.retries = retries_flag(flags.retries, options.retries);
}

}  // namespace

const DatabaseUrl& Settings::require_database() const {
  if (!database) {
    throw Error(
        ErrorKind::usage, "this command needs a database",
        "give --database URL, set TOOLKIT_DATABASE_URL, or write database = \"URL\" into toolkit.toml; "
        "a URL looks like sqlite:app.db or postgresql://user@host/database");
  }
  return *database;
}

Settings resolve_settings(const SettingFlags& flags, const EnvironmentLookup& environment) {
  Settings settings;
  ConfiguredDatabase database;
  settings.config_path = config_path_of(flags);
  if (!settings.config_path.empty()) {
    database = read_config(settings.config_path, flags.env, settings);
  } else if (!flags.env.empty()) {
    throw Error(ErrorKind::configuration,
                "--env " + flags.env + " needs a toolkit.toml with [env." + flags.env + "]");
  }
  choose_database(flags, environment, database);
  if (database.url) {
    settings.database = parse_url(*database.url);
    settings.database_origin = database.origin;
    if (settings.database->scheme.starts_with("sqlite")) {
      settings.database->options.merge(database.file_options);
    }
    add_password(*settings.database, database.password_file, environment);
  }
  apply_flags(flags, settings.migrator);
  return settings;
}

}  // namespace toolkit

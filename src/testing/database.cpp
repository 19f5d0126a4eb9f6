#include <sys/stat.h>

#include <cstdlib>
#include <utility>

#include "../verify_workplace.hpp"
#include "engine.hpp"
#include "toolkit/dialect_names.hpp"
#include "toolkit/settings.hpp"
#include "url_text.hpp"

namespace toolkit::testing {

namespace {

std::string state_of_file(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) {
    return path + " -\n";
  }
  std::string text = path;
  for (const auto number :
       {static_cast<std::int64_t>(about.st_ino), static_cast<std::int64_t>(about.st_size),
        static_cast<std::int64_t>(about.st_mtim.tv_sec), static_cast<std::int64_t>(about.st_mtim.tv_nsec),
        static_cast<std::int64_t>(about.st_ctim.tv_sec), static_cast<std::int64_t>(about.st_ctim.tv_nsec)}) {
    text += " " + std::to_string(number);
  }
  return text + "\n";
}

/// With the files for one dialect: `prepare.sql`, `prepare.mysql.sql`.
std::string state_of_variants(const std::string& path) {
  const std::size_t dot = path.rfind('.');
  std::string text = state_of_file(path);
  for (const DialectName& dialect : known_dialect_names()) {
    if (dot != std::string::npos) {
      text += state_of_file(path.substr(0, dot) + "." + dialect.name + path.substr(dot));
    }
  }
  return text;
}

}  // namespace

Migrations::Migrations(const char* folder) : Migrations(std::string(folder)) {}

Migrations::Migrations(std::string folder) { migrator.folder.path = std::move(folder); }

Migrations Migrations::configured(const std::string& config, const std::string& env) {
  SettingFlags flags;
  flags.config = config;
  flags.env = env;
  const Settings settings =
      resolve_settings(flags, [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        return value == nullptr ? std::nullopt : std::optional<std::string>(value);
      });
  Migrations migrations(settings.migrator.folder.path);
  migrations.migrator = settings.migrator;
  migrations.prepare = settings.verify.prepare;
  migrations.rows_file = settings.verify.rows;
  migrations.allowances = settings.parity.allow;
  return migrations;
}

// What was asked for is the first line, so that the state of other files of the same set can be told.
std::string state_of(const Migrations& migrations) {
  const MigratorOptions& options = migrations.migrator;
  std::string text = options.folder.path;
  for (const auto& [dialect, folder] : options.folder.folders) {
    text += " " + dialect + "=" + folder;
  }
  for (const std::string& dialect : options.folder.dialects) {
    text += " " + dialect;
  }
  text += " place=" + options.place.schema + "." + options.place.table + " mode=" + options.sql_mode +
          " prepare=" + migrations.prepare + " rows=" + migrations.rows_file +
          (migrations.rows ? " with rows" : "") + (migrations.strict ? " strict" : "") +
          (migrations.sqlite_drop_column ? " drops columns" : "") + "\n";
  const MigrationFolder folder = read_folder(options.folder);
  for (const MigrationFile& file : folder.files) {
    text += state_of_file(file.path);
  }
  for (const auto& [name, path] : folder.reserved) {
    text += state_of_file(path);
  }
  for (const std::string& path : {migrations.prepare, migrations.rows_file}) {
    text += path.empty() ? "" : state_of_variants(path);
  }
  return text;
}

Database::Database(std::shared_ptr<Engine> engine, DatabaseUrl parts, HistoryPlace history)
    : engine_(std::move(engine)),
      parts_(std::move(parts)),
      history_(std::move(history)),
      url_(url_text(parts_)) {}

Database::~Database() {
  if (engine_ != nullptr) {
    engine_->drop_database(parts_);
  }
}

Database::Database(Database&& other) noexcept = default;

Database& Database::operator=(Database&& other) noexcept {
  std::swap(engine_, other.engine_);
  std::swap(parts_, other.parts_);
  std::swap(history_, other.history_);
  std::swap(url_, other.url_);
  return *this;
}

const std::string& Database::engine() const { return engine_->name(); }
const std::string& Database::server() const { return engine_->server_text(); }
const std::string& Database::flavour() const { return engine_->server().flavour; }

void Database::execute(std::string_view statement) const {
  engine_->dialect().open(parts_, {})->execute(statement);
}

std::optional<std::string> Database::value(std::string_view query) const {
  const Rows rows = engine_->dialect().open(parts_, {})->query(query, {}, 1);
  return rows.empty() ? std::nullopt : rows.front().front();
}

void Database::go_to(const Migrations& migrations, Version version) const {
  Migrator migrator(dialects(), parts_, migrations.migrator);
  const RunReport report = migrator.run({RequestKind::go_to, {}, version, false});
  if (report.failed) {
    throw Error(*report.failed);
  }
}

Catalog Database::catalog() const {
  const std::unique_ptr<Connection> connection = engine_->dialect().open(parts_, {});
  HistoryPlace place = history_;
  if (place.schema.empty()) {
    place.schema = connection->server().default_schema;
  }
  return connection->catalog_reader({place, {}})->read();
}

Database empty_database(const std::string& engine) {
  const std::shared_ptr<Engine> found = engine_called(engine);
  return {found, found->create_database(), {}};
}

Database at_version(const Migrations& migrations, const std::string& engine, Version version) {
  const std::shared_ptr<Engine> found = engine_called(engine);
  return {found, found->create_database(migrations, version), migrations.migrator.place};
}

Database at_newest(const Migrations& migrations, const std::string& engine) {
  const std::shared_ptr<Engine> found = engine_called(engine);
  return {found, found->create_database(migrations, std::nullopt), migrations.migrator.place};
}

Catalog snapshot(const Database& database) { return database.catalog(); }

}  // namespace toolkit::testing

#include "engine.hpp"

#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <utility>

#include "../verify_session.hpp"
#include "../verify_workplace.hpp"
#include "toolkit/schema_file.hpp"

namespace toolkit::testing {

namespace {

// Tables are files, and a test waits for them: in memory a copy of the reference set took 17 ms on PostgreSQL
// and MariaDB, on a busy disk 160 and 380. The small /dev/shm of containers would run full. A folder that
// people name is theirs to choose.
std::filesystem::path place_for_servers() {
  const char* const named = std::getenv("TMPDIR");
  const std::filesystem::path memory = "/dev/shm";
  struct statvfs space {};
  constexpr std::uint64_t enough = std::uint64_t{2} << 30;
  const bool fits = ::statvfs(memory.c_str(), &space) == 0 && ::access(memory.c_str(), W_OK | X_OK) == 0 &&
                    static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize >= enough;
  return fits && (named == nullptr || *named == '\0') ? memory : std::filesystem::path();
}

}  // namespace

Engine::Engine(VerifyTarget target, const Dialect& dialect)
    : target_(std::move(target)),
      dialect_(dialect),
      name_(target_.label.empty() ? target_.flavour : target_.label),
      process_(::getpid()) {}

// A child made by fork ends with copies of its parent's objects: the server is not its own.
Engine::~Engine() {
  if (process_ != ::getpid()) {
    static_cast<void>(server_.release());
  }
}

VerifyServer& Engine::running() {
  if (server_ == nullptr) {
    server_ = std::make_unique<VerifyServer>(dialect_, target_, std::stop_token(), place_for_servers());
    for (const std::string& note : server_->notes()) {
      std::cerr << "toolkit: " + name_ + ": " + note + '\n';
    }
  }
  return *server_;
}

const ServerInfo& Engine::server() {
  const std::lock_guard guard(mutex_);
  if (!info_) {
    const DatabaseUrl database = running().create_database();
    info_ = dialect_.open(database, {})->server();
    server_text_ = info_->product + " " + info_->version;
    running().drop_database(database);
  }
  return *info_;
}

const std::string& Engine::server_text() {
  static_cast<void>(server());
  return server_text_;
}

DatabaseUrl Engine::create_database() {
  const std::lock_guard guard(mutex_);
  return running().create_database();
}

// The templates are made one at a time; where there is no copy, the migrations run beside those of others.
DatabaseUrl Engine::create_database(const Migrations& migrations, std::optional<Version> version) {
  const std::string set = state_of(migrations);
  DatabaseUrl own;
  {
    const std::lock_guard guard(mutex_);
    Template& original = template_of(migrations, set, version);
    if (const std::optional<DatabaseUrl> made = copy(original)) {
      return *made;
    }
    own = running().create_database();
  }
  try {
    fill(own, migrations, version);
  } catch (...) {
    drop_database(own);
    throw;
  }
  return own;
}

void Engine::drop_database(const DatabaseUrl& database) noexcept {
  if (process_ == ::getpid()) {
    const std::lock_guard guard(mutex_);
    server_->drop_database(database);
  }
}

Engine::Template& Engine::template_of(const Migrations& migrations, const std::string& set,
                                      std::optional<Version> version) {
  const auto found = std::find_if(templates_.begin(), templates_.end(), [&](const Template& each) {
    return each.set == set && each.version == version;
  });
  if (found != templates_.end()) {
    return *found;
  }
  forget_older(set);
  Template made{set, version, std::nullopt};
  if (!target_.server) {  // there a copy is never made
    made.database = make_original(migrations, set, version);
  }
  templates_.push_back(made);
  return templates_.back();
}

DatabaseUrl Engine::make_original(const Migrations& migrations, const std::string& set,
                                  std::optional<Version> version) {
  const std::optional<DatabaseUrl> lower = copy_of_lower(set, version);
  DatabaseUrl database = lower ? *lower : running().create_database();
  try {
    if (lower) {
      go_up(database, migrations, version);
    } else {
      fill(database, migrations, version);
    }
  } catch (...) {
    running().drop_database(database);
    throw;
  }
  return database;
}

/// One that stands at a lower version of the same files, to go on from.
std::optional<DatabaseUrl> Engine::copy_of_lower(const std::string& set, std::optional<Version> version) {
  Template* best = nullptr;
  for (Template& each : templates_) {
    const bool fits = each.set == set && each.version && (!version || *each.version < *version);
    best = fits && (best == nullptr || *best->version < *each.version) ? &each : best;
  }
  return best == nullptr ? std::nullopt : copy(*best);
}

/// Of the same folder, before its files changed: `set` begins with what was asked for.
void Engine::forget_older(const std::string& set) {
  const std::string asked = set.substr(0, set.find('\n'));
  std::erase_if(templates_, [&](const Template& each) {
    const bool is_older = each.set != set && each.set.substr(0, each.set.find('\n')) == asked;
    if (is_older && each.database) {
      running().drop_database(*each.database);
    }
    return is_older;
  });
}

std::optional<DatabaseUrl> Engine::copy(Template& original) {
  if (!original.database) {
    return std::nullopt;
  }
  std::string why = "it holds what the server's own texts would lose";
  try {
    if (std::optional<DatabaseUrl> made = running().copy_database(*original.database)) {
      return made;
    }
  } catch (const Error& failure) {
    why = failure.what();
  }
  running().drop_database(*original.database);
  original.database.reset();
  std::cerr << "toolkit: a database of " + name_ + " cannot be copied (" + why +
                   "): the migrations run for each test\n";
  return std::nullopt;
}

void Engine::fill(const DatabaseUrl& database, const Migrations& migrations, std::optional<Version> version) {
  prepare(database, migrations);
  {
    const std::unique_ptr<Connection> connection = dialect_.open(database, {});
    const std::string base =
        reserved_file(read_folder(migrations.migrator.folder), "base", connection->server().flavour);
    if (!base.empty()) {
      run_script_file(*connection, dialect_, base, migrations.migrator);
    }
  }
  go_up(database, migrations, version);
}

void Engine::prepare(const DatabaseUrl& database, const Migrations& migrations) {
  if (migrations.prepare.empty()) {
    return;
  }
  // A pure look at URLs: safe without the lock.
  run_prepare_file(dialect_, server_->as_administrator(database), migrations.prepare, migrations.migrator);
}

void Engine::go_up(const DatabaseUrl& database, const Migrations& migrations,
                   std::optional<Version> version) {
  if (version == Version{0}) {
    return;
  }
  Migrator migrator(dialects(), database, migrations.migrator);
  const RunReport report = migrator.run(version ? Request::up_to(*version) : Request::up());
  if (report.failed) {
    throw Error(*report.failed);
  }
}

}  // namespace toolkit::testing

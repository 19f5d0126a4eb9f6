#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "../verify_database.hpp"
#include "toolkit/testing.hpp"

/// The inside of toolkit/testing.hpp: what a process has of one engine.
namespace toolkit::testing {

/// The server of one engine, the databases on it, and the templates that tests' databases are copied from.
/// Shared by the process and by its databases, so that the server outlives them.
class Engine {
 public:
  Engine(VerifyTarget target, const Dialect& dialect);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  const std::string& name() const { return name_; }
  const Dialect& dialect() const { return dialect_; }
  const VerifyTarget& target() const { return target_; }
  const ServerInfo& server();        ///< starts it
  const std::string& server_text();  ///< "PostgreSQL 15.20"

  DatabaseUrl create_database();
  /// `newest` for no version.
  DatabaseUrl create_database(const Migrations& migrations, std::optional<Version> version);
  void drop_database(const DatabaseUrl& database) noexcept;

 private:
  struct Template {
    std::string set;                      ///< what the files were
    std::optional<Version> version;       ///< nothing: all of them
    std::optional<DatabaseUrl> database;  ///< nothing: it cannot be copied
  };

  VerifyServer& running();
  Template& template_of(const Migrations& migrations, const std::string& set, std::optional<Version> version);
  DatabaseUrl make_original(const Migrations& migrations, const std::string& set,
                            std::optional<Version> version);
  std::optional<DatabaseUrl> copy(Template& original);
  std::optional<DatabaseUrl> copy_of_lower(const std::string& set, std::optional<Version> version);
  void forget_older(const std::string& set);
  void fill(const DatabaseUrl& database, const Migrations& migrations, std::optional<Version> version);
  void prepare(const DatabaseUrl& database, const Migrations& migrations);
  void go_up(const DatabaseUrl& database, const Migrations& migrations, std::optional<Version> version);

  VerifyTarget target_;
  const Dialect& dialect_;
  std::string name_;
  int process_;       ///< that the server belongs to
  std::mutex mutex_;  ///< of everything below
  std::unique_ptr<VerifyServer> server_;
  std::optional<ServerInfo> info_;
  std::string server_text_;
  std::vector<Template> templates_;
};

/// The dialects of this build; they live as long as the process.
const Registry& dialects();

/// The engine that a test calls so, the same each time. Throws Error(usage, configuration).
std::shared_ptr<Engine> engine_called(const std::string& name);

/// What the files of the set are at this moment, by their names, sizes and times; equal texts for equal
/// files.
std::string state_of(const Migrations& migrations);

}  // namespace toolkit::testing

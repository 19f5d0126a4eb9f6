#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../../dialects/postgresql/dialect.hpp"
#include "../support/servers.hpp"
#include "../support/told.hpp"
#include "toolkit/connection.hpp"
#include "toolkit/error.hpp"

namespace toolkit::test {

/// A version of one or more statements, as the planner would make it.
inline Task make_task(Version version, const std::vector<std::string>& statements,
                      Direction direction = Direction::up) {
  Task task;
  task.version = version;
  task.name = "v" + std::to_string(version);
  task.direction = direction;
  task.dialect = "postgresql";
  task.up_checksum = "sha256:up";
  task.down_checksum = "sha256:down";
  task.step_checksums = "{}";
  task.down_steps = "[]";
  task.step_count = task.up_step_count = static_cast<int>(std::max<std::size_t>(statements.size(), 1));
  for (const std::string& sql : statements) {
    Step step;
    step.number = static_cast<int>(task.steps.size()) + 1;
    step.path = std::to_string(version) + ".sql";
    step.file_text = sql + ";\n";
    step.sql = sql;
    task.steps.push_back(step);
  }
  return task;
}

/// A database of its own with a history, and a connection under test.
class PostgresqlFixture {
 public:
  PostgresqlFixture() : PostgresqlFixture(test_servers("postgresql").at(0)) {}
  explicit PostgresqlFixture(const TestServer& server) : database(server), connection(open()) {
    context = make_context();
    for (const std::string& text : context.sql.create) {
      connection->execute(text);
    }
  }

  std::unique_ptr<Connection> open(const OpenOptions& options = {}) const {
    return dialect->open(parse_url(database.url()), options);
  }

  RunContext make_context() const {
    RunContext fresh;
    fresh.place.schema = "public";
    fresh.sql = dialect->history_sql(fresh.place);
    fresh.lock_number = lock_number(database.name(), fresh.place);
    fresh.run_id = "0123456789abcdef0123456789abcdef";
    fresh.applied_by = "test@host 1";
    fresh.tool_version = "0";
    return fresh;
  }

  std::unique_ptr<RunnerLock> lock() {
    return connection->lock({context.place, std::chrono::seconds(5)}, told);
  }

  void run(std::vector<Task> tasks, UnitKind kind = UnitKind::transaction) {
    UnitOfWork unit;
    unit.kind = kind;
    unit.tasks = std::move(tasks);
    connection->run(unit, context, told);
  }
  void run(Task task, UnitKind kind = UnitKind::transaction) {
    run(std::vector<Task>{std::move(task)}, kind);
  }

  /// The details of the error that running ends with; fails the test when there is none.
  ErrorDetails failure(std::vector<Task> tasks, UnitKind kind = UnitKind::transaction) {
    try {
      run(std::move(tasks), kind);
    } catch (const Error& error) {
      return error.details();
    }
    FAIL("no error");
    return {};
  }
  ErrorDetails failure(Task task, UnitKind kind = UnitKind::transaction) {
    return failure(std::vector<Task>{std::move(task)}, kind);
  }

  /// "applied 1/1", or "" for no row; a mark is shown.
  std::string state(Version version) const {
    return database.value(
        "SELECT state || ' ' || step || '/' || steps || CASE WHEN mark IS NULL THEN '' ELSE"
        " ' in flight' END FROM toolkit_history WHERE version = " +
        std::to_string(version));
  }
  bool has_table(const std::string& name) const {
    return database.value("SELECT count(*) FROM pg_class WHERE relname = '" + name + "'") == "1";
  }

  std::unique_ptr<Dialect> dialect = postgresql::make_dialect();
  TestDatabase database;
  std::unique_ptr<Connection> connection;
  RunContext context;
  Told told;
};

}  // namespace toolkit::test

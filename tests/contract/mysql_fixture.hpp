#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../support/servers.hpp"
#include "../support/told.hpp"
#include "toolkit/connection.hpp"
#include "toolkit/error.hpp"
#include "toolkit/registry.hpp"

namespace toolkit::test {

/// The servers of both flavours.
inline std::vector<TestServer> mysql_servers() {
  std::vector<TestServer> servers = test_servers("mysql");
  const std::vector<TestServer>& more = test_servers("mariadb");
  servers.insert(servers.end(), more.begin(), more.end());
  return servers;
}

/// A runner of its own on a test's database: session, history tables, run id.
class MysqlRunner {
 public:
  explicit MysqlRunner(const TestDatabase& database, char id = 'a') : dialects(builtin_dialects()) {
    const DatabaseUrl url = parse_url(database.url());
    const Dialect& dialect = dialects.for_url(url);
    connection = dialect.open(url, {});
    context.place.schema = url.database;
    context.sql = dialect.history_sql(context.place);
    context.lock_name = lock_name(url.database, context.place);
    context.run_id = std::string(32, id);
    context.applied_by = "me@here 1";
    context.tool_version = "test";
    for (const std::string& text : context.sql.create) {
      connection->execute(text);
    }
  }

  std::unique_ptr<RunnerLock> lock(std::chrono::milliseconds wait = std::chrono::seconds(10)) {
    return connection->lock({context.place, wait}, told);
  }

  void run(std::vector<Task> tasks) {
    UnitOfWork unit;
    unit.kind = UnitKind::separate;
    unit.tasks = std::move(tasks);
    connection->run(unit, context, told);
  }

  /// The details of the error that `run` ends with.
  ErrorDetails failure(std::vector<Task> tasks) {
    try {
      run(std::move(tasks));
    } catch (const Error& error) {
      return error.details();
    }
    FAIL("nothing failed");
    return {};
  }

  Registry dialects;
  std::unique_ptr<Connection> connection;
  RunContext context;
  Told told;
};

inline Step step_of(const std::string& sql, int number = 1) {
  Step step;
  step.path = "m/step" + std::to_string(number) + ".sql";
  step.file_text = sql;
  step.sql = sql;
  step.number = number;
  return step;
}

inline Task task_of(Version version, const std::vector<std::string>& statements,
                    Direction direction = Direction::up) {
  Task task;
  task.version = version;
  task.name = "v" + std::to_string(version);
  task.direction = direction;
  for (const std::string& sql : statements) {
    task.steps.push_back(step_of(sql, static_cast<int>(task.steps.size()) + 1));
  }
  task.step_count = static_cast<int>(statements.size());
  task.dialect = "mysql";
  task.up_checksum = "sha256:up";
  task.down_checksum = "sha256:down";
  task.step_checksums = R"({"up":[],"down":[]})";
  task.down_steps = R"([{"sql":"DROP TABLE \"é:x\"","no_transaction":false}])";
  return task;
}

inline Task task_of(Version version, const std::string& sql, Direction direction = Direction::up) {
  return task_of(version, std::vector<std::string>{sql}, direction);
}

/// "1 applied 1/1, 2 pending 0/1", by version, row 0 left out.
inline std::string states(const TestDatabase& database) {
  std::string text;
  for (const TextRow& row : database.rows(
           "SELECT version, state, step, steps FROM toolkit_history WHERE version > 0 ORDER BY version")) {
    text += (text.empty() ? "" : ", ") + row.at(0) + " " + row.at(1) + " " + row.at(2) + "/" + row.at(3);
  }
  return text;
}

using Lines = std::vector<std::string>;

}  // namespace toolkit::test

/// The body runs as one subcase for each MySQL and MariaDB server of the run.
#define FOR_EACH_MYSQL(server)                                                                    \
  for (const ::toolkit::test::TestServer& server : ::toolkit::test::mysql_servers()) /* NOLINT */ \
  DOCTEST_SUBCASE((server).label.c_str())

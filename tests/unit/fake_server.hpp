#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../support/files.hpp"
#include "../support/temp_folder.hpp"
#include "fake_dialect.hpp"
#include "toolkit/migrate.hpp"

namespace toolkit::test {

/// A database in memory that does what the test says; without a word it does what it is asked.
struct FakeServer {
  using Behaviour = std::function<void(const UnitOfWork&, RunObserver&)>;

  void apply(const Task& task) {
    std::erase_if(rows, [&](const auto& row) { return row[0] == std::to_string(task.version); });
    rows.push_back({std::to_string(task.version), task.name,
                    task.direction == Direction::up ? "applied" : "reverted", "run", task.dialect,
                    std::to_string(task.step_count), std::to_string(task.step_count), task.up_checksum,
                    task.down_checksum, task.step_checksums, run_id, "who", "", "", std::nullopt, "", "0"});
  }
  /// A runner took this version and ended in the middle of its statement.
  void interrupt(const Task& task, int step) {
    apply(task);
    auto& row = rows.back();
    row[2] = task.direction == Direction::up ? "applying" : "reverting";
    row[5] = std::to_string(step);
    row[16] = "1";
  }
  void settle(Version version, const std::string& state, const std::string& step) {
    for (auto& row : rows) {
      if (row[0] == std::to_string(version)) {
        row[2] = state;
        row[5] = step;
        row[16] = "0";
      }
    }
  }
  void succeed(const UnitOfWork& unit, RunObserver& observer) {
    for (const Task& task : unit.tasks) {
      observer.started(task);
      apply(task);
      observer.finished(task, std::chrono::milliseconds(3));
    }
  }

  bool has_history = false;
  bool has_user_table = true;
  Rows rows;
  std::deque<Behaviour> next;  ///< of the next runs
  std::string run_id;
  Judgement judgement;                           ///< of every interrupted version
  std::optional<std::string> mark = "the mark";  ///< of every version that is claimed
  std::function<void()> moves_on;                ///< what another runner does before the mark is read
  std::string runs;                              ///< the versions of each unit that was run
  std::string log;
  int locks = 0;
};

class NoRealLock : public RunnerLock {
 public:
  NoRealLock() = default;
};

class FakeConnection : public Connection {
 public:
  explicit FakeConnection(FakeServer& server) : fake_(server) {
    info_.flavour = "postgresql";
    info_.database = "db";
    info_.default_schema = "public";
  }
  const ServerInfo& server() const override { return info_; }
  void execute(std::string_view sql) override { fake_.has_history = fake_.has_history || sql == "create"; }
  Rows query(std::string_view sql, const Parameters& parameters, int) override {
    if (sql == "log") {
      fake_.log += std::get<std::string>(parameters.at("action")) + " " +
                   std::to_string(std::get<std::int64_t>(parameters.at("version"))) + ";";
    }
    if (sql == "find_user_table") {
      return fake_.has_user_table ? Rows{{"1"}} : Rows{};
    }
    if (sql == "read_mark") {
      if (fake_.moves_on) {
        fake_.moves_on();
      }
      return fake_.mark ? Rows{{*fake_.mark}} : Rows{{std::nullopt}};
    }
    if (sql == "finish" || sql == "take_back") {
      fake_.settle(std::get<std::int64_t>(parameters.at("version")),
                   std::get<std::string>(parameters.at("state")),
                   std::to_string(std::get<std::int64_t>(parameters.at("step"))));
    }
    if (sql != "read") {
      return {};
    }
    if (!fake_.has_history) {
      throw Error(ErrorKind::server, "no such table");
    }
    Rows rows = {
        {"0", "format", "applied", "run", "", "1", "0", "", "", "{}", "", "", "", "", std::nullopt, "", "0"}};
    rows.insert(rows.end(), fake_.rows.begin(), fake_.rows.end());
    return rows;
  }
  bool is_absent_table(const ErrorDetails& details) const override {
    return details.message == "no such table";
  }
  bool is_worth_retrying(const ErrorDetails& details) const override { return details.native_code == "BUSY"; }
  std::unique_ptr<RunnerLock> lock(const LockRequest&, RunObserver&) override {
    ++fake_.locks;
    return std::make_unique<NoRealLock>();
  }
  void run(const UnitOfWork& unit, const RunContext& context, RunObserver& observer) override {
    fake_.run_id = context.run_id;
    fake_.runs += "[";
    for (const Task& task : unit.tasks) {
      fake_.runs += (task.direction == Direction::up ? "+" : "-") + std::to_string(task.version);
    }
    fake_.runs += "]";
    if (fake_.next.empty()) {
      fake_.succeed(unit, observer);
      return;
    }
    const FakeServer::Behaviour behaviour = fake_.next.front();
    fake_.next.pop_front();
    behaviour(unit, observer);
  }
  Judgement settle(const Interrupted& interrupted, const RunContext&, RunObserver&) override {
    fake_.runs += "?" + std::to_string(interrupted.task.version) + " by " + interrupted.mark + " ";
    return fake_.judgement;
  }
  LockState lock_state(const HistoryPlace&) override { return {}; }
  std::unique_ptr<CatalogReader> catalog_reader(const CatalogScope&) override { return nullptr; }
  std::vector<ServerNote> inspect() override { return {}; }
  void cancel() noexcept override {}

 private:
  FakeServer& fake_;
  ServerInfo info_;
};

struct Notes : SilentObserver {
  void note(const Task*, const std::string& text) override { all += text + "\n"; }
  std::string all;
};

/// Versions 1 to 4 on a fake server.
struct Setup {
  Setup() : registry(made(this)) {
    for (const char* stem : {"0001_a", "0002_b", "0003_c", "0004_d"}) {
      write_files(folder.path(),
                  {{std::string(stem) + ".up.sql", "CREATE"}, {std::string(stem) + ".down.sql", "DROP"}});
    }
    options.folder.path = folder.path().string();
    options.retries = 1;
  }

  static std::vector<std::unique_ptr<Dialect>> made(Setup* setup) {
    auto dialect = std::make_unique<FakeDialect>();
    setup->dialect = dialect.get();
    dialect->connection = [setup] { return std::make_unique<FakeConnection>(setup->server); };
    std::vector<std::unique_ptr<Dialect>> all;
    all.push_back(std::move(dialect));
    return all;
  }

  RunReport run(const Request& request = Request::up()) {
    return Migrator(registry, "fake://host/db", options).run(request, notes);
  }

  static std::string text(const RunReport& report) {
    std::string text;
    for (const DoneVersion& done : report.done) {
      text += (done.direction == Direction::up ? "+" : "-") + std::to_string(done.version) + " ";
    }
    text += report.failed ? "failed " + report.failed_label + " " : "";
    for (const DoneVersion& each : report.untouched) {
      text += "untouched " + std::to_string(each.version) + " ";
    }
    return text + std::to_string(report.from) + "->" + std::to_string(report.to);
  }

  FakeServer server;
  FakeDialect* dialect = nullptr;
  Registry registry;
  TempFolder folder;
  MigratorOptions options;
  Notes notes;
};

inline FakeServer::Behaviour fails_with(const ErrorDetails& details) {
  return [details](const UnitOfWork& unit, RunObserver&) {
    ErrorDetails mine = details;
    mine.version = mine.version == 0 ? unit.tasks.front().version : mine.version;
    throw Error(mine);
  };
}

inline ErrorDetails refused() {
  ErrorDetails details;
  details.kind = ErrorKind::migration;
  details.message = "refused";
  return details;
}

inline ErrorDetails busy() {
  ErrorDetails details = refused();
  details.kind = ErrorKind::timeout;
  details.message = "locked";
  details.native_code = "BUSY";
  return details;
}

inline ErrorDetails lost() {
  ErrorDetails details = busy();
  details.connection_lost = true;
  return details;
}

inline ErrorDetails claim_lost() {
  ErrorDetails details = refused();
  details.kind = ErrorKind::lock;
  details.message = "another runner has it";
  details.claim_lost = true;
  return details;
}

}  // namespace toolkit::test

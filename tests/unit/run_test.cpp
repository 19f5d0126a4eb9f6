#include <doctest/doctest.h>

#include <deque>

#include "../support/files.hpp"
#include "../support/temp_folder.hpp"
#include "../support/thrown.hpp"
#include "fake_dialect.hpp"
#include "toolkit/migrate.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

/// A database in memory that does what the test says; without a word it does what it is asked.
struct FakeServer {
  using Behaviour = std::function<void(const UnitOfWork&, RunObserver&)>;

  void apply(const Task& task) {
    rows.push_back({std::to_string(task.version), task.name,
                    task.direction == Direction::up ? "applied" : "reverted", "run", task.dialect,
                    std::to_string(task.step_count), std::to_string(task.step_count), task.up_checksum,
                    task.down_checksum, task.step_checksums, "r", "who", "", "", std::nullopt, "", "0"});
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
  std::string runs;            ///< the versions of each unit that was run
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
  void run(const UnitOfWork& unit, const RunContext&, RunObserver& observer) override {
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

FakeServer::Behaviour fails_with(const ErrorDetails& details) {
  return [details](const UnitOfWork& unit, RunObserver&) {
    ErrorDetails mine = details;
    mine.version = mine.version == 0 ? unit.tasks.front().version : mine.version;
    throw Error(mine);
  };
}

ErrorDetails refused() {
  ErrorDetails details;
  details.kind = ErrorKind::migration;
  details.message = "refused";
  return details;
}

ErrorDetails busy() {
  ErrorDetails details = refused();
  details.kind = ErrorKind::timeout;
  details.message = "locked";
  details.native_code = "BUSY";
  return details;
}

ErrorDetails claim_lost() {
  ErrorDetails details = refused();
  details.kind = ErrorKind::lock;
  details.message = "another runner has it";
  details.claim_lost = true;
  return details;
}

}  // namespace

TEST_CASE("a run with nothing to do takes no lock and makes no history") {
  Setup setup;
  CHECK(Setup::text(setup.run(Request{RequestKind::down, {}, {}, false})) == "0->0");
  CHECK(setup.server.locks == 0);
  CHECK_FALSE(setup.server.has_history);
  CHECK(Setup::text(setup.run()) == "+1 +2 +3 +4 0->4");
  CHECK(setup.server.locks == 1);
  CHECK(Setup::text(setup.run()) == "4->4");
  CHECK(setup.server.locks == 1);
  CHECK(setup.server.runs == "[+1][+2][+3][+4]");
}

TEST_CASE("a failing version ends the run, is logged, and the rest is untouched") {
  Setup setup;
  setup.server.next = {[&](const auto& unit, auto& observer) { setup.server.succeed(unit, observer); },
                       fails_with(refused())};
  const RunReport report = setup.run();
  CHECK(Setup::text(report) == "+1 failed 0002_b untouched 3 untouched 4 0->1");
  CHECK(report.exit_code() == ExitCode::failed);
  CHECK(setup.server.log == "failed 2;");
}

TEST_CASE("what is worth it is tried again, told with its reason, and only what is not done") {
  Setup setup;
  setup.dialect->facts.transactional_ddl = false;  // one chain of all versions
  setup.server.next = {[&](const UnitOfWork& unit, RunObserver& observer) {
    UnitOfWork first = unit;
    first.tasks.resize(2);
    setup.server.succeed(first, observer);
    throw Error(busy());
  }};
  CHECK(Setup::text(setup.run()) == "+1 +2 +3 +4 0->4");
  CHECK(setup.server.runs == "[+1+2+3+4][+3+4]");
  CHECK(setup.notes.all.find("locked; trying again in ") == 0);
  CHECK(setup.server.log == "");
}

TEST_CASE("tries end; other errors are not tried again") {
  Setup setup;
  setup.options.retries = 0;
  setup.server.next = {fails_with(busy())};
  const RunReport report = setup.run();
  CHECK(Setup::text(report) == "failed 0001_a untouched 2 untouched 3 untouched 4 0->0");
  CHECK(report.failed->kind == ErrorKind::timeout);
  CHECK(setup.server.runs == "[+1]");
}

TEST_CASE("a lost connection is not tried again and not logged on the session that is gone") {
  Setup setup;
  setup.options.retries = 3;
  ErrorDetails lost = busy();
  lost.connection_lost = true;
  setup.server.next = {fails_with(lost)};
  CHECK(Setup::text(setup.run()) == "failed 0001_a untouched 2 untouched 3 untouched 4 0->0");
  CHECK(setup.server.runs == "[+1]");
  CHECK(setup.server.log == "");
}

TEST_CASE("versions that cannot share a transaction run one by one") {
  Setup setup;
  setup.server.has_user_table = false;
  ErrorDetails sharing = refused();
  sharing.failed_for_sharing = true;
  setup.server.next = {fails_with(sharing)};
  CHECK(Setup::text(setup.run()) == "+1 +2 +3 +4 0->4");
  CHECK(setup.server.runs == "[+1+2+3+4][+1][+2][+3][+4]");
  CHECK(setup.notes.all ==
        "these versions cannot share a transaction here (refused): rolled back, running them one by one\n");
}

TEST_CASE("a group that fails leaves all of it; the version at fault is named") {
  Setup setup;
  setup.server.has_user_table = false;
  ErrorDetails third = refused();
  third.version = 3;
  setup.server.next = {fails_with(third)};
  CHECK(Setup::text(setup.run()) == "failed 0003_c untouched 1 untouched 2 untouched 4 0->0");
  CHECK(setup.server.log == "failed 3;");
}

TEST_CASE("a lost claim: the history is read again, and what the other runner did is not done again") {
  Setup setup;
  const auto succeeds = [&](const UnitOfWork& unit, RunObserver& observer) {
    setup.server.succeed(unit, observer);
  };
  const auto other_was_first = [&](const UnitOfWork& unit, RunObserver&) {
    setup.server.apply(unit.tasks.front());
    throw Error(claim_lost());
  };
  setup.server.next = {succeeds, other_was_first};
  CHECK(Setup::text(setup.run()) == "+1 +3 +4 0->4");
  CHECK(setup.server.runs == "[+1][+2][+3][+4]");
  CHECK(setup.server.locks == 2);
}

TEST_CASE("a failure after a lost claim still names its version and what is untouched") {
  Setup setup;
  setup.server.next = {
      [&](const UnitOfWork& unit, RunObserver& observer) { setup.server.succeed(unit, observer); },
      [&](const UnitOfWork& unit, RunObserver&) {
        setup.server.apply(unit.tasks.front());
        throw Error(claim_lost());
      },
      fails_with(refused())};
  CHECK(Setup::text(setup.run()) == "+1 failed 0003_c untouched 4 0->2");
}

TEST_CASE("a claim that is lost again and again is an error of the lock") {
  Setup setup;
  setup.server.next = {fails_with(claim_lost()), fails_with(claim_lost()), fails_with(claim_lost())};
  const ErrorDetails details = thrown_by([&] { setup.run(); });
  CHECK(details.kind == ErrorKind::lock);
  CHECK(details.message == "another runner has it");
  CHECK(setup.server.runs == "[+1][+1][+1]");
}

TEST_CASE("a stop before the first version runs nothing") {
  Setup setup;
  std::stop_source source;
  source.request_stop();
  setup.options.stop = source.get_token();
  const RunReport report = setup.run();
  CHECK(report.failed->kind == ErrorKind::interrupted);
  CHECK(report.failed->message == "interrupted between two versions");
  CHECK(Setup::text(report) == "failed  untouched 1 untouched 2 untouched 3 untouched 4 0->0");
  CHECK(setup.server.runs == "");
}

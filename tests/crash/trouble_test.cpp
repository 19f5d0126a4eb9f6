#include <doctest/doctest.h>
#include <grp.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "crash_project.hpp"
#include "death.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

/// Something that befalls a server while a run goes on, and ends again.
struct Trouble {
  std::string name;
  std::function<void()> strike;
  std::function<void()> lift;
};

/// Strikes when a version begins.
class StrikeAt final : public SilentObserver {
 public:
  StrikeAt(Version version, const Trouble& trouble) : version_(version), trouble_(trouble) {}
  void started(const Task& task) override {
    if (task.version == version_ && !struck_) {
      struck_ = true;
      trouble_.strike();
    }
  }
  bool struck() const { return struck_; }

 private:
  Version version_;
  const Trouble& trouble_;
  bool struck_ = false;
};

/// A server of this test alone with an ordinary account that may create databases: switches of the whole
/// server do not reach an administrator.
class OwnServer {
 public:
  explicit OwnServer(const std::string& engine)
      : engine_(engine), sandbox_(start_sandbox(engine, {})), admin_(open_native(sandbox_->url())) {
    if (engine == "postgresql") {
      admin_->run("CREATE ROLE plain LOGIN CREATEDB");
    } else {
      admin_->run(
          "CREATE USER 'plain'@'%'; GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, "
          "REFERENCES, "
          "CREATE VIEW, SHOW VIEW, TRIGGER, EVENT, CREATE ROUTINE, ALTER ROUTINE, EXECUTE, LOCK TABLES, "
          "PROCESS, "
          "CREATE USER ON *.* TO 'plain'@'%' WITH GRANT OPTION");
    }
  }

  TestServer as_plain() const {
    const std::string& url = sandbox_->url();
    const std::size_t begin = url.find("://") + 3;
    const std::size_t at = url.find('@');
    return {engine_, url.substr(0, begin) + "plain" + url.substr(at == std::string::npos ? begin : at),
            engine_};
  }

  /// Every switch that this engine has, for the sessions of the plain account.
  std::vector<Trouble> troubles(const std::string& database) {
    const auto run = [this](const std::string& sql) { return [this, sql] { admin_->run(sql); }; };
    if (engine_ == "postgresql") {
      const std::string of_role =
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'plain'";
      return {
          {"a read-only switch", run("ALTER ROLE plain SET default_transaction_read_only = on; " + of_role),
           run("ALTER ROLE plain RESET default_transaction_read_only; " + of_role)},
          {"connection limit reached", run("ALTER ROLE plain CONNECTION LIMIT 0; " + of_role),
           run("ALTER ROLE plain CONNECTION LIMIT -1")},
          {"no new connections to the database",
           run("ALTER DATABASE " + database + " ALLOW_CONNECTIONS false; " + of_role),
           run("ALTER DATABASE " + database + " ALLOW_CONNECTIONS true")},
      };
    }
    std::vector<Trouble> troubles = {
        {"a read-only switch", run("SET GLOBAL read_only = 1"), run("SET GLOBAL read_only = 0")},
        {"connection limit reached",
         [this] {
           admin_->run("ALTER USER 'plain'@'%' WITH MAX_USER_CONNECTIONS 1");
           kill_sessions();
           taken_ = open_native(as_plain().url);
         },
         [this] {
           taken_.reset();
           admin_->run("ALTER USER 'plain'@'%' WITH MAX_USER_CONNECTIONS 0");
         }},
        {"the account is locked",
         [this] {
           admin_->run("ALTER USER 'plain'@'%' ACCOUNT LOCK");
           kill_sessions();
         },
         run("ALTER USER 'plain'@'%' ACCOUNT UNLOCK")},
    };
    if (engine_ == "mysql") {
      troubles.push_back({"a read-only switch for administrators too", run("SET GLOBAL super_read_only = 1"),
                          run("SET GLOBAL read_only = 0")});
    }
    return troubles;
  }

 private:
  void kill_sessions() {
    for (const TextRow& row :
         admin_->rows("SELECT id FROM information_schema.processlist WHERE user = 'plain'")) {
      try {
        admin_->run("KILL " + row[0]);
      } catch (const std::runtime_error&) {  // it has ended meanwhile
      }
    }
  }

  std::string engine_;
  std::unique_ptr<Sandbox> sandbox_;
  std::unique_ptr<NativeSession> admin_;
  std::unique_ptr<NativeSession> taken_;
};

std::vector<Version> versions_to_strike(int last) {
  std::vector<Version> versions;
  const int distance = crash_options().all ? 3 : 13;
  for (int version = 1 + static_cast<int>(crash_options().seed % 3); version < last; version += distance) {
    versions.push_back(version);
  }
  return versions;
}

/// One whole run up during which the trouble strikes and stays. It may fail, it may not hang, and what it has
/// recorded is true; when the trouble is over, the next run converges.
void run_through(CrashProject& project, const Trouble& trouble, CrashCount& count) {
  for (const Version version : versions_to_strike(project.versions())) {
    const std::string where = trouble.name + " at version " + std::to_string(version);
    project.run(Request::down_to(0));
    project.disconnect();
    count.run();
    StrikeAt strike(version, trouble);
    MigratorOptions options = project.project().options;
    options.transaction = TransactionMode::each;
    options.retries = 1;
    try {
      Migrator(Project::dialects(), project.database().url(), options).run(Request::up(), strike);
    } catch (const Error&) {  // its words are the business of other tests
    }
    trouble.lift();
    if (!strike.struck()) {
      count.bad(where + ": the version never began");
    }
    project.check_after_crash(count, where);
    project.recover(Request::up(), count, where);
    project.check_end(project.versions(), 0, project.history(0), count, where);
  }
}

void go_through(const std::string& engine) {
  OwnServer server(engine);
  CrashProject project(server.as_plain());
  for (const Trouble& trouble : server.troubles(project.database().name())) {
    CrashCount count(project.engine(), trouble.name);
    run_through(project, trouble, count);
  }
}

}  // namespace

TEST_CASE("a read-only switch, the connection limit and a closed door in the middle of a run") {
  for (const std::string engine : {"postgresql", "mysql", "mariadb"}) {
    if (has_local_server(engine)) {
      CAPTURE(engine);
      go_through(engine);
    }
  }
}

TEST_CASE("a statement timeout anywhere, and the next run converges") {
  for (const TestServer& server : crash_servers()) {
    CAPTURE(server.label);
    CrashProject project(server);
    CrashCount count(project.engine(), "a statement timeout of 1 ms");
    for (int round = 0; round < (crash_options().all ? 20 : 2); ++round) {
      const std::string where = "round " + std::to_string(round);
      project.run(Request::down_to(0));
      MigratorOptions options = project.project().options;
      options.timeouts.statement = std::chrono::milliseconds(1);
      options.retries = 0;
      // As far as it comes, again and again: each run fails at some statement or none.
      for (int attempt = 0; attempt < 8; ++attempt) {
        count.run();
        try {
          Migrator(Project::dialects(), project.database().url(), options).run(Request::up());
        } catch (const Error&) {
        }
        project.check_after_crash(count, where);
      }
      project.recover(Request::up(), count, where);
      project.check_end(project.versions(), 0, project.history(0), count, where);
    }
  }
}

TEST_CASE("sqlite: the disk is full at any size, and the next run converges") {
  CrashProject project(test_servers("sqlite").front());
  CrashCount count(project.engine(), "the disk is full (a limit on the file's size)");
  constexpr rlim_t page = 4'096;
  for (rlim_t pages = 1; pages < 40; pages += crash_options().all ? 1 : 4) {
    const std::string where = "full at " + std::to_string(pages) + " pages";
    project.run(Request::down_to(0));
    project.database().run("VACUUM");
    project.make_way(0, project.versions());
    count.run();
    wait_for_child(start_child([&] {
      signal(SIGXFSZ, SIG_IGN);
      const rlimit limit{pages * page, pages * page};
      setrlimit(RLIMIT_FSIZE, &limit);
      project.project().run(Request::up());
    }));
    project.check_after_crash(count, where);
    project.recover(Request::up(), count, where);
    project.check_end(project.versions(), 0, project.history(0), count, where);
  }
}

TEST_CASE("sqlite: the file becomes read-only between two versions") {
  constexpr uid_t nobody = 65'534;
  namespace fs = std::filesystem;
  CrashProject project(test_servers("sqlite").front());
  CrashCount count(project.engine(), "a read-only file");
  const fs::path file = project.database().name();
  for (const Version version : versions_to_strike(project.versions())) {
    const std::string where = "from version " + std::to_string(version);
    project.run(to_version(project.versions(), 0));
    project.run(Request::up_to(version));
    project.make_way(0, project.versions());
    fs::permissions(file, fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read);
    fs::permissions(project.project().folder.path(), fs::perms(0755));
    count.run();
    const int end = wait_for_child(start_child([&] {
      // Permissions do not bind root.
      if (geteuid() == 0 && (setgroups(0, nullptr) != 0 || setgid(nobody) != 0 || setuid(nobody) != 0)) {
        _exit(1);
      }
      const RunReport report = project.project().run(Request::up());
      _exit(report.failed ? 3 : 0);
    }));
    if (end == 0) {
      count.bad(where + ": the run went through");
    }
    fs::permissions(file, fs::perms(0644));
    project.check_after_crash(count, where);
    project.recover(Request::up(), count, where);
    project.check_end(project.versions(), 0, project.history(0), count, where);
  }
}

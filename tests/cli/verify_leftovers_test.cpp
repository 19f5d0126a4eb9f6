#include <doctest/doctest.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "project.hpp"

using namespace toolkit::test;
using namespace std::chrono_literals;

namespace {

/// A set whose second version takes a minute, with a word in it that finds its session.
FileTree slow_set(const std::string& engine, const std::string& word) {
  FileTree files = pairs({"1_a"});
  files["1_a.up.sql"] = "CREATE TABLE a (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(80) NOT NULL);\n";
  files["2_b.up.sql"] = engine == "postgresql"
                            ? "INSERT INTO a (id, name) SELECT 7, '" + word + "' FROM pg_sleep(60);\n"
                            : "INSERT INTO a (id, name) SELECT SLEEP(60), '" + word + "';\n";
  files["2_b.down.sql"] = "DELETE FROM a WHERE id < 9;\n";
  return files;
}

/// A verify at work on the server, in the middle of a statement.
class SlowVerify {
 public:
  SlowVerify(const TestServer& server, const std::string& word)
      : project_(server, slow_set(server.engine, word)),
        command_(project_.command({"verify", "--on", server.url, "--no-rows"})),
        word_(word) {
    for (int turn = 0; turn < 400 && database_.empty(); ++turn) {
      std::this_thread::sleep_for(50ms);
      database_ = project_.database().value(
          is_postgresql()
              ? "SELECT datname FROM pg_stat_activity WHERE datname LIKE 'toolkit%' AND query LIKE '%" +
                    word_ + "%'"
              : "SELECT db FROM information_schema.processlist WHERE db LIKE 'toolkit%' AND info LIKE '%" +
                    word_ + "%'");
    }
  }

  const std::string& database() const { return database_; }
  BackgroundCommand& command() { return command_; }

  bool is_there() const {
    return project_.database().value(
               (is_postgresql() ? "SELECT count(*) FROM pg_database WHERE datname = '"
                                : "SELECT count(*) FROM information_schema.schemata WHERE schema_name = '") +
               database_ + "'") == "1";
  }

  /// What the server still does for the process that is gone.
  void end_its_session() const {
    const std::string sessions = is_postgresql() ? "FROM pg_stat_activity WHERE datname = '"
                                                 : "FROM information_schema.processlist WHERE db = '";
    if (is_postgresql()) {
      project_.database().value("SELECT pg_terminate_backend(pid) " + sessions + database_ + "'");
    } else {
      project_.database().run("KILL " + project_.database().value("SELECT id " + sessions + database_ + "'"));
    }
    for (int turn = 0; turn < 200; ++turn) {
      if (project_.database().value("SELECT count(*) " + sessions + database_ + "'") == "0") {
        return;
      }
      std::this_thread::sleep_for(50ms);
    }
  }

 private:
  bool is_postgresql() const { return project_.engine() == "postgresql"; }

  Project project_;
  BackgroundCommand command_;
  std::string word_;
  std::string database_;
};

/// Another run on the same server, to its end; what it said.
std::string verify_on(const TestServer& server) {
  const Project project(server, pairs({"1_a"}));
  const Outcome outcome = project.run({"verify", "--on", server.url, "--no-rows"});
  CAPTURE(outcome.out);
  CHECK(outcome.exit_code == 0);
  return outcome.out + outcome.err;
}

bool tells_of(const std::string& said, const std::string& what, const std::string& database) {
  const std::size_t at = said.find(what);
  return at != std::string::npos && said.find(database, at) < said.find('\n', at);
}

}  // namespace

TEST_CASE(
    "cli: verify drops what a run that was killed left on a given server, and nothing of one that lives") {
  for (const std::string engine : {"postgresql", "mysql", "mariadb"}) {
    for (const TestServer& server : test_servers(engine)) {
      CAPTURE(server.label);
      const std::string word = "left_" + std::to_string(::getpid());
      SlowVerify living(server, word + "_a");
      SlowVerify killed(server, word + "_b");
      REQUIRE(living.database() != "");
      REQUIRE(killed.database() != "");

      CHECK(verify_on(server).find("ended") == std::string::npos);
      CHECK(killed.is_there());

      // Its statement goes on without it.
      killed.command().send(SIGKILL);
      killed.command().wait();
      CHECK(tells_of(verify_on(server), "left alone, since sessions are in them: ", killed.database()));
      CHECK(killed.is_there());

      killed.end_its_session();
      CHECK(
          tells_of(verify_on(server), "dropped what a run that has ended left behind: ", killed.database()));
      CHECK_FALSE(killed.is_there());

      CHECK(living.is_there());
      CHECK(living.command().is_running());
      living.command().send(SIGINT);
      CHECK(living.command().wait().exit_code == 130);
      CHECK_FALSE(living.is_there());
    }
  }
}

TEST_CASE("cli: what verify was told to keep stays") {
  for (const std::string engine : {"postgresql", "mysql", "mariadb"}) {
    for (const TestServer& server : test_servers(engine)) {
      CAPTURE(server.label);
      const Project project(server, pairs({"1_a"}));
      const Outcome kept = project.run({"verify", "--on", server.url, "--no-rows", "--keep"});
      CHECK(kept.exit_code == 0);
      const std::size_t at = kept.out.find("/toolkit_v_");
      REQUIRE(at != std::string::npos);
      const std::string name = kept.out.substr(at + 1, kept.out.find_first_of(" ?\n", at) - at - 1);
      CHECK(verify_on(server).find(name) == std::string::npos);
      CHECK(project.database().value(
                (engine == "postgresql"
                     ? "SELECT count(*) FROM pg_database WHERE datname = '"
                     : "SELECT count(*) FROM information_schema.schemata WHERE schema_name = '") +
                name + "'") == "1");
      project.database().run("DROP DATABASE " + name);
    }
  }
}

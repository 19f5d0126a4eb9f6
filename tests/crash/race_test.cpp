#include <doctest/doctest.h>
#include <sys/mman.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <new>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "crash_project.hpp"
#include "death.hpp"
#include "unlocked.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

/// The nodes of a cluster follow each other: until `sql` answers through this one.
void wait_until_it_answers(const std::string& url, const std::string& sql) {
  constexpr int attempts = 500;
  for (int attempt = 1;; ++attempt) {
    try {
      open_native(url)->value(sql);
      return;
    } catch (const std::exception& error) {
      REQUIRE_MESSAGE(attempt < attempts, error.what());
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
}

/// What the runners of one round tell each other, in memory that their processes share.
struct Round {
  std::atomic<int> ready{0};
  std::array<std::atomic<int>, 4> done{};  ///< by version: how many runners say that they have run it
  std::atomic<int> refused{0};             ///< runners that ended with an orderly refusal
  std::atomic<int> failed{0};              ///< and with anything else
};

/// What is raced for: a version that counts, so that running it twice shows, and one that fails when it runs
/// twice.
FileTree raced_set(bool rows_only) {
  return {
      {"0001_count.up.sql", "UPDATE counter SET n = n + 1;"},
      {"0001_count.down.sql", "UPDATE counter SET n = n - 1;"},
      {"0002_raced.up.sql", rows_only ? "INSERT INTO raced VALUES (1);" : "CREATE TABLE raced (x INT);"},
      {"0002_raced.down.sql", rows_only ? "DELETE FROM raced;" : "DROP TABLE raced;"},
  };
}

struct RaceOptions {
  bool with_lock = true;
  bool rows_only = false;               ///< no statement that commits by itself
  std::vector<std::string> gates = {};  ///< other ways to the same server or cluster, taken in turns
};

class Race {
 public:
  Race(const TestServer& server, const RaceOptions& options)
      : project_(server, raced_set(options.rows_only)),
        rows_only_(options.rows_only),
        dialects_(options.with_lock ? builtin_dialects() : unlocked(Project::dialects())) {
    void* memory = mmap(nullptr, sizeof(Round), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    REQUIRE(memory != MAP_FAILED);
    round_ = static_cast<Round*>(memory);
    for (const std::string& gate : options.gates) {
      urls_.push_back(with_database(gate, project_.database.name()));
    }
    if (urls_.empty()) {
      urls_ = {project_.database.url()};
    }
    project_.database.run("CREATE TABLE counter (id INT PRIMARY KEY, n INT NOT NULL)");
    project_.database.run("INSERT INTO counter VALUES (1, 0)");
    if (rows_only_) {
      project_.database.run("CREATE TABLE raced (x INT PRIMARY KEY)");
    }
    for (const std::string& url : urls_) {
      wait_until_it_answers(url, rows_only_ ? "SELECT COUNT(*) FROM raced" : "SELECT COUNT(*) FROM counter");
    }
  }
  ~Race() { munmap(round_, sizeof(Round)); }
  Race(const Race&) = delete;
  Race& operator=(const Race&) = delete;

  void rounds(int runners, int count, CrashCount& result) {
    for (int round = 0; round < count; ++round) {
      if (round % 2 == 0 && round > 0) {  // else reverted ones; in the first round the history is made, too
        project_.database.run("DELETE FROM toolkit_history WHERE version > 0");
      }
      const std::string where = std::to_string(runners) + " runners, round " + std::to_string(round);
      run(runners, Request::up(), "1", where + " up", result);
      run(runners, Request::down_to(0), "0", where + " down", result);
    }
  }

 private:
  void run(int runners, const Request& request, const std::string& counted, const std::string& where,
           CrashCount& result) {
    new (round_) Round;
    result.run();
    std::vector<int> children;
    children.reserve(static_cast<std::size_t>(runners));
    for (int i = 0; i < runners; ++i) {
      children.push_back(start_child([&, i] { take_part(i, runners, request); }));
    }
    for (const int child : children) {
      wait_for_child(child);
    }
    for (int i = 0; i < round_->refused; ++i) {
      result.asked();
    }
    // Who was refused looks again when the others are through.
    const RunReport rest = project_.run(request);
    for (const DoneVersion& each : rest.done) {
      ++round_->done.at(static_cast<std::size_t>(each.version));
    }
    const std::string n = project_.database.value("SELECT n FROM counter");
    if (n != counted || raced() != counted) {
      result.bad(where + ": the counter stands at " + n + ", the other at " + raced());
    }
    if (round_->done[1] != 1 || round_->done[2] != 1 || round_->failed != 0) {
      result.bad(where + ": version 1 was run by " + std::to_string(round_->done[1]) + ", version 2 by " +
                 std::to_string(round_->done[2]) + ", failed " + std::to_string(round_->failed));
    }
  }

  std::string raced() const {
    if (rows_only_) {
      return project_.database.value("SELECT COUNT(*) FROM raced");
    }
    return project_.has_table("raced") ? "1" : "0";
  }

  void take_part(int number, int runners, const Request& request) {
    Migrator migrator(dialects_, urls_.at(static_cast<std::size_t>(number) % urls_.size()), project_.options);
    migrator.server();
    for (++round_->ready; round_->ready < runners;) {
      std::this_thread::yield();
    }
    try {
      const RunReport report = migrator.run(request);
      for (const DoneVersion& each : report.done) {
        ++round_->done.at(static_cast<std::size_t>(each.version));
      }
      count_failure(report.failed);
    } catch (const Error& error) {
      count_failure(error.details());
    }
  }

  void count_failure(const std::optional<ErrorDetails>& failure) {
    if (failure) {
      const bool orderly =
          failure->claim_lost || failure->kind == ErrorKind::unsettled || failure->kind == ErrorKind::lock;
      ++(orderly ? round_->refused : round_->failed);
      if (!orderly) {
        std::fprintf(stderr, "%s\n", describe(*failure).c_str());
      }
    }
  }

  Project project_;
  bool rows_only_;
  std::vector<std::string> urls_;
  Registry dialects_;
  Round* round_ = nullptr;
};

void races(const TestServer& server, const RaceOptions& options, const std::string& name) {
  for (const int runners : {2, 8}) {
    CrashCount count(server.label, std::to_string(runners) + " runners, " + name);
    Race(server, options).rounds(runners, crash_options().all ? 100 : 5, count);
  }
}

/// Words of an environment variable.
std::vector<std::string> given(const char* variable) {
  const char* text = std::getenv(variable);
  std::istringstream stream(text == nullptr ? "" : text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) {
    words.push_back(word);
  }
  return words;
}

/// The whole text with which a version that commits by itself is refused, and that nothing of it happened.
void check_refusal(const TestServer& server, const std::string& gate, const FileTree& files) {
  Project project(server, files);
  const std::string url = with_database(gate, project.database.name());
  wait_until_it_answers(url, "SELECT 1");
  Migrator through(Project::dialects(), url, project.options);
  std::string said;
  try {
    const RunReport report = through.run(Request::up());
    said = report.failed ? describe(*report.failed) : "it went through";
  } catch (const Error& error) {
    said = describe(error.details());
  }
  CAPTURE(said);
  CHECK(said.find("commits by itself") != std::string::npos);
  CHECK(said.find("next: ") != std::string::npos);
  CHECK_FALSE(project.has_table("alone"));
  CHECK(project.database.value("SELECT COUNT(*) FROM toolkit_history WHERE mark IS NOT NULL") == "0");
}

}  // namespace

TEST_CASE("runners at once: exactly one applies each version, with the lock and without it") {
  for (const TestServer& server : crash_servers()) {
    CAPTURE(server.label);
    races(server, {}, "with the lock");
    RaceOptions unlocked_runners;
    unlocked_runners.with_lock = false;
    races(server, unlocked_runners, "without the lock");
  }
}

// TOOLKIT_CRASH_POOLER: two URLs, of a PostgreSQL server and of a pooler in transaction mode in front of it.
TEST_CASE("runners at once through a pooler in transaction mode: the claim protects, the rest is refused" *
          doctest::skip(given("TOOLKIT_CRASH_POOLER").size() != 2)) {
  const std::vector<std::string> urls = given("TOOLKIT_CRASH_POOLER");
  const TestServer server{"postgresql", urls[0], "postgresql, pooler"};
  RaceOptions options;
  options.gates = {urls[1]};
  races(server, options, "through the pooler");
  check_refusal(
      server, urls[1],
      {{"0001_alone.up.sql", "CREATE TABLE t (x int);"},
       {"0001_alone.down.sql", "DROP TABLE t;"},
       {"0002_alone.up.sql", "-- toolkit: no-transaction\nCREATE INDEX CONCURRENTLY alone ON t (x);"},
       {"0002_alone.down.sql", "-- toolkit: no-transaction\nDROP INDEX CONCURRENTLY alone;"}});
}

// TOOLKIT_CRASH_CLUSTER: the URLs of the nodes of a Galera cluster.
TEST_CASE("runners at once on the nodes of a cluster: the claim protects, the rest is refused" *
          doctest::skip(given("TOOLKIT_CRASH_CLUSTER").size() < 2)) {
  const std::vector<std::string> urls = given("TOOLKIT_CRASH_CLUSTER");
  const TestServer server{"mariadb", urls[0], "galera, two nodes"};
  RaceOptions options;
  options.rows_only = true;
  options.gates = {urls[0], urls[1]};
  races(server, options, "on two nodes");
  check_refusal(
      server, urls[1],
      {{"0001_alone.up.sql", "CREATE TABLE alone (x int);"}, {"0001_alone.down.sql", "DROP TABLE alone;"}});
}

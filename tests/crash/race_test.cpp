#include <doctest/doctest.h>
#include <sys/mman.h>

#include <algorithm>
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

/// What the runners of one round tell each other, in memory that their processes share.
struct Round {
  std::atomic<int> ready{0};
  std::array<std::atomic<int>, 4> done{};  ///< by version: how many runners say that they have run it
  std::atomic<int> refused{0};             ///< runners that ended with an orderly refusal
  std::atomic<int> failed{0};              ///< and with anything else
};

/// The version 2 counts, so that running it twice shows; the version 3 fails when it runs twice.
FileTree counting_set() {
  return {
      {"0001_counter.up.sql", "CREATE TABLE counter (n INT NOT NULL);"},
      {"0001_counter.down.sql", "DROP TABLE counter;"},
      {"0002_count.up.sql", "UPDATE counter SET n = n + 1;"},
      {"0002_count.down.sql", "UPDATE counter SET n = n - 1;"},
      {"0003_raced.up.sql", "CREATE TABLE raced (x INT);"},
      {"0003_raced.down.sql", "DROP TABLE raced;"},
  };
}

class Race {
 public:
  /// The runners take `urls` in turns: several nodes, or a pooler.
  Race(const TestServer& server, std::vector<std::string> urls, bool with_lock)
      : project_(server, counting_set()),
        urls_(std::move(urls)),
        dialects_(with_lock ? builtin_dialects() : unlocked(Project::dialects())) {
    void* memory = mmap(nullptr, sizeof(Round), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    REQUIRE(memory != MAP_FAILED);
    round_ = static_cast<Round*>(memory);
    if (urls_.empty()) {
      urls_ = {project_.database.url()};
    }
    project_.run(Request::up_to(1));
    project_.database.run("INSERT INTO counter VALUES (0)");
  }
  ~Race() { munmap(round_, sizeof(Round)); }
  Race(const Race&) = delete;
  Race& operator=(const Race&) = delete;

  void rounds(int runners, int count, CrashCount& result) {
    for (int round = 0; round < count; ++round) {
      const bool never_applied = round % 2 == 0;
      if (never_applied) {
        project_.database.run("DELETE FROM toolkit_history WHERE version > 1");
      }
      const std::string where = std::to_string(runners) + " runners, round " + std::to_string(round);
      run(runners, Request::up_to(3), "1", where + " up", result);
      run(runners, Request::down_to(1), "0", where + " down", result);
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
    if (n != counted || project_.has_table("raced") != (counted == "1")) {
      result.bad(where + ": the counter stands at " + n);
    }
    if (round_->done[2] != 1 || round_->done[3] != 1 || round_->failed != 0) {
      result.bad(where + ": version 2 was run by " + std::to_string(round_->done[2]) + ", version 3 by " +
                 std::to_string(round_->done[3]) + ", failed " + std::to_string(round_->failed));
    }
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
  std::vector<std::string> urls_;
  Registry dialects_;
  Round* round_ = nullptr;
};

void races(const TestServer& server, const std::vector<std::string>& urls, bool with_lock,
           const std::string& name) {
  const int rounds = crash_options().all ? 100 : 5;
  for (const int runners : {2, 8}) {
    CrashCount count(server.label, std::to_string(runners) + " runners, " + name + ", up and down");
    Race(server, urls, with_lock).rounds(runners, rounds, count);
  }
}

}  // namespace

TEST_CASE("runners at once: exactly one applies each version, with the lock and without it") {
  for (const TestServer& server : test_servers()) {
    CAPTURE(server.label);
    races(server, {}, true, "with the lock");
    races(server, {}, false, "without the lock");
  }
}

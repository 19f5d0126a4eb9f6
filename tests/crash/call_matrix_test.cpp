#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "crash_project.hpp"
#include "death.hpp"
#include "executions.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

/// Stops a recorder when the second version begins: its requests belong to the next window.
class FirstVersion final : public SilentObserver {
 public:
  explicit FirstVersion(PointRecorder& recorder) : recorder_(recorder) {}
  void started(const Task& task) override {
    if (first_ == 0) {
      first_ = task.version;
    } else if (first_ != task.version) {
      recorder_.stop();
    }
  }

 private:
  PointRecorder& recorder_;
  Version first_ = 0;
};

/// Walks over the set in windows of two versions, so that the write that ends one version and claims the next
/// is one of the requests: up from `low` to `high`, and down again.
class CallMatrix {
 public:
  /// `part` of `parts` is run, in turns that the seed begins.
  CallMatrix(CrashProject& project, int parts)
      : project_(project), parts_(parts), turn_(static_cast<int>(crash_options().seed % 1'000)) {}

  void run(CrashCount& count) {
    for (int low = 0; low + 1 <= project_.versions(); ++low) {
      const int high = std::min(low + 2, project_.versions());
      project_.run(Request::up_to(low));
      const Way ups = record(low, high, low + 2 >= project_.versions());
      const Way downs = record(high, low, low == 0);
      for (std::size_t i = 0; i < std::max(ups.points.size(), downs.points.size()); ++i) {
        try_point(ups, i, count);
        try_point(downs, i, count);
      }
    }
  }

 private:
  struct Way {
    int from = 0;
    int to = 0;
    std::vector<FaultPoint> points;
    std::string history;                    ///< of an uninterrupted run
    std::map<std::string, int> executions;  ///< and what its server has executed
  };

  Way record(int from, int to, bool whole) {
    Way way{from, to, {}, {}, {}};
    const Executions executions(project_.session(), project_.set());
    project_.make_way(from, to);
    PointRecorder recorder;
    SilentObserver silent;
    FirstVersion first(recorder);
    const RunReport report = project_.project().migrator().run(
        to_version(from, to), whole ? static_cast<RunObserver&>(silent) : first);
    REQUIRE_MESSAGE(!report.failed, describe(report.failed.value_or(ErrorDetails())));
    way.points = recorder.points();
    way.history = project_.history(std::max(from, to));
    way.executions = executions.since(project_.session(), std::min(from, to), std::max(from, to));
    return way;
  }

  /// Without a fault where there is no such point, or not its turn: the other way needs the walk.
  void try_point(const Way& way, std::size_t index, CrashCount& count) {
    const Request request = to_version(way.from, way.to);
    if (index >= way.points.size() || turn_++ % parts_ != 0) {
      project_.run(request);
      return;
    }
    const FaultPoint& point = way.points[index];
    const std::string where = (way.from < way.to ? "up " : "down ") + std::to_string(way.from) + " to " +
                              std::to_string(way.to) + ", " + to_string(point);
    const bool never_applied = way.from < way.to && index % 2 == 0;
    if (never_applied) {
      project_.forget_above(way.from);
    }
    count.run();
    const Executions executions(project_.session(), project_.set());
    project_.make_way(way.from, way.to);
    const ChildEnd end = die_at(point, [&] { project_.project().run(request); });
    if (end != ChildEnd::died_as_planned) {
      count.bad(where +
                (end == ChildEnd::failed ? ": the run failed" : ": the run did not come to this point"));
    }
    project_.check_after_crash(count, where);
    project_.recover(request, count, where);
    project_.check_end(way.to, std::max(way.from, way.to), way.history, count, where);
    check_executions(executions, way, count, where);
    if (count.has_bad() && project_.now() != project_.state_at(way.to)) {
      project_.start_over(way.to);
    }
  }

  void check_executions(const Executions& executions, const Way& way, CrashCount& count,
                        const std::string& where) {
    if (executions.counts()) {
      int again = 0;
      const std::string fault = execution_fault(
          way.executions,
          executions.since(project_.session(), std::min(way.from, way.to), std::max(way.from, way.to)),
          project_.set(), again);
      count.again(again);
      if (!fault.empty()) {
        count.bad(where + ": " + fault);
      }
    }
  }

  CrashProject& project_;
  int parts_;
  int turn_;
};

void every_call(const TestServer& server, int parts) {
  CrashProject project(server);
  const std::string part = parts == 1 ? "" : ", a part of " + std::to_string(parts);
  const bool logs = Executions(project.session(), project.set()).counts();
  CrashCount count(project.engine(), "every call, up and down" + part + (logs ? ", binary log" : ""));
  CallMatrix(project, parts).run(count);
}

/// Every server with --all, else the first one.
void every_call_on(const std::string& engine, int parts) {
  for (const TestServer& server : test_servers(engine)) {
    CAPTURE(server.label);
    every_call(server, crash_options().all ? 1 : parts);
    if (!crash_options().all) {
      break;
    }
  }
}

constexpr int rotating = 3;  // in CI a third of the points, on one server of the family

}  // namespace

TEST_CASE("sqlite: the tool dies before and behind each request, and the next run converges") {
  every_call_on("sqlite", 1);
}

TEST_CASE("postgresql: the tool dies before, after and behind each request, and the next run converges") {
  every_call_on("postgresql", 1);
}

TEST_CASE("mysql: the tool dies before, after and behind each request, and the next run converges") {
  every_call_on("mysql", rotating);
}

TEST_CASE("mariadb: the tool dies before, after and behind each request, and the next run converges") {
  if (crash_options().all || test_servers("mysql").empty()) {
    every_call_on("mariadb", rotating);
  }
}

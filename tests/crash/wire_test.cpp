#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>

#include "../support/cutting_proxy.hpp"
#include "crash_project.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

using Cut = CuttingProxy::Cut;

/// Runs one window after the other through a wire that is cut at each message. The run connects again and
/// goes on by itself, or fails; the next one, without the proxy, must converge.
class WireCuts {
 public:
  WireCuts(CrashProject& project, int parts)
      : project_(project),
        proxy_(std::make_unique<CuttingProxy>(project.database().url())),
        parts_(parts),
        turn_(static_cast<int>(crash_options().seed % 1'000)) {}

  void run(CrashCount& count) {
    for (int low = 0; low + 2 <= project_.versions(); low += 2) {
      project_.run(Request::up_to(low));
      const Way up = measure(low, low + 2);
      const Way down = measure(low + 2, low);
      for (int message = 1; message <= std::max(up.messages, down.messages); ++message) {
        for (const Cut cut : {Cut::before_request, Cut::before_answer, Cut::behind_answer}) {
          const bool cuts_up = is_chosen(up, message);
          const bool cuts_down = is_chosen(down, message);
          if (cuts_up || cuts_down) {
            go(up, cuts_up ? message : 0, cut, count);
            go(down, cuts_down ? message : 0, cut, count);
          }
        }
      }
    }
  }

 private:
  struct Way {
    int from = 0;
    int to = 0;
    int messages = 0;
    std::string history;
  };

  /// A Migrator of its own, as a person would start it again.
  RunReport run_through_proxy(const Way& way) {
    return Migrator(Project::dialects(), proxy_->url(), project_.project().options)
        .run(to_version(way.from, way.to));
  }

  Way measure(int from, int to) {
    Way way{from, to, 0, {}};
    proxy_->arm(0, Cut::never);
    const RunReport report = run_through_proxy(way);
    REQUIRE_MESSAGE(!report.failed, describe(report.failed.value_or(ErrorDetails())));
    way.messages = proxy_->seen();
    way.history = project_.history(std::max(from, to));
    return way;
  }

  bool is_chosen(const Way& way, int message) { return message <= way.messages && turn_++ % parts_ == 0; }

  /// One way of the window, cut at the message; 0: there and back belong together, this one is left whole.
  void go(const Way& way, int message, Cut cut, CrashCount& count) {
    const Request request = to_version(way.from, way.to);
    if (message == 0) {
      project_.run(request);
      return;
    }
    const std::string where = std::to_string(way.from) + " to " + std::to_string(way.to) + ", message " +
                              std::to_string(message) + ", cut " + std::to_string(static_cast<int>(cut));
    proxy_->arm(message, cut);
    try {
      run_through_proxy(way);
    } catch (const Error&) {  // whatever it says, the next run must converge
    }
    if (proxy_->has_cut()) {  // fewer messages came: several of a pipeline in one piece
      count.run();
    }
    proxy_->arm(0, Cut::never);
    project_.check_after_crash(count, where);
    project_.recover(request, count, where);
    project_.check_end(way.to, std::max(way.from, way.to), way.history, count, where);
    if (count.has_bad() && project_.now() != project_.state_at(way.to)) {
      project_.start_over(way.to);
      proxy_ = std::make_unique<CuttingProxy>(project_.database().url());
    }
  }

  CrashProject& project_;
  std::unique_ptr<CuttingProxy> proxy_;
  int parts_;
  int turn_;
};

}  // namespace

TEST_CASE("the wire is cut before and behind each message, and the next run converges") {
  constexpr int part_in_ci = 101;  // prime: no message is always the one
  for (const TestServer& server : crash_servers()) {
    if (server.engine != "sqlite") {
      CAPTURE(server.label);
      CrashProject project(server);
      CrashCount count(project.engine(), "the wire cut at each message");
      WireCuts(project, crash_options().all ? 1 : part_in_ci).run(count);
    }
  }
}

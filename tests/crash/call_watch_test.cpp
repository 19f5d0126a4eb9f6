#include "toolkit/call_watch.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "../contract/project.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

/// Keeps what it was told while it lives.
class Heard final : public CallWatch {
 public:
  Heard() { call_watch = this; }
  ~Heard() override { call_watch = nullptr; }
  Heard(const Heard&) = delete;
  Heard& operator=(const Heard&) = delete;

  void at(CallMoment moment, const WatchedCall& call) noexcept override {
    texts[moment].emplace_back(call.text);
    kinds.emplace_back(call.kind);
    has_socket = has_socket || call.socket > 2;
  }
  bool was_told(CallMoment moment, const std::string& begin) {
    const auto& told = texts[moment];
    return std::any_of(told.begin(), told.end(),
                       [&](const std::string& text) { return text.starts_with(begin); });
  }

  std::map<CallMoment, std::vector<std::string>> texts;
  std::vector<std::string> kinds;
  bool has_socket = false;
};

}  // namespace

TEST_CASE(
    "every request passes the watch, from its begin to its answer, the migrations' texts byte for byte") {
  FOR_EACH_SERVER(server) {
    Project project(server, three_tables());
    Heard told;
    REQUIRE(project.outcome(Request::up()) == " +1 +2 +3");
    CHECK(told.kinds.front() == "connect");
    for (const std::string text : {"CREATE TABLE a (n INTEGER NOT NULL)",
                                   "CREATE TABLE c (n INTEGER NOT NULL)", "INSERT INTO", "SELECT"}) {
      CAPTURE(text);
      CHECK(told.was_told(CallMoment::before, text));
      CHECK(told.was_told(CallMoment::answered, text));
    }
    CHECK(told.texts[CallMoment::before].size() > 12);
    std::vector<std::string> begun = told.texts[CallMoment::before];
    std::vector<std::string> ended = told.texts[CallMoment::answered];
    std::sort(begun.begin(), begun.end());
    std::sort(ended.begin(), ended.end());
    CHECK(begun == ended);
    CHECK(told.has_socket == !project.is("sqlite"));
    CHECK(told.was_told(CallMoment::sent, "CREATE TABLE b") == !project.is("sqlite"));
  }
}

#include <doctest/doctest.h>

#include "../support/thrown.hpp"
#include "fake_server.hpp"

using namespace toolkit;
using namespace toolkit::test;

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

TEST_CASE("who stands in the way is told with each try, where the server's error has it as a hint") {
  Setup setup;
  ErrorDetails details = busy();
  details.hint = "held by connection 7";
  setup.server.next = {fails_with(details)};
  CHECK(Setup::text(setup.run()) == "+1 +2 +3 +4 0->4");
  CHECK(setup.notes.all.find("locked (held by connection 7); trying again in ") == 0);
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

TEST_CASE("a lost connection is made again, and the rest runs") {
  Setup setup;
  setup.server.next = {[&](const auto& unit, auto& observer) { setup.server.succeed(unit, observer); },
                       fails_with(lost())};
  CHECK(Setup::text(setup.run()) == "+1 +2 +3 +4 0->4");
  CHECK(setup.server.runs == "[+1][+2][+2][+3][+4]");
  CHECK(setup.server.log == "");
  CHECK(setup.notes.all == "locked; connecting again\n");
}

TEST_CASE("a connection lost at the commit: what landed is reported and not run again") {
  Setup setup;
  setup.server.next = {[&](const UnitOfWork& unit, RunObserver&) {
    setup.server.apply(unit.tasks.front());
    throw Error(lost());
  }};
  CHECK(Setup::text(setup.run()) == "+1 +2 +3 +4 0->4");
  CHECK(setup.server.runs == "[+1][+2][+3][+4]");
}

TEST_CASE("after a lost connection 'up 2' still means two versions") {
  Setup setup;
  setup.server.next = {[&](const UnitOfWork& unit, RunObserver&) {
    setup.server.apply(unit.tasks.front());
    throw Error(lost());
  }};
  CHECK(Setup::text(setup.run(Request{RequestKind::up, 2, {}, false})) == "+1 +2 0->2");
  CHECK(setup.server.runs == "[+1][+2]");
}

TEST_CASE("a server that is gone for good: the failure is told, not logged on the session that is gone") {
  Setup setup;
  setup.server.next = {fails_with(lost()), fails_with(lost()), fails_with(lost())};
  CHECK(Setup::text(setup.run()) == "failed 0001_a untouched 2 untouched 3 untouched 4 0->0");
  CHECK(setup.server.runs == "[+1][+1][+1]");
  CHECK(setup.server.log == "");
}

TEST_CASE("a server that does not come back: the current version is the one that was reached") {
  Setup setup;
  setup.server.next = {[&](const auto& unit, auto& observer) { setup.server.succeed(unit, observer); },
                       [&](const UnitOfWork& unit, RunObserver& observer) {
                         setup.dialect->connection = nullptr;
                         fails_with(lost())(unit, observer);
                       }};
  CHECK(Setup::text(setup.run()) == "+1 failed 0002_b untouched 3 untouched 4 0->1");
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
    setup.server.run_id = "of another run";
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
        setup.server.run_id = "of another run";
        setup.server.apply(unit.tasks.front());
        throw Error(claim_lost());
      },
      fails_with(refused())};
  CHECK(Setup::text(setup.run()) == "+1 failed 0003_c untouched 4 0->2");
}

TEST_CASE(
    "what was done before a lost claim is told, although the next attempt ends before it runs anything") {
  Setup setup;
  setup.server.judgement = {Verdict::undecided, "a lock of a session holds on one node only", "", ""};
  setup.server.next = {
      [&](const UnitOfWork& unit, RunObserver& observer) { setup.server.succeed(unit, observer); },
      [&](const UnitOfWork& unit, RunObserver&) {
        setup.server.run_id = "of another run";
        setup.server.interrupt(unit.tasks.front(), 0);
        throw Error(claim_lost());
      }};
  const RunReport report = setup.run();
  CHECK(Setup::text(report) == "+1 failed 0002_b untouched 3 untouched 4 0->1");
  CHECK(report.failed->kind == ErrorKind::unsettled);
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

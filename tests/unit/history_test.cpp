#include "toolkit/history.hpp"

#include <doctest/doctest.h>

#include "../support/thrown.hpp"

using namespace toolkit;
using toolkit::test::text_thrown_by;

TEST_CASE("persistent: the words of states and origins") {
  CHECK(to_string(State::pending) == "pending");
  CHECK(to_string(State::applying) == "applying");
  CHECK(to_string(State::applied) == "applied");
  CHECK(to_string(State::reverting) == "reverting");
  CHECK(to_string(State::reverted) == "reverted");
  CHECK(to_string(Origin::run) == "run");
  CHECK(to_string(Origin::baseline) == "baseline");
  CHECK(to_string(Origin::loaded) == "loaded");
  CHECK(to_string(Origin::adopted) == "adopted");
  CHECK(to_string(Origin::settled) == "settled");
  for (const State state :
       {State::pending, State::applying, State::applied, State::reverting, State::reverted}) {
    CHECK(parse_state(to_string(state)) == state);
  }
  for (const Origin origin :
       {Origin::run, Origin::baseline, Origin::loaded, Origin::adopted, Origin::settled}) {
    CHECK(parse_origin(to_string(origin)) == origin);
  }
  CHECK(history_format == 1);
}

TEST_CASE("a word that no format knows is the server's fault") {
  CHECK(text_thrown_by([] { parse_state("dirty"); }) ==
        "error: the history holds the unknown state 'dirty'\n"
        "  next: it was written by something else than this tool; nothing was changed\n");
  CHECK(text_thrown_by([] { parse_origin("Run"); }) ==
        "error: the history holds the unknown origin 'Run'\n"
        "  next: it was written by something else than this tool; nothing was changed\n");
  CHECK(test::thrown_by([] { parse_state(""); }).kind == ErrorKind::server);
}

TEST_CASE("the current version is the highest applied one") {
  const auto row = [](Version version, State state) {
    HistoryRow made;
    made.version = version;
    made.state = state;
    return made;
  };
  History history;
  CHECK(history.current() == 0);
  CHECK(history.find(1) == nullptr);
  history.rows = {row(2, State::applied), row(5, State::applied), row(7, State::reverted),
                  row(9, State::applying)};
  CHECK(history.current() == 5);
  CHECK(history.find(7) == &history.rows[2]);
  CHECK(history.find(3) == nullptr);
  CHECK(history.find(10) == nullptr);
}

// Another value would let two releases of the toolkit run at the same time.
TEST_CASE("persistent: the lock's name and number") {
  const HistoryPlace place{"public", "toolkit_history", "toolkit_log"};
  // printf 'toolkit\0app\0public\0toolkit_history' | sha256sum
  CHECK(lock_name("app", place) == "tk_b293f55329f4c7d2232df1e569b44947b2990b1a184bf582");
  CHECK(lock_number("app", place) == -5578845775846914094);
  const HistoryPlace main{"main", "toolkit_history", "toolkit_log"};
  CHECK(lock_name("", main) == "tk_e60ee774937c3cf459962f7770f4f5f1407faf2aff223c11");
  CHECK(lock_number("", main) == -1869302307435561740);
}

TEST_CASE("the lock's name depends on database, schema and table, and on their borders") {
  const std::string one = lock_name("ab", {"c", "t", "l"});
  CHECK(one != lock_name("a", {"bc", "t", "l"}));
  CHECK(one != lock_name("ab", {"c", "u", "l"}));
  CHECK(one == lock_name("ab", {"c", "t", "other_log"}));
  CHECK(one.size() == 51);  // MySQL refuses names above 64 characters
}

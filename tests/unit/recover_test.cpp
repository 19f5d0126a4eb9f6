#include <doctest/doctest.h>

#include "../../src/plan_parts.hpp"
#include "../support/thrown.hpp"
#include "fake_server.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

/// Versions 1 and 2 are applied; a runner took 3 and ended in the middle of its statement.
struct Interrupted3 : Setup {
  explicit Interrupted3(Direction direction = Direction::up) {
    run(Request::up_to(direction == Direction::up ? 2 : 3));
    FolderOptions files;
    files.path = folder.path().string();
    const MigrationSet set =
        load_set(read_folder(files), "postgresql", dialect->script_syntax("postgresql", ""));
    server.interrupt(plan_task(set, *set.find(3), direction, 1, *dialect).task, 0);
    server.runs.clear();
  }
};

}  // namespace

TEST_CASE("an interrupted version that took effect is recorded, logged, told, and not run again") {
  Interrupted3 setup;
  setup.server.judgement = {Verdict::took_effect, "the table is there", "", ""};
  const RunReport report = setup.run();
  CHECK(Setup::text(report) == "+4 2->4");
  CHECK(report.settled == std::vector<Version>{3});
  CHECK(setup.server.runs == "?3 by the mark [+4]");
  CHECK(setup.server.log == "settle 3;");
  CHECK(setup.notes.all ==
        "version 0003_c was interrupted (by who at ): its statement took effect (the table is there)\n");
}

TEST_CASE("an interrupted version that left nothing behind runs again") {
  Interrupted3 setup;
  setup.server.judgement = {Verdict::left_nothing, "the table is not there", "", ""};
  CHECK(Setup::text(setup.run()) == "+3 +4 2->4");
  CHECK(setup.server.runs == "?3 by the mark [+3][+4]");
}

TEST_CASE("an interrupted down is settled in the same way") {
  Interrupted3 setup(Direction::down);
  SUBCASE("it took effect") {
    setup.server.judgement = {Verdict::took_effect, "the table is gone", "", ""};
    CHECK(Setup::text(setup.run(Request::down_to(1))) == "-2 2->1");
  }
  SUBCASE("it left nothing behind") {
    setup.server.judgement = {Verdict::left_nothing, "the table is there", "", ""};
    CHECK(Setup::text(setup.run(Request::down_to(1))) == "-3 -2 2->1");
  }
}

TEST_CASE("where nobody can tell, nothing runs, and both states are shown with the two ways out") {
  Interrupted3 setup;
  setup.server.judgement = {Verdict::undecided, "no rule for CALL", "table a: 1", "table a: 2"};
  CHECK(text_thrown_by([&] { setup.run(); }) ==
        "error: version 0003_c was interrupted while applying (step 1 of 1, by who at ), and whether its "
        "statement took effect cannot be told: no rule for CALL\n  before: table a: 1\n  now:    table a: 2\n"
        "  next: look at the database, then say which it is: 'toolkit settle 3 --as applied' if it took "
        "effect, 'toolkit settle 3 --as pending' if it did not\n");
  CHECK(setup.server.runs == "?3 by the mark ");
}

TEST_CASE("a file that was edited since its claim is not judged") {
  Interrupted3 setup;
  write_files(setup.folder.path(), {{"0003_c.up.sql", "CREATE something else"}});
  CHECK(text_thrown_by([&] { setup.run(); }) ==
        "error: version 0003_c was interrupted while applying (step 1 of 1, by who at ), and its file has "
        "changed since, so nobody can say what was sent\n"
        "  next: restore the file, then run again; or look at the database and say which it is: 'toolkit "
        "settle 3 --as applied' if it took effect, 'toolkit settle 3 --as pending' if it did not\n");
  CHECK(setup.server.runs == "");
}

TEST_CASE(
    "a version that its runner finished while we looked is not asked about: the history is read again") {
  Interrupted3 setup;
  setup.server.moves_on = [&] {
    setup.server.settle(3, "applied", "1");
    setup.server.mark.reset();
  };
  CHECK(Setup::text(setup.run()) == "+4 3->4");
  CHECK(setup.server.runs == "[+4]");
  CHECK(setup.server.log == "");
}

TEST_CASE("a runner that is at work again and again is told as such") {
  Interrupted3 setup;
  setup.server.mark.reset();
  CHECK(text_thrown_by([&] { setup.run(); }) ==
        "error: another runner is at work on version 3\n"
        "  next: run again when it has ended; 'toolkit status' shows how far it is\n");
  CHECK(setup.server.runs == "");
}

TEST_CASE("a plan that only shows counts an interrupted version as one that runs, and says so") {
  Interrupted3 setup;
  const Plan plan = Migrator(setup.registry, "fake://host/db", setup.options).plan(Request::up());
  CHECK(plan.notes ==
        std::vector<std::string>{"0003_c was interrupted: a run first finds out what became of it"});
  CHECK(plan.units.size() == 2);
  CHECK(setup.server.runs == "");
}

TEST_CASE("what a probe answers") {
  for (const char* yes : {"t", "TRUE", "1", "yes", "On", "42", "-1", "0.5", "y"}) {
    CHECK(says_yes(yes));
  }
  for (const char* no : {"", "f", "false", "0", "0.00", "-0", "no", "off", "maybe", "-", "1x"}) {
    CHECK_FALSE(says_yes(no));
  }
}

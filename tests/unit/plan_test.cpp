#include "toolkit/plan.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "../support/thrown.hpp"
#include "fake_dialect.hpp"
#include "toolkit/checksum.hpp"

using namespace toolkit;
using toolkit::test::FakeDialect;

namespace {

using Texts = std::vector<std::string>;

Script script_of(const std::string& stem, const std::string& direction, const Texts& texts) {
  Script script;
  script.level = "shared";
  Texts checksums;
  for (const std::string& text : texts) {
    Step step;
    step.number = static_cast<int>(script.steps.size()) + 1;
    step.path = "db/" + stem + "." + direction +
                (texts.size() > 1 ? "." + std::to_string(step.number) : std::string()) + ".sql";
    step.file_text = text + ";\n";
    step.sql = text;
    step.checksum = checksum_of_text(text);
    checksums.push_back(step.checksum);
    script.steps.push_back(std::move(step));
  }
  script.checksum = checksum_of_steps(checksums);
  return script;
}

/// Files and history of one database, and what is asked of them.
struct Database {
  MigrationSet set;
  History history;
  PlanOptions options;
  FakeDialect dialect;

  Database() {
    set.dialect = "postgresql";
    history.exists = true;
    history.format = 1;
  }

  Migration& add(Version version, const Texts& up = {"CREATE"}, const Texts& down = {"REMOVE"}) {
    Migration migration;
    migration.version = version;
    migration.digits = (version < 10 ? "000" : "00") + std::to_string(version);
    migration.name = std::string(1, static_cast<char>('a' + (version - 1) % 26));
    const std::string stem = migration.digits + "_" + migration.name;
    migration.up = script_of(stem, "up", up);
    migration.down = script_of(stem, "down", down);
    set.migrations.push_back(std::move(migration));
    return set.migrations.back();
  }

  HistoryRow& record(Version version, State state = State::applied) {
    HistoryRow row;
    row.version = version;
    row.state = state;
    row.run_id = "r";
    row.applied_by = "anna@host 1";
    row.started_at = "2026-01-02T03:04:05.000006Z";
    if (const Migration* migration = set.find(version)) {
      row.name = migration->name;
      row.up_checksum = migration->up.checksum;
      row.down_checksum = migration->down.checksum;
      row.steps = static_cast<int>(migration->up.steps.size());
      row.step = state == State::applied ? row.steps : 0;
      const auto list = [](const Script& script) {
        std::string json;
        for (const Step& step : script.steps) {
          json += (json.empty() ? "\"" : ",\"") + step.checksum + "\"";
        }
        return "[" + json + "]";
      };
      row.step_checksums = "{\"up\":" + list(migration->up) + ",\"down\":" + list(migration->down) + "}";
    } else {
      row.name = "gone";
    }
    const auto place = std::find_if(history.rows.begin(), history.rows.end(),
                                    [version](const HistoryRow& each) { return each.version > version; });
    return *history.rows.insert(place, row);
  }

  Plan plan(const Request& request) const { return make_plan(set, history, request, options, dialect); }
  std::string refusal(const Request& request) const {
    return test::text_thrown_by([&] { plan(request); });
  }
  ErrorKind refusal_kind(const Request& request) const {
    return test::thrown_by([&] { plan(request); }).kind;
  }
};

/// Five versions, the first three applied.
Database three_of_five() {
  Database database;
  for (Version version = 1; version <= 5; ++version) {
    database.add(version);
  }
  for (Version version = 1; version <= 3; ++version) {
    database.record(version);
  }
  return database;
}

/// "+1 +2 | -3": units apart, up and down.
std::string work_of(const Plan& plan) {
  std::string text;
  for (const PlannedUnit& unit : plan.units) {
    text += text.empty() ? "" : " |";
    for (const Task& task : unit.work.tasks) {
      text += std::string(text.empty() ? "" : " ") + (task.direction == Direction::up ? "+" : "-") +
              std::to_string(task.version);
    }
  }
  return text;
}

std::string work(const Database& database, const Request& request) { return work_of(database.plan(request)); }

Request counted(RequestKind kind, std::int64_t count) { return {kind, count, {}, false}; }
Request go_to(Version version) { return {RequestKind::go_to, {}, version, false}; }
Request down() { return {RequestKind::down, {}, {}, false}; }
Request redo() { return {RequestKind::redo, {}, {}, false}; }

std::string problems_of(const Database& database) {
  std::string text;
  for (const Problem& problem : find_problems(database.set, database.history)) {
    text += describe(error_of(problem).details());
  }
  return text;
}

}  // namespace

TEST_CASE("up: all, the next N, up to a version") {
  const Database database = three_of_five();
  CHECK(work(database, Request::up()) == "+4 | +5");
  CHECK(work(database, counted(RequestKind::up, 1)) == "+4");
  CHECK(work(database, counted(RequestKind::up, 7)) == "+4 | +5");
  CHECK(work(database, Request::up_to(4)) == "+4");
  CHECK(work(database, Request::up_to(5)) == "+4 | +5");
  CHECK(work(database, Request::up_to(3)) == "");
  const Plan plan = database.plan(Request::up());
  CHECK(plan.from == 3);
  CHECK(plan.to == 5);
}

TEST_CASE("up to a version below the current one, or to none, is a mistake") {
  const Database database = three_of_five();
  CHECK(database.refusal(Request::up_to(2)) ==
        "error: version 2 is below the current version 3\n"
        "  next: to go there use 'toolkit down --to' or 'toolkit goto'\n");
  CHECK(database.refusal(Request::up_to(9)) ==
        "error: there is no version 9\n"
        "  next: the newest is 0005\n");
  CHECK(database.refusal_kind(Request::up_to(2)) == ErrorKind::usage);
  CHECK(database.refusal_kind(Request::up_to(9)) == ErrorKind::usage);
}

TEST_CASE("down: one, N, to a version that stays, to nothing, all") {
  const Database database = three_of_five();
  CHECK(work(database, down()) == "-3");
  CHECK(work(database, counted(RequestKind::down, 2)) == "-3 | -2");
  CHECK(work(database, counted(RequestKind::down, 9)) == "-3 | -2 | -1");
  CHECK(work(database, Request::down_to(1)) == "-3 | -2");
  CHECK(work(database, Request::down_to(3)) == "");
  CHECK(work(database, Request::down_to(0)) == "-3 | -2 | -1");
  CHECK(work(database, {RequestKind::down, {}, {}, true}) == "-3 | -2 | -1");
  CHECK(database.plan(Request::down_to(1)).to == 1);
  CHECK(database.plan(Request::down_to(0)).to == 0);
  CHECK(database.refusal(Request::down_to(4)) ==
        "error: version 4 is not applied, so 'down --to' cannot leave it applied\n"
        "  next: the current version is 3\n");
}

TEST_CASE("goto is up or down") {
  const Database database = three_of_five();
  CHECK(work(database, go_to(5)) == "+4 | +5");
  CHECK(work(database, go_to(1)) == "-3 | -2");
  CHECK(work(database, go_to(3)) == "");
  CHECK(work(database, go_to(0)) == "-3 | -2 | -1");
  CHECK(database.refusal_kind(go_to(9)) == ErrorKind::usage);
  Database empty;
  empty.add(1);
  CHECK(work(empty, go_to(0)) == "");
  CHECK(work(empty, go_to(1)) == "+1");
}

TEST_CASE("redo is one plan of downs and ups, told to the log") {
  const Database database = three_of_five();
  CHECK(work(database, redo()) == "-3 | +3");
  CHECK(work(database, counted(RequestKind::redo, 2)) == "-3 | -2 | +2 | +3");
  const Plan plan = database.plan(redo());
  CHECK(plan.from == 3);
  CHECK(plan.to == 3);
  CHECK(plan.units[0].work.tasks[0].log_action == "redo");
  CHECK(plan.units[1].work.tasks[0].log_action == "redo");
  CHECK(database.plan(Request::up()).units[0].work.tasks[0].log_action == "");
}

TEST_CASE("reverted and pending versions go up again; a down leaves them alone") {
  Database database = three_of_five();
  database.record(4, State::reverted);
  database.record(5, State::pending);
  CHECK(work(database, Request::up()) == "+4 | +5");
  CHECK(work(database, counted(RequestKind::down, 9)) == "-3 | -2 | -1");
  CHECK(problems_of(database) == "");
}

TEST_CASE("a late version stops an up unless it is allowed") {
  Database database = three_of_five();
  database.history.rows.erase(database.history.rows.begin() + 1);
  const std::string text =
      "db/0002_b.up.sql: version 0002_b is late: version 3 is applied already\n"
      "  next: run it now with --allow-late; or give it a number above 3: 'toolkit renumber 0002'; or record "
      "it "
      "without running: 'toolkit baseline --only 0002'\n";
  CHECK(problems_of(database) == text);
  CHECK(database.refusal(Request::up()) == text);
  CHECK(database.refusal_kind(Request::up()) == ErrorKind::late);
  CHECK(database.refusal(counted(RequestKind::up, 1)) == text);
  CHECK(work(database, down()) == "-3");
  database.options.allow_late = true;
  CHECK(work(database, Request::up()) == "+2 | +4 | +5");
  const Plan plan = database.plan(Request::up());
  CHECK(plan.units[0].work.tasks[0].log_action == "allow-late");
  CHECK(plan.units[1].work.tasks[0].log_action == "");
}

TEST_CASE("a reverted version below the current one is late too") {
  Database database = three_of_five();
  database.history.rows[0].state = State::reverted;
  CHECK(database.refusal_kind(Request::up()) == ErrorKind::late);
}

TEST_CASE("an edited up of an applied version is an error, unless the file says that it means the same") {
  Database database = three_of_five();
  const std::string now = database.set.migrations[1].up.checksum;
  database.history.rows[1].up_checksum = "sha256:before";
  const std::string text =
      "db/0002_b.up.sql: version 0002_b was changed after it was applied (applied sha256:before, now " + now +
      ")\n"
      "  next: restore the file and write the change as a new migration; or, where the new text means the "
      "same, add the line '-- toolkit: also-checksum sha256:before' to it\n";
  CHECK(problems_of(database) == text);
  CHECK(database.refusal(Request::up()) == text);
  CHECK(database.refusal_kind(Request::up()) == ErrorKind::changed);
  CHECK(work(database, counted(RequestKind::down, 2)) == "-3 | -2");
  database.set.migrations[1].up.steps[0].directives.also_checksums = {"sha256:other", "sha256:before"};
  CHECK(problems_of(database) == "");
  CHECK(work(database, Request::up()) == "+4 | +5");
}

TEST_CASE("an edited up of a version that is not applied is nobody's business") {
  Database database = three_of_five();
  database.record(4, State::reverted).up_checksum = "sha256:before";
  CHECK(problems_of(database) == "");
}

TEST_CASE("an applied version without files stops an up, and a down that would need it") {
  Database database = three_of_five();
  database.set.migrations.resize(3);
  database.record(6);
  const std::string missing =
      "error: version 6_gone is recorded as applied but has no file: it is newer than every file here\n"
      "  next: use the newer checkout that applied it; or start this one all the same with --allow-ahead; or "
      "bring its files back from version control; or, where they are gone for good: "
      "'toolkit settle 6 --as forgotten'\n";
  CHECK(database.refusal(Request::up()) == missing);
  CHECK(problems_of(database) == missing);
  CHECK(database.refusal(down()) ==
        "error: version 6_gone is applied but its down file is not there\n"
        "  next: bring its files back from version control, or use the way back that the history keeps: "
        "--from-history\n");
  CHECK(database.refusal_kind(down()) == ErrorKind::missing);
}

TEST_CASE("a way back from the history serves only where there is no file") {
  Database database = three_of_five();
  HistoryRow& row = database.record(6);
  Migration stored;
  stored.version = 6;
  stored.name = "gone";
  stored.down = script_of("0006_gone", "down", {"FROM HISTORY"});
  row.down_checksum = stored.down.checksum;
  Migration other = stored;
  other.version = 3;
  database.options.stored_downs = {other, stored};
  const Plan plan = database.plan(counted(RequestKind::down, 2));
  CHECK(work_of(plan) == "-6 | -3");
  CHECK(plan.units[0].work.tasks[0].steps[0].sql == "FROM HISTORY");
  CHECK(plan.units[1].work.tasks[0].steps[0].sql == "REMOVE");
  CHECK(plan.notes == Texts{"the way down of 6_gone comes from the history: its files are not there"});
}

TEST_CASE("an interrupted version whose end nobody saw needs a decision before anything goes up") {
  Database database = three_of_five();
  HistoryRow& row = database.record(4, State::applying);
  row.in_flight = true;
  const std::string up =
      "error: version 0004_d was interrupted while applying (step 1 of 1, by anna@host 1 at "
      "2026-01-02T03:04:05.000006Z); whether its statement took effect is not known yet\n"
      "  next: the next run finds out, or asks; or look at the database and say which it is: 'toolkit settle "
      "4 --as applied' if it took "
      "effect, 'toolkit settle 4 --as pending' if it did not\n";
  CHECK(database.refusal(Request::up()) == up);
  CHECK(database.refusal_kind(Request::up()) == ErrorKind::unsettled);
  CHECK(database.refusal(down()) == up);
  row.state = State::reverting;
  CHECK(problems_of(database) ==
        "error: version 0004_d was interrupted while reverting (step 1 of 1, by anna@host 1 at "
        "2026-01-02T03:04:05.000006Z); whether its statement took effect is not known yet\n"
        "  next: the next run finds out, or asks; or look at the database and say which it is: 'toolkit "
        "settle 4 --as applied' if it did not "
        "take effect and the version is still there, 'toolkit settle 4 --as pending' if the version is "
        "gone\n");
  CHECK(database.refusal_kind(down()) == ErrorKind::unsettled);
}

TEST_CASE("a half-finished version goes on after its last finished step") {
  Database database;
  database.add(1, {"ONE", "TWO", "THREE"});
  HistoryRow& row = database.record(1, State::applying);
  row.step = 2;
  const Plan plan = database.plan(Request::up());
  REQUIRE(work_of(plan) == "+1");
  const Task& task = plan.units[0].work.tasks[0];
  CHECK(task.first_step == 3);
  CHECK(task.step_count == 3);
  REQUIRE(task.steps.size() == 1);
  CHECK(task.steps[0].sql == "THREE");
  CHECK(describe_plan(plan, false) ==
        "from version 0 to 1\n"
        "one transaction\n"
        "  up    0001_a  db/0001_a.up.3.sql, from step 3\n");
}

TEST_CASE("a finished step that was edited, or went away, is for a person to decide") {
  Database database;
  database.add(1, {"ONE", "TWO", "THREE"});
  HistoryRow& row = database.record(1, State::applying);
  row.step = 2;
  const std::string edited =
      "error: step 2 of version 1 is done, but its file has changed or is gone since\n"
      "  next: restore the file to go on after it, or decide with 'toolkit settle 1 --as applied|pending'\n";
  database.set.migrations[0].up = script_of("0001_a", "up", {"ONE", "EDITED", "THREE"});
  CHECK(database.refusal(Request::up()) == edited);
  CHECK(database.refusal_kind(Request::up()) == ErrorKind::unsettled);
  database.set.migrations[0].up = script_of("0001_a", "up", {"ONE"});
  CHECK(database.refusal(Request::up()) == edited);
  // What is not done yet may change and grow.
  database.set.migrations[0].up = script_of("0001_a", "up", {"ONE", "TWO", "EDITED", "FOUR"});
  const Plan plan = database.plan(Request::up());
  CHECK(plan.units[0].work.tasks[0].steps.size() == 2);
  CHECK(plan.units[0].work.tasks[0].step_count == 4);
  row.step_checksums = "not json";
  CHECK(database.refusal_kind(Request::up()) == ErrorKind::unsettled);
}

TEST_CASE("a half-reverted version goes on downwards") {
  Database database = three_of_five();
  database.set.migrations[2].down = script_of("0003_c", "down", {"ONE", "TWO"});
  database.history.rows.pop_back();
  HistoryRow& row = database.record(3, State::reverting);
  row.step = 1;
  row.steps = 2;
  const Plan plan = database.plan(down());
  REQUIRE(work_of(plan) == "-3");
  CHECK(plan.units[0].work.tasks[0].steps[0].sql == "TWO");
  CHECK(plan.units[0].work.tasks[0].first_step == 2);
}

TEST_CASE("a plan with an irreversible down is refused before its first statement") {
  Database database = three_of_five();
  Script& irreversible = database.set.migrations[1].down;
  irreversible.irreversible = "the old values are gone";
  irreversible.steps[0].sql.clear();
  CHECK(work(database, down()) == "-3");
  CHECK(database.refusal(counted(RequestKind::down, 2)) ==
        "db/0002_b.down.sql: version 0002_b cannot be taken down: the old values are gone\n"
        "  next: nothing was run; choose a target at or above it, or restore a backup\n");
  CHECK(database.refusal_kind(Request::down_to(0)) == ErrorKind::files);
  CHECK(database.refusal_kind(go_to(1)) == ErrorKind::files);
  CHECK(database.refusal_kind(counted(RequestKind::redo, 2)) == ErrorKind::files);
}

TEST_CASE("an edited down matters only when it would run") {
  Database database = three_of_five();
  const std::string now = database.set.migrations[2].down.checksum;
  database.history.rows[2].down_checksum = "sha256:before";
  CHECK(problems_of(database) == "");
  CHECK(work(database, Request::up()) == "+4 | +5");
  CHECK(
      database.refusal(down()) ==
      "db/0003_c.down.sql: the down of version 0003_c was changed after the up was applied (recorded "
      "sha256:before, now " +
          now +
          ")\n"
          "  next: restore the file; or, where the new text is the right way back, add the line '-- toolkit: "
          "also-checksum sha256:before' to it\n");
  CHECK(database.refusal_kind(redo()) == ErrorKind::changed);
  database.set.migrations[2].down.steps[0].directives.also_checksums = {"sha256:before"};
  CHECK(work(database, redo()) == "-3 | +3");
}

TEST_CASE("a task carries what the claim writes") {
  Database database;
  database.add(7, {"ONE", "TWO"}, {"BACK"});
  const Plan plan = database.plan(Request::up());
  const Task& task = plan.units[0].work.tasks[0];
  CHECK(task.digits == "0007");
  CHECK(task.name == "g");
  CHECK(task.dialect == "postgresql");
  CHECK(task.step_count == 2);
  CHECK(task.up_step_count == 2);
  const Migration& migration = database.set.migrations[0];
  CHECK(task.up_checksum == migration.up.checksum);
  CHECK(task.down_checksum == migration.down.checksum);
  CHECK(task.step_checksums == "{\"up\":[\"" + migration.up.steps[0].checksum + "\",\"" +
                                   migration.up.steps[1].checksum + "\"],\"down\":[\"" +
                                   migration.down.steps[0].checksum + "\"]}");
  CHECK(task.down_steps == R"([{"sql":"BACK;","no_transaction":false}])");
}

TEST_CASE("steps without a statement are counted and not run") {
  Database database;
  database.add(1, {"", "TWO"});
  database.add(2, {""});
  const Plan plan = database.plan(Request::up());
  CHECK(plan.units[0].work.tasks[0].steps.size() == 1);
  CHECK(plan.units[0].work.tasks[0].step_count == 2);
  CHECK(describe_plan(plan, true) ==
        "from version 0 to 2\n"
        "one transaction\n"
        "  up    0001_a  db/0001_a.up.2.sql\n"
        "    -- db/0001_a.up.2.sql\n"
        "    TWO;\n"
        "one transaction\n"
        "  up    0002_b  nothing to do here\n");
}

TEST_CASE("an empty database gets its versions in groups, around those that need a unit of their own") {
  Database database;
  database.options.database_is_empty = true;
  database.add(1);
  database.add(2);
  database.add(3, {"REFUSES"});
  database.add(4);
  database.add(5, {"DROPS"});
  database.add(6);
  database.add(7, {"ENDS_GROUP"});
  database.add(8);
  database.add(9, {"CREATE\nTABLE"}, {"REMOVE"}).up.steps[0].directives.no_transaction = true;
  database.add(10);
  const Plan plan = database.plan(Request::up());
  CHECK(work_of(plan) == "+1 +2 | +3 | +4 | +5 | +6 +7 | +8 | +9 | +10");
  CHECK(plan.units[2].work.foreign_keys_off == false);
  CHECK(plan.units[3].work.foreign_keys_off == true);
  CHECK(plan.units[1].work.kind == UnitKind::separate);
  CHECK(plan.units[6].work.kind == UnitKind::separate);
  CHECK(
      describe_plan(plan, false) ==
      "from version 0 to 10\n"
      "one transaction for 2 versions (the database is empty: these versions share a transaction)\n"
      "  up    0001_a  db/0001_a.up.sql\n"
      "  up    0002_b  db/0002_b.up.sql\n"
      "without a transaction (this statement refuses a transaction)\n"
      "  up    0003_c  db/0003_c.up.sql\n"
      "one transaction\n"
      "  up    0004_d  db/0004_d.up.sql\n"
      "one transaction (a table is dropped or rebuilt: foreign keys are off, and checked before the commit)\n"
      "  up    0005_e  db/0005_e.up.sql\n"
      "one transaction for 2 versions (the database is empty: these versions share a transaction)\n"
      "  up    0006_f  db/0006_f.up.sql\n"
      "  up    0007_g  db/0007_g.up.sql\n"
      "one transaction\n"
      "  up    0008_h  db/0008_h.up.sql\n"
      "without a transaction (the file asks for no transaction)\n"
      "  up    0009_i  db/0009_i.up.sql\n"
      "one transaction\n"
      "  up    0010_j  db/0010_j.up.sql\n");
}

TEST_CASE("a group ends after 500 versions") {
  Database database;
  database.options.database_is_empty = true;
  for (Version version = 1; version <= 1001; ++version) {
    database.add(version);
  }
  const Plan plan = database.plan(Request::up());
  REQUIRE(plan.units.size() == 3);
  CHECK(plan.units[0].work.tasks.size() == 500);
  CHECK(plan.units[1].work.tasks.size() == 500);
  CHECK(plan.units[2].work.tasks.size() == 1);
}

TEST_CASE("each: one transaction per version, also on an empty database") {
  Database database;
  database.options.database_is_empty = true;
  database.options.transaction = TransactionMode::each;
  database.add(1);
  database.add(2);
  CHECK(work(database, Request::up()) == "+1 | +2");
}

TEST_CASE("all: one transaction, or a refusal that names every version that cannot share") {
  Database database = three_of_five();
  database.options.transaction = TransactionMode::all;
  const Plan plan = database.plan(Request::up());
  CHECK(describe_plan(plan, false) ==
        "from version 3 to 5\n"
        "one transaction for 2 versions (--transaction all)\n"
        "  up    0004_d  db/0004_d.up.sql\n"
        "  up    0005_e  db/0005_e.up.sql\n");
  CHECK(database.plan(Request::up_to(3)).is_empty());
  database.add(6, {"REFUSES"});
  database.add(7, {"ENDS_GROUP"});
  database.add(8, {"DROPS"});
  database.add(9, {"ENDS_GROUP"});
  CHECK(database.refusal(Request::up()) ==
        "error: --transaction all is not possible: these versions cannot share a transaction: 6, 7, 8\n"
        "  next: use --transaction each; nothing was run\n");
  CHECK(database.refusal_kind(Request::up()) == ErrorKind::usage);
}

TEST_CASE("all with one version that needs its own unit is that unit") {
  Database database;
  database.options.transaction = TransactionMode::all;
  database.add(1, {"REFUSES"});
  CHECK(describe_plan(database.plan(Request::up()), false) ==
        "from version 0 to 1\n"
        "without a transaction (--transaction all)\n"
        "  up    0001_a  db/0001_a.up.sql\n");
}

TEST_CASE("where statements commit by themselves there are chains of one direction, and never 'all'") {
  Database database = three_of_five();
  database.dialect.facts.transactional_ddl = false;
  database.options.database_is_empty = true;
  const Plan plan = database.plan(counted(RequestKind::redo, 2));
  CHECK(work_of(plan) == "-3 -2 | +2 +3");
  CHECK(describe_plan(plan, false) ==
        "from version 3 to 3\n"
        "without a transaction (statements commit by themselves here: each version is claimed, run and "
        "finished)\n"
        "  down  0003_c  db/0003_c.down.sql\n"
        "  down  0002_b  db/0002_b.down.sql\n"
        "without a transaction (statements commit by themselves here: each version is claimed, run and "
        "finished)\n"
        "  up    0002_b  db/0002_b.up.sql\n"
        "  up    0003_c  db/0003_c.up.sql\n");
  database.options.transaction = TransactionMode::each;
  CHECK(work(database, Request::up()) == "+4 +5");
  database.options.transaction = TransactionMode::all;
  CHECK(database.refusal(Request::up()) ==
        "error: --transaction all is not possible here: this server commits every schema change by itself\n"
        "  next: use --transaction each\n");
}

TEST_CASE("no-transaction on a statement that does not need it, where that is refused") {
  Database database;
  database.dialect.facts.no_transaction_only_where_refused = true;
  Step& step = database.add(1).up.steps[0];
  step.file_text = "-- toolkit: no-transaction\nCREATE;\n";
  step.offset = 0;
  step.sql = "-- toolkit: no-transaction\nCREATE";
  step.first_token = 27;
  step.directives.no_transaction = true;
  CHECK(database.refusal(Request::up()) ==
        "db/0001_a.up.sql:2:1: no-transaction is only for a statement that refuses a transaction, and this "
        "one does not\n"
        "    CREATE;\n"
        "    ^\n"
        "  next: remove the directive: without it the statement and its history row commit together\n");
  database.dialect.facts.no_transaction_only_where_refused = false;
  CHECK(database.plan(Request::up()).units[0].work.kind == UnitKind::separate);
}

TEST_CASE("one no-transaction step makes the version one without a transaction") {
  Database database;
  Migration& migration = database.add(1, {"ONE", "TWO", "THREE"});
  migration.up.steps[1].directives.no_transaction = true;
  const Plan plan = database.plan(Request::up());
  CHECK(plan.units[0].work.kind == UnitKind::separate);
  CHECK(plan.units[0].work.tasks[0].steps.size() == 3);
}

TEST_CASE("a plan for a person: borders, files, statements, notes") {
  Database database;
  database.add(1, {"CREATE TABLE a (\r\n  n int\r\n)", "INSERT INTO a\nVALUES (1)"}, {"REMOVE"});
  Plan plan = database.plan(Request::up());
  plan.notes = {"one thing", "another"};
  CHECK(describe_plan(plan, false) ==
        "from version 0 to 1\n"
        "one transaction\n"
        "  up    0001_a  db/0001_a.up.1.sql and 1 more\n"
        "note: one thing\n"
        "note: another\n");
  CHECK(describe_plan(plan, true) ==
        "from version 0 to 1\n"
        "one transaction\n"
        "  up    0001_a  db/0001_a.up.1.sql and 1 more\n"
        "    -- db/0001_a.up.1.sql\n"
        "    CREATE TABLE a (\r\n"
        "      n int\r\n"
        "    );\n"
        "    -- db/0001_a.up.2.sql\n"
        "    INSERT INTO a\n"
        "    VALUES (1);\n"
        "note: one thing\n"
        "note: another\n");
  CHECK(describe_plan(Plan{}, true) == "nothing to do: the current version is 0\n");
  CHECK(describe_plan(three_of_five().plan(Request::up_to(3)), false) ==
        "nothing to do: the current version is 3\n");
}

TEST_CASE("two plans are the same work when versions, order and direction agree") {
  const Database database = three_of_five();
  const Plan up = database.plan(Request::up());
  CHECK(same_work(up, database.plan(go_to(5))));
  CHECK_FALSE(same_work(up, database.plan(counted(RequestKind::up, 1))));
  CHECK_FALSE(same_work(database.plan(redo()), database.plan(down())));
  CHECK(same_work(Plan{}, database.plan(Request::up_to(3))));
}

TEST_CASE("problems are listed by version") {
  Database database = three_of_five();
  database.history.rows[0].up_checksum = "sha256:x";
  database.history.rows.erase(database.history.rows.begin() + 1);
  database.record(9);
  HistoryRow& open = database.record(4, State::applying);
  open.in_flight = true;
  std::string kinds;
  for (const Problem& problem : find_problems(database.set, database.history)) {
    kinds += std::to_string(problem.version) + (problem.kind == ErrorKind::changed     ? " changed, "
                                                : problem.kind == ErrorKind::late      ? " late, "
                                                : problem.kind == ErrorKind::unsettled ? " unsettled, "
                                                : problem.kind == ErrorKind::missing   ? " missing, "
                                                                                       : " ?, ");
  }
  CHECK(kinds == "1 changed, 2 late, 4 unsettled, 5 late, 9 missing, ");
}

#include <doctest/doctest.h>

#include "../support/thrown.hpp"
#include "../support/wire_proxy.hpp"
#include "postgresql_fixture.hpp"

using namespace toolkit;
using namespace toolkit::test;

TEST_SUITE_BEGIN("postgresql settle" * doctest::skip(!is_server_expected("postgresql")));

namespace {

using Cut = WireProxy::Cut;

/// Runs one step that commits by itself over a wire that is cut at it, and settles what is left.
class Interruption : public PostgresqlFixture {
 public:
  Interruption() : proxy(postgresql_address(database.url())) {}

  Task alone(const std::string& sql, Direction direction = Direction::up) const {
    Task task = make_task(++version, {sql}, direction);
    task.steps[0].directives.no_transaction = true;
    return task;
  }

  void interrupt(const Task& task, Cut when) {
    const auto cut_off = dialect->open(parse_url(through(proxy, database.url())), {});
    const auto lock = cut_off->lock({context.place, std::chrono::seconds(20)}, told);
    proxy.cut(when, task.steps.front().sql);
    UnitOfWork unit;
    unit.kind = UnitKind::separate;
    unit.tasks = {task};
    const ErrorDetails details = thrown_by([&] { cut_off->run(unit, context, told); });
    REQUIRE(details.connection_lost);
    CHECK(details.position.path == task.steps.front().path);
    CHECK(details.position.line == 1);
  }

  Judgement settle(const Task& task) {
    const auto held = lock();
    REQUIRE(state(task.version).ends_with("in flight"));
    return connection->settle({task, database.value("SELECT mark FROM toolkit_history WHERE version = " +
                                                    std::to_string(task.version))},
                              context, told);
  }

  /// "took effect: …", with oids written as N.
  static std::string text(const Judgement& judgement) {
    std::string said = judgement.verdict == Verdict::took_effect    ? "took effect: "
                       : judgement.verdict == Verdict::left_nothing ? "left nothing: "
                                                                    : "undecided: ";
    return said + judgement.evidence;
  }

  std::string settled(const std::string& sql, Cut when) {
    const Task task = alone(sql);
    interrupt(task, when);
    return text(settle(task));
  }

  std::string indexes(const std::string& table = "a") const {
    std::string list;
    for (const TextRow& row :
         database.rows("SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = "
                       "i.indexrelid WHERE i.indrelid = '" +
                       table + "'::regclass ORDER BY 1")) {
      list += (list.empty() ? "" : " ") + row[0] + (row[1] == "t" ? "" : "!");
    }
    return list;
  }

  /// As a build that was killed in its middle leaves it.
  void make_invalid(const std::string& index) const {
    database.run("UPDATE pg_index SET indisvalid = false WHERE indexrelid = '" + index + "'::regclass");
  }

  WireProxy proxy;
  mutable Version version = 0;
};

}  // namespace

TEST_CASE_FIXTURE(Interruption, "CREATE INDEX CONCURRENTLY is settled by its name and validity") {
  database.run("CREATE TABLE a (id int, n int)");
  const std::string build = "CREATE INDEX CONCURRENTLY a_id ON a (id)";
  CHECK(settled(build, Cut::before) == "left nothing: the index a_id is not there");
  CHECK(settled(build, Cut::after) == "took effect: the index a_id is there and valid");
  CHECK(indexes() == "a_id");
  CHECK(settled(build, Cut::before) == "left nothing: the index a_id was there before, so nothing was built");
  database.run("DROP INDEX a_id");

  const Task task = alone(build);
  interrupt(task, Cut::after);
  make_invalid("a_id");
  const Judgement judgement = settle(task);
  CHECK(text(judgement) == "left nothing: its invalid index was dropped: public.a_id");
  CHECK(judgement.before.find("table a oid ") == 0);
  CHECK(judgement.before.find(", its indexes: none") != std::string::npos);
  CHECK(judgement.now.find("public.a_id (invalid) oid ") != std::string::npos);
  CHECK(indexes() == "");
  CHECK(text(settle(task)) == "left nothing: the index a_id is not there");  // safe to repeat
}

TEST_CASE_FIXTURE(Interruption, "an index of somebody else is never taken for the one that was to be built") {
  database.run("CREATE TABLE a (id int, n int)");
  const Task named = alone("CREATE INDEX CONCURRENTLY \"A Id\" ON public.a (id)");
  interrupt(named, Cut::before);
  database.run("CREATE INDEX of_a_dba ON a (id)");
  make_invalid("of_a_dba");
  CHECK(text(settle(named)) == "left nothing: the index A Id is not there");
  CHECK(indexes() == "of_a_dba!");

  const Task unnamed = alone("CREATE INDEX CONCURRENTLY ON a (n)");
  interrupt(unnamed, Cut::before);
  CHECK(text(settle(unnamed)) == "left nothing: no index was added to its table");
  database.run("CREATE INDEX another_of_a_dba ON a (id, n)");
  CHECK(text(settle(unnamed)) ==
        "undecided: the statement names no index, and public.another_of_a_dba is new on its table");
  database.run("DROP INDEX another_of_a_dba");
  const Task built = alone("CREATE INDEX CONCURRENTLY ON a (n)");
  interrupt(built, Cut::after);
  CHECK(text(settle(built)) == "took effect: the index public.a_n_idx is there and valid");
  make_invalid("a_n_idx");
  CHECK(text(settle(built)) == "left nothing: its invalid index was dropped: public.a_n_idx");
  CHECK(indexes() == "of_a_dba!");
}

TEST_CASE_FIXTURE(Interruption, "DROP INDEX CONCURRENTLY is settled by the index it meant") {
  database.run("CREATE TABLE a (id int); CREATE INDEX a_id ON a (id)");
  const std::string drop = "DROP INDEX CONCURRENTLY a_id";
  CHECK(settled(drop, Cut::before) == "left nothing: the index a_id is still there");
  const Task dropped = alone(drop);
  interrupt(dropped, Cut::after);
  CHECK(text(settle(dropped)) == "took effect: the index a_id is gone");
  database.run("CREATE INDEX a_id ON a (id)");
  CHECK(text(settle(dropped)) == "undecided: the index that was meant is gone, and another one has its name");
  const Task renamed = alone(drop);
  interrupt(renamed, Cut::before);
  database.run("ALTER INDEX a_id RENAME TO other");
  CHECK(text(settle(renamed)) == "undecided: the index that was meant has another name now");
}

TEST_CASE_FIXTURE(Interruption, "of REINDEX CONCURRENTLY only the copies of that attempt are dropped") {
  database.run("CREATE TABLE a (id int); CREATE INDEX a_id ON a (id)");
  database.run("CREATE INDEX a_id_ccnew1 ON a (id)");
  make_invalid("a_id_ccnew1");
  CHECK(settled("REINDEX INDEX CONCURRENTLY a_id", Cut::before) ==
        "left nothing: building it once more gives the same");
  const Task rebuilt = alone("REINDEX INDEX CONCURRENTLY a_id");
  interrupt(rebuilt, Cut::after);
  CHECK(text(settle(rebuilt)) == "took effect: every index that it means was rebuilt");
  const Task table = alone("REINDEX TABLE CONCURRENTLY a");
  interrupt(table, Cut::before);
  database.run("CREATE INDEX a_id_ccnew ON a (id)");
  make_invalid("a_id_ccnew");
  CHECK(text(settle(table)) ==
        "left nothing: building it once more gives the same; its invalid copies were dropped: "
        "public.a_id_ccnew");
  CHECK(indexes() == "a_id a_id_ccnew1!");
}

TEST_CASE_FIXTURE(Interruption,
                  "what gives the same once more is run again, and what tells nothing is asked about") {
  database.run("CREATE TABLE a (id int)");
  for (const char* sql : {"VACUUM a", "REINDEX TABLE a", "CLUSTER"}) {
    CHECK(settled(sql, Cut::after) == "left nothing: running it once more gives the same");
  }
  const std::string opaque = "nothing tells what this statement leaves behind, and there is no probe";
  CHECK(settled("DO $$ BEGIN INSERT INTO a VALUES (1); END $$", Cut::after) == "undecided: " + opaque);
  Task probed = alone("DO $$ BEGIN INSERT INTO a VALUES (2); END $$");
  probed.steps[0].directives.applied_if = "SELECT count(*) FROM a WHERE id = 2";
  interrupt(probed, Cut::before);
  CHECK(text(settle(probed)) == "left nothing: its probe answers '0'");
  database.run("INSERT INTO a VALUES (2)");
  CHECK(text(settle(probed)) == "took effect: its probe answers '1'");
  probed.steps[0].directives.applied_if = "SELECT nope";
  CHECK(text(settle(probed)) == "undecided: its probe failed: column \"nope\" does not exist");
}

TEST_CASE_FIXTURE(Interruption, "databases are settled by name and identity") {
  const std::string name = database.name() + "_x";
  CHECK(settled("CREATE DATABASE " + name, Cut::before) ==
        "left nothing: the database " + name + " is not there");
  CHECK(settled("CREATE DATABASE " + name, Cut::after) == "took effect: the database " + name + " is there");
  CHECK(settled("DROP DATABASE " + name, Cut::before) ==
        "left nothing: the database " + name + " is still there");
  const Task half = alone("DROP DATABASE " + name);
  interrupt(half, Cut::before);
  database.run("UPDATE pg_database SET datconnlimit = -2 WHERE datname = '" + name + "'");
  CHECK(text(settle(half)) ==
        "left nothing: the database " + name + " is there, half dropped: dropping it again ends that");
  CHECK(settled("DROP DATABASE IF EXISTS " + name, Cut::after) ==
        "took effect: the database " + name + " is gone");
}

TEST_CASE_FIXTURE(Interruption, "an enum value is settled by looking for it") {
  database.run("CREATE TYPE mood AS ENUM ('sad')");
  const std::string add = "ALTER TYPE mood ADD VALUE 'it''s fine' AFTER 'sad'";
  CHECK(settled(add, Cut::before) == "left nothing: the value 'it's fine' of mood is not there");
  CHECK(settled(add, Cut::after) == "took effect: the value 'it's fine' of mood is there");
}

TEST_CASE_FIXTURE(Interruption, "detaching a partition is ended where it was begun") {
  if (connection->server().version_number < 140'000) {
    return;
  }
  database.run(
      "CREATE TABLE a (id int) PARTITION BY LIST (id); CREATE TABLE a1 PARTITION OF a FOR VALUES IN (1)");
  const std::string detach = "ALTER TABLE a DETACH PARTITION a1 CONCURRENTLY";
  CHECK(settled(detach, Cut::before) == "left nothing: the partition is still attached");
  const Task begun = alone(detach);
  interrupt(begun, Cut::before);
  database.run("UPDATE pg_inherits SET inhdetachpending = true WHERE inhrelid = 'a1'::regclass");
  CHECK(text(settle(begun)) == "took effect: detaching was begun; it was finished with FINALIZE");
  CHECK(text(settle(begun)) == "took effect: the partition is detached");
  database.run("ALTER TABLE a ATTACH PARTITION a1 FOR VALUES IN (1)");
  CHECK(settled(detach, Cut::after) == "took effect: the partition is detached");
}

TEST_CASE_FIXTURE(Interruption, "a step that needs no place of its own shares a transaction with its end") {
  database.run("CREATE TABLE a (id int)");
  for (const Cut when : {Cut::before, Cut::after}) {
    const std::string value = when == Cut::before ? "1" : "2";
    Task task = make_task(++version, {"INSERT INTO a VALUES (" + value + ")", "VACUUM a"});
    const auto cut_off = dialect->open(parse_url(through(proxy, database.url())), {});
    {
      const auto held = cut_off->lock({context.place, std::chrono::seconds(20)}, told);
      proxy.cut(when, task.steps.front().sql);
      UnitOfWork unit;
      unit.kind = UnitKind::separate;
      unit.tasks = {task};
      REQUIRE(thrown_by([&] { cut_off->run(unit, context, told); }).connection_lost);
    }
    if (when == Cut::before) {
      CHECK(text(settle(task)) == "left nothing: it shares its transaction with the end of its claim");
    } else {
      CHECK(state(task.version) == "applying 1/2 in flight");  // the VACUUM is next
      CHECK(database.value("SELECT mark FROM toolkit_history WHERE version = " + std::to_string(version)) ==
            "{\"format\":1,\"class\":\"repeatable\",\"objects\":null}");
    }
  }
  CHECK(database.value("SELECT string_agg(id::text, ' ') FROM a") == "2");
}

TEST_SUITE_END();

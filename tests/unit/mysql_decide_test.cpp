#ifdef TOOLKIT_WITH_MYSQL

#include <doctest/doctest.h>

#include "../../dialects/mysql/decide.hpp"

using namespace toolkit;
using namespace toolkit::mysql;

namespace {

ObjectState table(const std::string& name, const std::string& definition, const std::string& id = "",
                  const std::string& created = "") {
  ObjectState state;
  state.name = {ObjectKind::table, "app", name, ""};
  state.presence = definition.empty() ? Presence::absent : Presence::present;
  state.definition = definition;
  state.text = definition;
  state.id = id;
  state.created = created;
  return state;
}

using States = std::vector<ObjectState>;

Findings findings(std::string_view statement, States before, States now) {
  return {statement_form(statement), std::move(before), std::move(now), true, false, std::nullopt};
}

Findings with_log(Findings findings, bool has_tag, bool is_complete = true) {
  findings.log = LogEvidence{is_complete, has_tag, {}, {}, is_complete ? "" : "it is gone"};
  return findings;
}

/// "took effect: …", "left nothing: …", "run again", "drop a, b", "read log", "ask: …"
std::string words(const Decision& decision) {
  switch (decision.act) {
    case Act::run_again:
      return "run again";
    case Act::read_log:
      return "read log";
    case Act::cannot_tell:
      return "ask";
    case Act::drop_rest: {
      std::string text = "drop";
      for (const ObjectName& name : decision.rest) {
        text += " " + name.name;
      }
      return text;
    }
    case Act::judge:
      break;
  }
  return decision.verdict == Verdict::took_effect    ? "took effect"
         : decision.verdict == Verdict::left_nothing ? "left nothing"
                                                     : "nonsense";
}

std::string decided(const Findings& findings) { return words(decide(findings)); }

Findings readable(Findings findings) {
  findings.log_can_be_read = true;
  return findings;
}

}  // namespace

TEST_CASE("mysql: a self-detecting statement is judged by what stands, then by the server's answer") {
  const std::string sql = "ALTER TABLE t ADD c int";
  CHECK(decided(findings(sql, {table("t", "a")}, {table("t", "a")})) == "left nothing");
  CHECK(decided(findings(sql, {table("t", "a")}, {table("t", "a, c")})) == "run again");
  CHECK(decided(findings(sql, {}, {table("t", "a")})) == "run again");
  CHECK(decided(findings("REVOKE SELECT ON a.* FROM b", {}, {})) == "run again");
  const Findings changed = findings(sql, {table("t", "a")}, {table("t", "a, c")});
  CHECK(words(judge_answer(changed, 0, "")) == "took effect");
  CHECK(words(judge_answer(changed, 1060, "duplicate")) == "took effect");
  CHECK(words(judge_answer(changed, 1062, "duplicate key")) == "left nothing");
  CHECK(words(judge_answer(changed, 1205, "lock wait")) == "ask");
  CHECK(words(judge_answer(changed, 1054, "unknown column")) == "ask");
  // Nobody recorded whether it was there before: the answer may be that of the first run too.
  CHECK(words(judge_answer(findings(sql, {}, {table("t", "a, c")}), 1060, "duplicate")) == "ask");
  CHECK(words(judge_answer(findings("REVOKE SELECT ON a.* FROM b", {}, {}), 1141, "no such grant")) ==
        "took effect");
  CHECK(words(judge_answer(findings("CREATE ROLE r", {}, {}), 1396, "failed")) == "ask");
}

TEST_CASE("mysql: of a drop list only what stands as it stood is dropped") {
  const std::string sql = "DROP TABLE a, b";
  const States before = {table("a", "x", "1"), table("b", "y", "2")};
  CHECK(decided(findings(sql, before, before)) == "left nothing");
  CHECK(decided(findings(sql, before, {table("a", ""), table("b", "")})) == "took effect");
  CHECK(decided(findings(sql, before, {table("a", ""), table("b", "y", "2")})) == "drop b");
  // Made again by somebody, or rebuilt: the log tells, else a person.
  const States rebuilt = {table("a", ""), table("b", "y", "9")};
  CHECK(decided(findings(sql, before, rebuilt)) == "ask");
  CHECK(decided(readable(findings(sql, before, rebuilt))) == "read log");
  CHECK(decided(with_log(findings(sql, before, rebuilt), false)) == "drop b");
  Findings dropped = with_log(findings(sql, before, rebuilt), false);
  dropped.log->dropped = {{"app", "b"}};
  CHECK(decided(dropped) == "took effect");
  Findings renamed = with_log(findings(sql, before, rebuilt), false);
  renamed.log->renamed = {{"app", "B"}};
  CHECK(decided(renamed) == "ask");
  CHECK(decided(with_log(findings(sql, before, rebuilt), false, false)) == "ask");
  // Without the right to see ids the time of creation stands for them.
  const States timed = {table("a", "x", "", "10:00"), table("b", "y", "", "10:01")};
  CHECK(decided(findings(sql, timed, timed)) == "left nothing");
  CHECK(decided(findings(sql, timed, {table("a", ""), table("b", "y", "", "11:00")})) == "ask");
  CHECK(decided(findings(sql, {table("a", "x"), table("b", "y")}, {table("a", "x"), table("b", "y")})) ==
        "ask");
  Findings elsewhere = findings(sql, before, before);
  elsewhere.same_server = false;
  CHECK(decided(elsewhere) == "ask");
  elsewhere.now = {table("a", ""), table("b", "")};
  CHECK(decided(elsewhere) == "took effect");
  CHECK(decided(findings(sql, {}, before)) == "ask");
}

TEST_CASE("mysql: a drop of what was not there takes nothing of anybody") {
  const States absent = {table("a", "")};
  CHECK(decided(findings("DROP TABLE a", absent, absent)) == "left nothing");
  CHECK(decided(findings("DROP TABLE IF EXISTS a", absent, {table("a", "x", "7")})) == "took effect");
  CHECK(decided(findings("DROP TABLE IF EXISTS a, b", {table("a", "x", "1"), table("b", "")},
                         {table("a", "x", "1"), table("b", "new", "8")})) == "drop a");
  CHECK(decided(findings("DROP VIEW v", {table("v", "x")}, {table("v", "x")})) == "left nothing");
  CHECK(decided(findings("DROP VIEW v", {table("v", "x")}, {table("v", "another")})) == "ask");
}

TEST_CASE("mysql: a rename is judged by who stands where") {
  CHECK(decided(findings("RENAME TABLE a TO b", {table("a", "x", "1"), table("b", "")},
                         {table("a", "x", "1"), table("b", "")})) == "left nothing");
  CHECK(decided(findings("RENAME TABLE a TO b", {table("a", "x"), table("b", "")},
                         {table("a", ""), table("b", "x")})) == "took effect");
  const std::string swap = "RENAME TABLE a TO x, b TO a, x TO b";
  const States before = {table("a", "d", "1"), table("x", ""), table("b", "d", "2")};
  CHECK(decided(findings(swap, before, before)) == "left nothing");
  CHECK(decided(findings(swap, before, {table("a", "d", "2"), table("x", ""), table("b", "d", "1")})) ==
        "took effect");
  // One of them rebuilt: the other one tells. Both rebuilt: the tag.
  CHECK(decided(findings(swap, before, {table("a", "d", "2"), table("x", ""), table("b", "d", "9")})) ==
        "took effect");
  const States rebuilt = {table("a", "d", "8"), table("x", ""), table("b", "d", "9")};
  CHECK(decided(findings(swap, before, rebuilt)) == "ask");
  CHECK(decided(readable(findings(swap, before, rebuilt))) == "read log");
  CHECK(decided(with_log(findings(swap, before, rebuilt), true)) == "took effect");
  CHECK(decided(with_log(findings(swap, before, rebuilt), false)) == "left nothing");
  CHECK(decided(with_log(findings(swap, before, rebuilt), false, false)) == "ask");
  // Somebody made a table of the old name: the two witnesses disagree.
  CHECK(decided(findings("RENAME TABLE a TO b", {table("a", "x", "1"), table("b", "")},
                         {table("a", "new", "7"), table("b", "x", "1")})) == "ask");
  CHECK(decided(findings("ALTER TABLE a EXCHANGE PARTITION p WITH TABLE b",
                         {table("a", "d", "1"), table("b", "d", "2")},
                         {table("a", "d", "2"), table("b", "d", "1")})) == "took effect");
}

TEST_CASE("mysql: a truncation is judged by identity, the log, emptiness") {
  const auto emptied = [](Findings findings, bool empty) {
    findings.now[0].is_empty = empty;
    return findings;
  };
  const Findings other = findings("TRUNCATE t", {table("t", "d", "1")}, {table("t", "d", "2")});
  CHECK(decided(findings("TRUNCATE t", {table("t", "d", "1")}, {table("t", "d", "1")})) == "left nothing");
  CHECK(decided(emptied(other, true)) == "took effect");
  CHECK(decided(emptied(other, false)) == "ask");
  CHECK(decided(emptied(readable(other), false)) == "read log");
  CHECK(decided(emptied(with_log(other, true), false)) == "took effect");
  CHECK(decided(emptied(with_log(other, false), false)) == "left nothing");
  CHECK(decided(emptied(findings("TRUNCATE t", {table("t", "d")}, {table("t", "d")}), true)) ==
        "left nothing");
}

TEST_CASE("mysql: unnamed additions, replaced tables and opaque statements need the tag") {
  const States before = {table("t", "d", "1")};
  const States changed = {table("t", "e", "2")};
  CHECK(decided(findings("ALTER TABLE t ADD INDEX (a)", before, before)) == "left nothing");
  CHECK(decided(findings("ALTER TABLE t ADD INDEX (a)", before, changed)) == "ask");
  CHECK(decided(with_log(findings("ALTER TABLE t ADD INDEX (a)", before, changed), true)) == "took effect");
  CHECK(decided(with_log(findings("ALTER TABLE t ADD INDEX (a)", before, changed), false)) == "left nothing");
  const std::string replace = "CREATE OR REPLACE TABLE t (i int)";
  CHECK(decided(findings(replace, before, before)) == "left nothing");
  CHECK(decided(findings(replace, before, {table("t", "")})) == "left nothing");
  CHECK(decided(findings(replace, {table("t", "")}, changed)) == "took effect");
  CHECK(decided(findings(replace, before, changed)) == "ask");
  CHECK(decided(with_log(findings(replace, before, changed), true)) == "took effect");
  CHECK(decided(findings("ALTER TABLE t FROBNICATE", before, before)) == "ask");
  CHECK(decided(with_log(findings("ALTER TABLE t FROBNICATE", before, before), false)) == "left nothing");
  CHECK(decided(findings("CALL p()", {}, {})) == "ask");
  CHECK(decided(with_log(findings("CALL p()", {}, {}), true)) == "ask");
  CHECK(decided(findings("INSERT INTO t VALUES (1)", {}, {})) == "ask");
  CHECK(decided(findings("ANALYZE TABLE t", {}, {})) == "left nothing");
}

TEST_CASE("mysql: events of the binary log") {
  LogEvidence evidence;
  const std::string tag(32, 'a');
  add_event(evidence, "Query", "use `app`; /* mig:" + std::string(32, 'b') + " */ TRUNCATE t", tag);
  add_event(evidence, "Query", "INSERT INTO h VALUES ('{\"tag\":\"" + tag + "\"}')", tag);
  CHECK_FALSE(evidence.has_tag);
  add_event(evidence, "Query", "use `app`; DROP TABLE IF EXISTS `t`,`other`.`u` /* generated by server */",
            tag);
  add_event(evidence, "Query", "use `app`; RENAME TABLE a TO b", tag);
  add_event(evidence, "Query", "use `app`; ALTER TABLE c DROP COLUMN d", tag);
  CHECK(evidence.dropped == std::vector<WrittenName>{{"app", "t"}, {"other", "u"}});
  CHECK(evidence.renamed == std::vector<WrittenName>{{"app", "a"}, {"app", "b"}});
  CHECK(evidence.trouble.empty());
  add_event(evidence, "Query", "use `app`; /* mig:" + tag + " */ TRUNCATE t /* xid=5 */", tag);
  CHECK(evidence.has_tag);
  add_event(evidence, "Transaction_payload", "compression='ZSTD'", tag);
  CHECK_FALSE(evidence.trouble.empty());
}

TEST_CASE(
    "mysql: definitions are compared without their counter, InnoDB's names are written as it writes them") {
  CHECK(without_counter(
            "CREATE TABLE `t` (\n `v` text DEFAULT ' AUTO_INCREMENT=5') ENGINE=InnoDB AUTO_INCREMENT=7 X") ==
        "CREATE TABLE `t` (\n `v` text DEFAULT ' AUTO_INCREMENT=5') ENGINE=InnoDB X");
  CHECK(without_counter("a AUTO_INCREMENT=12") == "a");
  CHECK(innodb_name({ObjectKind::table, "app", "a-b$", ""}) == "app/a@002db@0024");
  CHECK(innodb_name({ObjectKind::table, "app", "T_1", "p0"}) == "app/T_1#p#p0");
  CHECK(innodb_name({ObjectKind::table, "app", "é", ""}).empty());
}

#endif

#include "settle.hpp"

#include <chrono>

#include "decide.hpp"
#include "executed_text.hpp"
#include "facts.hpp"
#include "history_sql.hpp"
#include "runner.hpp"
#include "toolkit/error.hpp"
#include "watchdog.hpp"

namespace toolkit::mysql {

namespace {

std::string described(const std::vector<ObjectState>& objects) {
  std::string text;
  for (const ObjectState& object : objects) {
    text += (text.empty() ? "" : "; ") + describe(object);
  }
  return text;
}

// Objects of another statement, or of another version of this toolkit that saw other names, are none.
std::vector<ObjectState> recorded(const Mark& mark, const std::vector<ObjectState>& now) {
  bool fits = mark.objects.size() == now.size();
  for (std::size_t i = 0; fits && i < now.size(); ++i) {
    fits = mark.objects[i].name == now[i].name;
  }
  return fits ? mark.objects : std::vector<ObjectState>();
}

}  // namespace

Settling::Settling(const RunScope& scope, const Task& task, Mark mark)
    : scope_(scope), task_(task), step_(task.steps.front()), mark_(std::move(mark)) {}

Judgement Settling::judge() {
  facts_ = read_facts(scope_.session, scope_.server, scope_.context.place);
  if (!facts_.doubt.empty() && !scope_.context.single_writer) {
    return {Verdict::undecided,
            facts_.doubt + ": nobody can tell from here whether the interrupted run has ended", "", ""};
  }
  if (mark_.mark_class == MarkClass::row_change) {
    return {Verdict::left_nothing, "it would have been committed together with the history", "", ""};
  }
  scope_.session.prepare(session_settings(scope_, facts_, &step_));
  find();
  Decision decision = decide(findings_);
  if (decision.act == Act::read_log) {
    findings_.log = read_log(scope_.session, *mark_.binlog, mark_.tag);
    decision = decide(findings_);
  }
  if (decision.act == Act::run_again) {
    decision = run_again();
  } else if (decision.act == Act::drop_rest) {
    decision = drop(decision);
  }
  if (decision.act == Act::cannot_tell && step_.directives.applied_if) {
    decision = ask_probe(decision);
  }
  return {decision.verdict, decision.evidence, described(findings_.before), described(findings_.now)};
}

void Settling::find() {
  findings_.form = statement_form(executed_text(step_.sql, scope_.server));
  findings_.same_server = !mark_.server.empty() && mark_.server == facts_.server;
  findings_.log_can_be_read = findings_.same_server && mark_.binlog.has_value();
  ObjectWishes wishes;
  wishes.identity = needs_identity(findings_.form);
  wishes.emptiness = findings_.form.statement_class == StatementClass::truncate;
  wishes.is_mariadb = scope_.server.flavour == "mariadb";
  findings_.now = read_objects(scope_.session, findings_.form.objects, scope_.server.default_schema, wishes);
  findings_.before = recorded(mark_, findings_.now);
}

Decision Settling::run_again() {
  scope_.observer.note(&task_, "interrupted: running its statement again to see whether it is there");
  const auto limit = step_.directives.statement_timeout.value_or(scope_.context.timeouts.statement);
  Watchdog watchdog(scope_.session, limit);
  try {
    scope_.session.send_raw(step_.sql);
    return judge_answer(findings_, 0, "");
  } catch (const Error& error) {
    if (error.details().connection_lost || scope_.cancelled) {
      throw;
    }
    const std::string& code = error.details().native_code;
    const bool is_number = !code.empty() && code.find_first_not_of("0123456789") == std::string::npos;
    return judge_answer(findings_, is_number ? static_cast<unsigned>(std::stoul(code)) : 1U,
                        error.details().message);
  }
}

// One by one: a list is not one on MariaDB, and what is gone then is seen by the next run.
Decision Settling::drop(const Decision& decision) {
  for (const ObjectName& name : decision.rest) {
    const std::string text = name.kind == ObjectKind::user ? name.name
                             : name.kind == ObjectKind::database
                                 ? mysql::quoted(name.name)
                                 : mysql::quoted(name.schema) + "." + mysql::quoted(name.name);
    try {
      scope_.session.send_raw(findings_.form.drop_words + " IF EXISTS " + text);
    } catch (const Error& error) {
      if (error.details().connection_lost || scope_.cancelled) {
        throw;
      }
      return {Act::cannot_tell, Verdict::undecided,
              "a part of it is gone, and " + text + " cannot be dropped: " + error.details().message};
    }
  }
  return {Act::judge, decision.verdict, decision.evidence};
}

Decision Settling::ask_probe(const Decision& decision) {
  try {
    const Rows rows = scope_.session.show(*step_.directives.applied_if);
    const bool yes = !rows.empty() && !rows[0].empty() && rows[0][0] && says_yes(*rows[0][0]);
    return {Act::judge, yes ? Verdict::took_effect : Verdict::left_nothing,
            std::string("its applied-if says ") + (yes ? "yes" : "no")};
  } catch (const Error& error) {
    if (error.details().connection_lost || scope_.cancelled) {
      throw;
    }
    return {Act::cannot_tell, Verdict::undecided,
            decision.evidence + "; its applied-if failed: " + error.details().message};
  }
}

Judgement settle_statement(const RunScope& scope, const Interrupted& interrupted) {
  std::optional<Mark> mark = parse_mark(interrupted.mark);
  if (!mark) {
    return {Verdict::undecided, "its mark is of a format that this toolkit does not know", "", ""};
  }
  try {
    return Settling(scope, interrupted.task, std::move(*mark)).judge();
  } catch (const Error& error) {
    if (error.details().connection_lost || error.kind() == ErrorKind::connection) {
      throw;
    }
    if (scope.cancelled) {
      throw Error(ErrorKind::interrupted, "interrupted");
    }
    return {Verdict::undecided, error.details().message, "", ""};
  }
}

}  // namespace toolkit::mysql

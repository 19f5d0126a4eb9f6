#include <chrono>

#include "binary_log.hpp"
#include "mark.hpp"
#include "runner.hpp"
#include "toolkit/error.hpp"

namespace toolkit::mysql {

// What the intent of the next statement remembers. Its tag is sent with the statement only where a place in
// the binary log stands beside it.
std::string Runner::mark_for(const Task& task, std::size_t step) {
  Mark mark;
  mark.tag = new_tag();
  mark.connection = session_.id();
  mark.server = facts_.server;
  tag_.clear();
  if (step < task.steps.size()) {
    describe_intent(task.steps[step], mark);
  }
  return mark_text(mark);
}

void Runner::describe_intent(const Step& step, Mark& mark) {
  const std::string code = code_of(step);
  if (shares_transaction(step)) {
    const RowChange change{code, sql_mode_of(scope_, facts_), scope_.server.default_schema, is_mariadb()};
    const bool is_certain = touches_none(session_, change, tables_without_transactions());
    mark.mark_class = is_certain ? MarkClass::row_change : MarkClass::statement;
    return;
  }
  const StatementForm form = statement_form(code);
  if (form.statement_class == StatementClass::repeatable) {
    return;
  }
  const bool drops = form.statement_class == StatementClass::drop_list;
  if (facts_.is_logged && (drops || needs_tag(form))) {
    mark.binlog = place_in_log(drops);
    tag_ = mark.binlog && needs_tag(form) ? mark.tag : std::string();
  }
  ObjectWishes wishes;
  wishes.identity = needs_identity(form);
  wishes.is_mariadb = is_mariadb();
  mark.objects = read_objects(session_, form.objects, scope_.server.default_schema, wishes);
}

// Tags are random, so a place from earlier in the run serves as well and costs nothing; not for a drop, which
// is looked for by the names of its tables. Old places would make a log that is read for nothing, or purged.
std::optional<LogPlace> Runner::place_in_log(bool must_be_fresh) {
  constexpr std::chrono::minutes old{5};
  const auto now = std::chrono::steady_clock::now();
  if (must_be_fresh || !place_ || now - place_read_at_ > old) {
    place_ = end_of_log(session_, scope_.server);
    place_read_at_ = now;
    facts_.is_logged = place_.has_value();  // not asked again where it is not shown
  }
  return place_;
}

}  // namespace toolkit::mysql

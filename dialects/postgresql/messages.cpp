#include "messages.hpp"

#include "locks.hpp"
#include "mark.hpp"
#include "statement_traits.hpp"

namespace toolkit::postgresql {

namespace {

const std::string reset_authorization = "RESET SESSION AUTHORIZATION";
const std::string reset_role = "RESET ROLE";
const std::string reset_all = "RESET ALL";
const std::string begin_text = "BEGIN";
const std::string commit_text = "COMMIT";

// One SELECT for all settings. The files were scanned with standard_conforming_strings on. A session that
// stalls inside a transaction must not hold its locks for ever.
const std::string setup_text =
    "SELECT set_config('TimeZone', 'UTC', false), set_config('standard_conforming_strings', 'on', false),"
    " set_config('idle_in_transaction_session_timeout', '600000', false),"
    " set_config('lock_timeout', $1, false), set_config('statement_timeout', $2, false),"
    " current_setting('role'), session_user";

const std::string limits_text =
    "SELECT set_config('lock_timeout', $1, false), set_config('statement_timeout', $2, false)";

const std::string durable_text =
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = "
    "'off'";

// The lock lives in the session that runs the statement, so it also fences one that outlived its client.
const std::string fence_text =
    "SELECT 1/count(*) FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND "
    "granted"
    " AND objsubid = 1 AND (CAST(classid AS bigint) << 32) | CAST(objid AS bigint) = $1";

const std::string role_text = "SELECT current_setting('role'), session_user";
const std::string look_text =
    "SELECT name, setting FROM pg_catalog.pg_settings WHERE source = 'session' ORDER BY name";

Value text_of(std::chrono::milliseconds limit) { return std::to_string(limit.count()); }

}  // namespace

StepLimits limits_of(const RunContext& context, const Step* step, bool is_alone) {
  StepLimits limits;
  if (step != nullptr) {
    limits.lock = usual_lock_wait(step->sql, is_alone);
  }
  if (context.timeouts.object_lock.count() > 0) {
    limits.lock = context.timeouts.object_lock;
  }
  limits.statement = context.timeouts.statement;
  if (step != nullptr) {
    limits.lock = step->directives.lock_timeout.value_or(limits.lock);
    limits.statement = step->directives.statement_timeout.value_or(limits.statement);
  }
  return limits;
}

std::vector<std::pair<std::string, std::string>> own_settings(const StepLimits& limits) {
  return {{"TimeZone", "UTC"},
          {"standard_conforming_strings", "on"},
          {"idle_in_transaction_session_timeout", "600000"},
          {"synchronous_commit", "on"},
          {"lock_timeout", std::to_string(limits.lock.count())},
          {"statement_timeout", std::to_string(limits.statement.count())}};
}

MessageList::MessageList(const RunContext& context)
    : context_(context),
      claim_up_(number_parameters(context.sql.claim_up)),
      claim_down_(number_parameters(context.sql.claim_down)),
      advance_(number_parameters(context.sql.advance)),
      finish_(number_parameters(context.sql.finish)),
      take_back_(number_parameters(context.sql.take_back)),
      log_(number_parameters(context.sql.log)) {}

void MessageList::add(Purpose purpose, const std::string& sql, const Task* task, const Step* step) {
  messages_.push_back({&sql, {}});
  sent_.push_back({purpose, task, step});
}

void MessageList::add(Purpose purpose, const NumberedText& text, const Parameters& values, const Task* task,
                      const Step* step) {
  add(purpose, text.sql, task, step);
  for (const std::string& name : text.names) {
    messages_.back().values.push_back(values.at(name));
  }
}

void MessageList::reset_session() {
  add(Purpose::reset, reset_authorization);
  add(Purpose::reset, reset_role);
  add(Purpose::reset, reset_all);
  limits_ = limits_of(context_, nullptr, false);
  add(Purpose::setup, setup_text);
  messages_.back().values = {text_of(limits_.lock), text_of(limits_.statement)};
}

void MessageList::set_limits(const StepLimits& limits) {
  if (limits == limits_) {
    return;
  }
  limits_ = limits;
  add(Purpose::timeout, limits_text);
  messages_.back().values = {text_of(limits.lock), text_of(limits.statement)};
}

void MessageList::require_durable_commits() { add(Purpose::setup, durable_text); }

void MessageList::begin() { add(Purpose::begin, begin_text); }

void MessageList::fence(const Task& task) {
  add(Purpose::fence, fence_text, &task);
  messages_.back().values = {context_.lock_number};
}

const NumberedText& MessageList::marked(const std::string& sql, const Step* step) {
  return marked_.emplace_back(number_parameters(with_mark(sql, step)));
}

void MessageList::claim(const Task& task, UnitKind kind) {
  const bool up = task.direction == Direction::up;
  Parameters values = claim_parameters(task, context_, kind);
  if (kind == UnitKind::transaction) {
    add(Purpose::claim, up ? claim_up_ : claim_down_, values, &task);
    return;
  }
  const Step* first = task.steps.empty() ? nullptr : &task.steps.front();
  if (first != nullptr) {
    values.merge(state_parameters(statement_form(first->sql)));
  }
  add(Purpose::claim, marked(up ? context_.sql.claim_up : context_.sql.claim_down, first), values, &task);
}

void MessageList::step(const Task& task, const Step& step) { add(Purpose::step, step.sql, &task, &step); }

void MessageList::ask_role(const Task& task) {
  add(Purpose::role, role_text, &task);
  add(Purpose::reset, reset_authorization, &task);
  add(Purpose::reset, reset_role, &task);
}

void MessageList::advance(const Task& task, const Step& step, const Step* next) {
  Parameters values = advance_parameters(task, context_, step.number);
  values["mark"] = std::monostate();
  if (next == nullptr) {
    add(Purpose::guard, advance_, values, &task, &step);
    return;
  }
  values.merge(state_parameters(statement_form(next->sql)));
  add(Purpose::guard, marked(context_.sql.advance, next), values, &task, &step);
}

void MessageList::finish(const Task& task) {
  add(Purpose::finish, finish_, finish_parameters(task, context_), &task);
  if (!task.log_action.empty()) {
    add(Purpose::log, log_, log_parameters(context_, task.log_action, task.version, "{}"), &task);
  }
}

void MessageList::take_back(const Task& task, int finished_step) {
  add(Purpose::take_back, take_back_, take_back_parameters(task, context_, finished_step), &task);
}

void MessageList::look(const Task& task) { add(Purpose::look, look_text, &task); }

void MessageList::look_at_tables(const Task& task) {
  if (context_.locks != LockReporting::none) {
    add(Purpose::tables, tables_before_text, &task);
    messages_.back().values = {names_in(task)};
  }
}

void MessageList::look_at_locks(const Task& task) {
  if (context_.locks != LockReporting::none) {
    add(Purpose::locks, locks_text, &task);
  }
}

void MessageList::commit() { add(Purpose::commit, commit_text); }

}  // namespace toolkit::postgresql

#include "answers.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <utility>

namespace toolkit::postgresql {

namespace {

constexpr std::string_view raised_by_us = "22012";  // division by zero: a write that changed nothing

std::string number(Version version) { return std::to_string(version); }

Error claim_lost(const Task& task) {
  ErrorDetails details;
  details.kind = ErrorKind::lock;
  details.version = task.version;
  details.claim_lost = true;
  details.message = "another runner has taken version " + number(task.version);
  return Error(std::move(details));
}

Error not_ours(const Task& task) {
  ErrorDetails details;
  details.kind = ErrorKind::unsettled;
  details.version = task.version;
  details.message = "the history row of version " + number(task.version) + " is not this run's any more";
  details.advice = "look at 'toolkit status'";
  return Error(std::move(details));
}

Error lock_gone(const Task* task) {
  ErrorDetails details;
  details.kind = ErrorKind::lock;
  details.version = task == nullptr ? 0 : task->version;
  details.message = "this session does not hold the lock between runners";
  details.advice =
      "a pooler that gives each transaction another session cannot run this: use the server's own port";
  return Error(std::move(details));
}

Error ended_transaction(const Task& task) {
  if (task.steps.empty()) {
    return not_ours(task);
  }
  return step_error(
      task, task.steps.back(), "the statement ended the transaction that the toolkit holds",
      "what stood before it in this transaction is committed; write it without COMMIT or ROLLBACK");
}

std::string text_of(const std::vector<std::string>& row) {
  return session_text(row[0], row[1], row[2], row[3], row[4], row[5]);
}

/// Who blocked it: as it was seen while it waited, else who holds locks on what the statement names now.
std::string holder_of(const Channel& channel, const std::string& sql) {
  if (!channel.blockers.seen().empty()) {
    return "; it was blocked by " + channel.blockers.seen();
  }
  static const std::string text =
      std::string("SELECT ") + session_columns +
      ", c.relname FROM pg_catalog.pg_locks l"
      " JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid JOIN pg_catalog.pg_class c ON c.oid = l.relation"
      " WHERE l.granted AND l.locktype = 'relation' AND l.pid <> pg_backend_pid() AND a.datname = "
      "current_database()"
      " AND position(lower(c.relname) IN lower($1)) > 0 ORDER BY a.xact_start LIMIT 1";
  const auto rows = ask(channel, text, {sql});
  return rows.empty() ? "" : "; " + text_of(rows.front()) + " holds a lock on " + rows.front()[6];
}

/// The others of a deadlock, by the numbers in the server's detail ("Process 17 waits for …").
std::string others_of(const Channel& channel, const std::string& detail) {
  static const std::string text = std::string("SELECT ") + session_columns +
                                  " FROM pg_catalog.pg_stat_activity a WHERE a.pid <> pg_backend_pid() AND"
                                  " $1 LIKE '%Process ' || a.pid || ' waits for%' ORDER BY a.pid LIMIT 1";
  const auto rows = ask(channel, text, {detail});
  return rows.empty() ? "" : "; with " + text_of(rows.front());
}

ErrorDetails answered(const Channel& channel, const pg_result* answer, const std::string& sql) {
  ErrorDetails details = details_of(answer, channel.url);
  if (details.sqlstate == "55P03") {
    details.message += redact(holder_of(channel, sql), channel.url);
  } else if (details.sqlstate == "40P01") {
    details.message += redact(others_of(channel, details.detail), channel.url);
  }
  return details;
}

/// The statement that may have been at work when the connection went: answers come late, so it is the first
/// one that has none, else the last one before the COMMIT.
Sent running(const MessageList& list, std::size_t answered) {
  Sent last{Purpose::commit};
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list.sent(i).purpose == Purpose::step) {
      last = list.sent(i);
      if (i >= answered) {
        break;
      }
    }
  }
  return last;
}

Error lost(const UnitFailure& unit, const MessageList& list, const PipelineEnd& end, const Sent& sent) {
  ErrorDetails details =
      end.failure != nullptr && details_of(end.failure.get(), unit.channel.url).connection_lost
          ? details_of(end.failure.get(), unit.channel.url)
          : lost_connection(unit.channel.handle, unit.channel.url);
  details.connection_lost = true;
  for (std::size_t i = end.answered; i < end.sent; ++i) {
    if (list.sent(i).purpose == Purpose::commit) {
      details.advice = "COMMIT may have been sent: the outcome is unknown; the next run looks at the history";
    }
  }
  const Sent at_work = running(list, end.answered);
  if (at_work.step != nullptr) {
    return migration_error(std::move(details), *at_work.task, *at_work.step, std::nullopt);
  }
  details.version = sent.task == nullptr ? 0 : sent.task->version;
  return Error(std::move(details));
}

Error commit_error(const UnitFailure& unit, const MessageList& list, const PipelineEnd& end) {
  ErrorDetails details = details_of(end.failure.get(), unit.channel.url);
  const Task* task = nullptr;
  for (std::size_t i = 0; i < end.answered; ++i) {
    task = list.sent(i).task != nullptr ? list.sent(i).task : task;
  }
  details.message = "at COMMIT: " + details.message;
  if (task == nullptr || task->steps.empty()) {
    return Error(std::move(details));
  }
  return migration_error(std::move(details), *task, task->steps.back(), std::nullopt);
}

}  // namespace

Error error_of(const UnitFailure& unit, const MessageList& list, const PipelineEnd& end) {
  const Sent sent = end.answered < list.size() ? list.sent(end.answered) : Sent{Purpose::commit};
  if (end.lost || end.failure == nullptr) {
    return lost(unit, list, end, sent);
  }
  const char* sqlstate = PQresultErrorField(end.failure.get(), PG_DIAG_SQLSTATE);
  const bool ours = sqlstate != nullptr && sqlstate == raised_by_us;
  switch (sent.purpose) {
    case Purpose::step:
      return step_error(unit.channel, end.failure.get(), *sent.task, *sent.step);
    case Purpose::commit:
      return commit_error(unit, list, end);
    case Purpose::claim:
      if (ours) {
        return claim_lost(*sent.task);
      }
      break;
    case Purpose::fence:
      if (ours) {
        return lock_gone(sent.task);
      }
      break;
    case Purpose::guard:
    case Purpose::finish:
    case Purpose::take_back:
      if (ours) {
        return unit.kind == UnitKind::transaction ? ended_transaction(*sent.task) : not_ours(*sent.task);
      }
      break;
    default:
      break;
  }
  ErrorDetails details = details_of(end.failure.get(), unit.channel.url);
  details.version = sent.task == nullptr ? 0 : sent.task->version;
  return Error(std::move(details));
}

Error step_error(const Channel& channel, const pg_result* answer, const Task& task, const Step& step) {
  return migration_error(answered(channel, answer, step.sql), task, step, offset_in(answer, step.sql));
}

Error step_error(const Task& task, const Step& step, std::string message, std::string advice) {
  ErrorDetails details;
  details.kind = ErrorKind::migration;
  details.message = std::move(message);
  details.advice = std::move(advice);
  return migration_error(std::move(details), task, step, std::nullopt);
}

void note_settings(const pg_result* look, const StepLimits& limits, const Task& task, RunObserver& observer) {
  const auto own = own_settings(limits);
  std::string changed;
  for (int row = 0; row < PQntuples(look); ++row) {
    const std::pair<std::string, std::string> setting = {text_at(look, row, 0), text_at(look, row, 1)};
    if (std::find(own.begin(), own.end(), setting) == own.end()) {
      changed += (changed.empty() ? "" : ", ") + setting.first;
    }
  }
  if (!changed.empty()) {
    observer.note(
        &task, "the file leaves these settings of the session changed: " + changed + "; they were set back");
  }
}

void RoleWatch::begin(const pg_result* setup) {
  role_ = text_at(setup, 0, PQnfields(setup) - 2);
  user_ = text_at(setup, 0, PQnfields(setup) - 1);
}

void RoleWatch::check(const pg_result* role, const Task& task, RunObserver& observer) const {
  if (text_at(role, 0, 0) != role_ || text_at(role, 0, 1) != user_) {
    observer.note(&task, "the file leaves the session's role changed; it was set back");
  }
}

std::vector<std::vector<std::string>> ask(const Channel& channel, const std::string& sql,
                                          std::vector<Value> values) {
  std::vector<std::vector<std::string>> rows;
  if (!is_alive(channel.handle) || PQtransactionStatus(channel.handle) != PQTRANS_IDLE) {
    return rows;
  }
  std::vector<Message> messages(1);
  messages[0].sql = &sql;
  messages[0].values = std::move(values);
  run_pipeline(channel.handle, messages,
               [&rows](std::size_t, const pg_result* result) {
                 for (int row = 0; row < PQntuples(result); ++row) {
                   auto& cells = rows.emplace_back();
                   for (int column = 0; column < PQnfields(result); ++column) {
                     cells.push_back(text_at(result, row, column));
                   }
                 }
               },
               {});
  return rows;
}

}  // namespace toolkit::postgresql

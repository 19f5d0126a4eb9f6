#include <utility>

#include "runner.hpp"
#include "toolkit/error.hpp"

namespace toolkit::mysql {

namespace {

Error claim_lost(const Task& task, const std::string& why) {
  ErrorDetails details;
  details.kind = ErrorKind::lock;
  details.version = task.version;
  details.claim_lost = true;
  details.message = why;
  return Error(std::move(details));
}

Error taken_by_another(const Task& task) {
  return claim_lost(task, "another runner has taken version " + std::to_string(task.version));
}

// 1242 is what our own texts raise when a row is not free, see history_sql.cpp.
bool is_refusal(const Error& error) { return error.details().native_code == "1242"; }

}  // namespace

void Runner::claim(const Task& task) {
  const std::string& sql = task.direction == Direction::up ? context_.sql.claim_up : context_.sql.claim_down;
  try {
    if (session_.write(sql, claim_values(task)) == 0) {
      throw claim_lost(task,
                       "version " + std::to_string(task.version) +
                           " could not be claimed: the lock between runners is lost, or the version is gone");
    }
  } catch (const Error& error) {
    if (is_refusal(error)) {
      throw taken_by_another(task);
    }
    throw;
  }
}

bool Runner::can_chain(std::size_t index) const {
  if (index + 1 >= tasks_.size() || (!facts_.doubt.empty() && !context_.single_writer) ||
      context_.stop.stop_requested() || scope_.cancelled) {
    return false;
  }
  const Task& task = tasks_[index];
  const Task& next = tasks_[index + 1];
  return task.log_action.empty() && task.direction == next.direction && task.version != next.version;
}

void Runner::finish(std::size_t index, bool in_transaction) {
  const Task& task = tasks_[index];
  const bool chained = can_chain(index) && write_chain(task, tasks_[index + 1], in_transaction);
  if (!chained) {
    const bool logs = !task.log_action.empty();
    if (logs && !in_transaction) {
      session_.send_raw("START TRANSACTION");
    }
    write_one_row(context_.sql.finish, finish_parameters(task, context_), task, in_transaction || logs);
    if (logs) {
      session_.write(context_.sql.log, log_parameters(context_, task.log_action, task.version, "{}"));
    }
    in_transaction = in_transaction || logs;
  }
  if (in_transaction) {
    session_.send_raw("COMMIT");
  }
  claimed_ = chained;
}

// False when the next version cannot be taken: this one is then finished by itself, and the claim of the next
// one says why.
bool Runner::write_chain(const Task& task, const Task& next, bool in_transaction) {
  const bool up = task.direction == Direction::up;
  Parameters values = fenced(claim_parameters(task, context_, UnitKind::separate));
  for (const auto& [key, value] : finish_parameters(task, context_)) {
    values[key] = value;
  }
  for (const auto& [key, value] : claim_values(next)) {
    values["next_" + key] = value;
  }
  try {
    const long long rows = write_truth(up ? chain_.ups : chain_.downs, values, in_transaction);
    if (rows == 1) {
      throw Error(ErrorKind::unsettled,
                  "a row of the history went away while version " + std::to_string(task.version) + " ran",
                  "look at 'toolkit status'");
    }
    return rows > 1;
  } catch (const Error& error) {
    if (is_refusal(error)) {
      return false;
    }
    throw;
  }
}

void Runner::advance(const Task& task, std::size_t step, bool in_transaction) {
  Parameters values = advance_parameters(task, context_, task.steps[step].number);
  values["mark"] = mark_for(task, step + 1);
  write_one_row(context_.sql.advance, fenced(std::move(values)), task, in_transaction);
  if (in_transaction) {
    session_.send_raw("COMMIT");
  }
}

void Runner::write_one_row(const std::string& sql, const Parameters& values, const Task& task,
                           bool in_transaction) {
  if (write_truth(sql, values, in_transaction) != 1) {
    throw Error(ErrorKind::unsettled,
                "the history row of version " + std::to_string(task.version) + " is not this run's any more",
                "look at 'toolkit status'");
  }
}

long long Runner::write_truth(const std::string& sql, const Parameters& values, bool in_transaction) {
  constexpr int attempts = 10;
  for (int attempt = 1;; ++attempt) {
    try {
      return session_.write(sql, values);
    } catch (const Error& error) {
      const std::string& code = error.details().native_code;
      const bool passing = code == "1205" || code == "1213" || code == "1317" || code == "3572";
      // Inside a transaction the whole of it is given up instead: a deadlock has rolled the statement back.
      if (!passing || in_transaction || attempt == attempts) {
        throw;
      }
    }
  }
}

Parameters Runner::claim_values(const Task& task) {
  Parameters values = claim_parameters(task, context_, UnitKind::separate);
  values["mark"] = mark_for(task, 0);
  return fenced(std::move(values));
}

Parameters Runner::fenced(Parameters values) const {
  values["lock_name"] = context_.lock_name;
  return values;
}

}  // namespace toolkit::mysql

#include "blockers.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <vector>

#include "native.hpp"

namespace toolkit::postgresql {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// Below the lock timeout of 3 s, so that a wait is looked at before it ends.
constexpr milliseconds first_look{400};
constexpr milliseconds between_looks{900};
constexpr std::size_t longest_statement = 200;

struct OptionsDeleter {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

/// A second session where the first one is, with its credentials.
pg_conn* connect_beside(pg_conn* session) {
  const std::unique_ptr<PQconninfoOption, OptionsDeleter> options(PQconninfo(session));
  std::vector<const char*> keys;
  std::vector<const char*> values;
  for (const PQconninfoOption* option = options.get(); option != nullptr && option->keyword != nullptr;
       ++option) {
    const std::string key = option->keyword;
    if (option->val != nullptr && key != "connect_timeout" && key != "options") {
      keys.push_back(option->keyword);
      values.push_back(option->val);
    }
  }
  keys.insert(keys.end(), {"connect_timeout", "options", nullptr});
  values.insert(values.end(), {"2", "-c statement_timeout=2000", nullptr});
  return PQconnectdbParams(keys.data(), values.data(), 0);
}

}  // namespace

const char* const session_columns =
    "a.pid, a.application_name, a.usename, a.state, to_char(a.xact_start AT TIME ZONE 'UTC',"
    " 'YYYY-MM-DD HH24:MI:SS'), a.query";

std::string session_text(const std::string& pid, const std::string& application, const std::string& user,
                         const std::string& state, const std::string& since, const std::string& statement) {
  std::string text = "process " + pid + " (" + application + (application.empty() ? "" : ", ") + "user " +
                     user + ", " + state + (since.empty() ? "" : ", transaction since " + since + " UTC");
  if (!statement.empty()) {
    text += ": \"" + statement.substr(0, std::min(statement.find('\n'), longest_statement)) + "\"";
  }
  return text + ")";
}

void Blockers::Closer::operator()(pg_conn* session) const noexcept { PQfinish(session); }

Blockers::Blockers() = default;
Blockers::~Blockers() = default;

void Blockers::begin() {
  session_.reset();
  seen_.clear();
  begun_ = Clock::now();
  next_ = begun_ + first_look;
}

milliseconds Blockers::waited() const {
  return std::chrono::duration_cast<milliseconds>(Clock::now() - begun_);
}

bool Blockers::look(pg_conn* waiting) noexcept {
  if (is_given_up_ || Clock::now() < next_) {
    return false;
  }
  try {
    const std::string before = seen_;
    seen_.clear();
    ask(waiting);
    const bool blocked = !seen_.empty();
    seen_ = blocked ? seen_ : before;
    next_ = Clock::now() + between_looks;
    return blocked;
  } catch (...) {  // out of memory: a person is not told who blocks
    is_given_up_ = true;
    return false;
  }
}

void Blockers::ask(pg_conn* waiting) {
  if (session_ == nullptr) {
    session_.reset(connect_beside(waiting));
  }
  const std::string pid = std::to_string(PQbackendPID(waiting));
  const char* values[] = {pid.c_str()};
  std::string text = "SELECT ";
  text.append(session_columns);
  text.append(
      " FROM unnest(pg_blocking_pids(CAST($1 AS integer))) AS b (pid)"
      " JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid ORDER BY a.xact_start LIMIT 1");
  const Result answer(PQexecParams(session_.get(), text.c_str(), 1, nullptr, values, nullptr, nullptr, 0));
  if (!succeeded(answer.get())) {
    is_given_up_ = true;
    session_.reset();
  } else if (PQntuples(answer.get()) > 0) {
    const pg_result* row = answer.get();
    seen_ = session_text(text_at(row, 0, 0), text_at(row, 0, 1), text_at(row, 0, 2), text_at(row, 0, 3),
                         text_at(row, 0, 4), text_at(row, 0, 5));
  }
}

}  // namespace toolkit::postgresql

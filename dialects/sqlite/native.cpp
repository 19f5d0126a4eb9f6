#include "native.hpp"

#include <sqlite3.h>

#include <memory>
#include <utility>

#include "toolkit/call_watch.hpp"

namespace toolkit::sqlite {

namespace {

struct Finalizer {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalizer>;

Statement prepare(sqlite3* handle, std::string_view sql, const char** rest, int* code) {
  sqlite3_stmt* raw = nullptr;
  *code = sqlite3_prepare_v2(handle, sql.data(), static_cast<int>(sql.size()), &raw, rest);
  return Statement(raw);
}

bool only_blanks(const char* begin, const char* end) {
  for (; begin != end; ++begin) {
    if (*begin != ' ' && *begin != '\t' && *begin != '\n' && *begin != '\r' && *begin != '\f' &&
        *begin != ';') {
      return false;
    }
  }
  return true;
}

constexpr int progress_interval = 10'000;  // virtual machine steps: some tens of microseconds

}  // namespace

NativeOutcome run_native(sqlite3* handle, std::string_view sql) {
  NativeOutcome outcome;
  const char* rest = nullptr;
  const Statement statement = prepare(handle, sql, &rest, &outcome.code);
  if (outcome.code != SQLITE_OK || statement == nullptr) {
    return outcome;
  }
  outcome.has_parameter = sqlite3_bind_parameter_count(statement.get()) > 0;
  outcome.has_rest = !only_blanks(rest, sql.data() + sql.size());
  if (outcome.has_parameter || outcome.has_rest) {
    return outcome;
  }
  const Call call("statement", sql);
  int stepped = SQLITE_ROW;
  while ((stepped = sqlite3_step(statement.get())) == SQLITE_ROW) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement.get(), 0));
    outcome.first_column.emplace_back(text != nullptr ? text : "");
  }
  outcome.code = stepped == SQLITE_DONE ? SQLITE_OK : stepped;
  return outcome;
}

std::string first_value(sqlite3* handle, const char* sql) {
  const NativeOutcome outcome = run_native(handle, sql);
  return outcome.first_column.empty() ? std::string() : outcome.first_column.front();
}

StatementTimeLimit::StatementTimeLimit(sqlite3* handle, std::chrono::milliseconds limit, std::stop_token stop)
    : handle_(handle), limit_(limit), stop_(std::move(stop)), end_(std::chrono::steady_clock::now() + limit) {
  sqlite3_progress_handler(handle_, progress_interval, &StatementTimeLimit::on_progress, this);
}

StatementTimeLimit::~StatementTimeLimit() { sqlite3_progress_handler(handle_, 0, nullptr, nullptr); }

int StatementTimeLimit::on_progress(void* self) {
  auto* limit = static_cast<StatementTimeLimit*>(self);
  limit->reached_ = limit->limit_.count() > 0 && std::chrono::steady_clock::now() >= limit->end_;
  return limit->reached_ || limit->stop_.stop_requested() ? 1 : 0;
}

}  // namespace toolkit::sqlite

#include "native.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include "toolkit/call_watch.hpp"

namespace toolkit::postgresql {

namespace {

constexpr int longest_wait_ms = 200;

enum class Wait { until_sent, until_answered };

bool wait_for(Wait end, pg_conn* handle, const Tick& tick) {
  while (PQflush(handle) == 1 || (end == Wait::until_answered && PQisBusy(handle) == 1)) {
    wait_for_socket(handle, PQflush(handle) == 1);
    if (PQconsumeInput(handle) == 0) {
      return false;
    }
    if (tick) {
      tick();
    }
  }
  return true;
}

void end_copy(pg_conn* handle, ExecStatusType status) {
  if (status == PGRES_COPY_IN || status == PGRES_COPY_BOTH) {
    PQputCopyEnd(handle, "COPY that speaks to the client has no place in a migration");
    return;
  }
  char* row = nullptr;
  while (PQgetCopyData(handle, &row, 0) > 0) {
    PQfreemem(row);
  }
}

}  // namespace

void ResultDeleter::operator()(pg_result* result) const noexcept { PQclear(result); }

void wait_for_socket(const pg_conn* handle, bool also_write) {
  pollfd socket{};
  socket.fd = PQsocket(handle);
  socket.events = static_cast<short>(also_write ? POLLIN | POLLOUT : POLLIN);
  ::poll(&socket, 1, longest_wait_ms);
}

bool succeeded(const pg_result* result) {
  const ExecStatusType status = PQresultStatus(result);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

bool is_alive(const pg_conn* handle) { return PQstatus(handle) == CONNECTION_OK; }

Result run_statement(pg_conn* handle, const std::string& sql, const Tick& tick) {
  const Call call("statement", sql, PQsocket(handle));
  PQsetnonblocking(handle, 1);
  Result answer;
  const bool going_on =
      PQsendQueryParams(handle, sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) == 1 &&
      wait_for(Wait::until_sent, handle, tick);
  if (going_on) {
    call.sent();
  }
  while (going_on && wait_for(Wait::until_answered, handle, tick)) {
    Result next(PQgetResult(handle));
    if (next == nullptr) {
      break;
    }
    const ExecStatusType status = PQresultStatus(next.get());
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
      end_copy(handle, status);
    }
    if (answer == nullptr || succeeded(answer.get()) || !succeeded(next.get())) {
      answer = std::move(next);
    }
  }
  PQsetnonblocking(handle, 0);
  return is_alive(handle) ? std::move(answer) : nullptr;
}

std::string text_at(const pg_result* result, int row, int column) {
  const bool there = row < PQntuples(result) && column < PQnfields(result);
  return there ? std::string(PQgetvalue(result, row, column)) : std::string();
}

}  // namespace toolkit::postgresql

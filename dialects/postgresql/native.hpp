#pragma once

#include <functional>
#include <memory>
#include <string>

struct pg_conn;
struct pg_result;

namespace toolkit::postgresql {

struct ResultDeleter {
  void operator()(pg_result* result) const noexcept;
};
using Result = std::unique_ptr<pg_result, ResultDeleter>;

/// Called now and then while a wait goes on.
using Tick = std::function<void()>;

/// Waits until the session's socket can be read, or also written, at most 200 ms.
void wait_for_socket(const pg_conn* handle, bool also_write);

/// Sends one statement without values by the extended protocol, which refuses a second one, and waits for its
/// end. The answer is the last result, or the first failure; a COPY that asks for the client's data is ended
/// with an error. Null: the connection is gone.
Result run_statement(pg_conn* handle, const std::string& sql, const Tick& tick = {});

/// Whether a result is no failure.
bool succeeded(const pg_result* result);

/// Whether the session still is one.
bool is_alive(const pg_conn* handle);

/// Field of a result as text, "" for NULL or where there is none.
std::string text_at(const pg_result* result, int row, int column);

}  // namespace toolkit::postgresql

#include "channel.hpp"

#include <libpq-fe.h>

#include <string>

namespace toolkit::postgresql {

namespace {

std::string field(const pg_result* notice, int code) {
  const char* text = PQresultErrorField(notice, code);
  return text == nullptr ? "" : text;
}

}  // namespace

Notices::Notices(pg_conn* handle) { PQsetNoticeReceiver(handle, &Notices::receive, this); }

void Notices::receive(void* self, const pg_result* notice) {
  const auto& notices = *static_cast<Notices*>(self);
  if (notices.observer == nullptr) {
    return;
  }
  try {
    const std::string hint = field(notice, PG_DIAG_MESSAGE_HINT);
    notices.observer->note(notices.task, field(notice, PG_DIAG_SEVERITY) + ": " +
                                             field(notice, PG_DIAG_MESSAGE_PRIMARY) +
                                             (hint.empty() ? "" : " (" + hint + ")"));
  } catch (...) {  // libpq is C: nothing may fly through it
  }
}

Doubt doubt_of_product(std::string_view crdb_version, std::string_view server_version) {
  const bool yugabyte = server_version.find("-YB-") != std::string_view::npos;
  if (crdb_version.empty() && !yugabyte) {
    return {};
  }
  return {(yugabyte ? "YugabyteDB" : "CockroachDB") +
              std::string(" does not keep the locks of a session as PostgreSQL does"),
          "run what commits by itself by hand, then record it with 'toolkit baseline --only'"};
}

Doubt doubt_of_pooler() {
  return {
      "a pooler stands between that gives each transaction another session",
      "use the server's own port, or a pool in session mode: the lock between runners does not hold here"};
}

Tick tick_of(const Channel& channel, const RunContext& context) {
  channel.blockers.begin();
  return [&channel, &context] {
    if (context.stop.stop_requested()) {
      channel.cancel();
    } else if (channel.doubt.empty() && channel.blockers.look(channel.handle) &&
               channel.notices.observer != nullptr) {
      channel.notices.observer->waiting("a lock, blocked by " + redact(channel.blockers.seen(), channel.url),
                                        channel.blockers.waited());
    }
  };
}

void require_no_stop(const RunContext& context) {
  if (context.stop.stop_requested()) {
    throw Error(ErrorKind::interrupted, "interrupted");
  }
}

void roll_back(const Channel& channel) noexcept {
  try {
    if (is_alive(channel.handle) && PQtransactionStatus(channel.handle) != PQTRANS_IDLE) {
      run_statement(channel.handle, "ROLLBACK");
    }
  } catch (...) {  // out of memory; the server rolls back with the session
  }
}

}  // namespace toolkit::postgresql

#include "connection.hpp"
#include "facts.hpp"
#include "toolkit/error.hpp"

namespace toolkit::mysql {

namespace {

// What the session calls itself; MySQL shows it to its own account, MariaDB where its performance schema is
// on.
std::string application_of(Session& session, const std::string& id) {
  try {
    const Rows rows = session.query(
        "SELECT attr_value FROM performance_schema.session_account_connect_attrs WHERE processlist_id = :id "
        "AND "
        "attr_name = 'program_name'",
        {{"id", id}}, 1);
    return rows.empty() ? std::string() : rows[0][0].value_or("");
  } catch (const Error& error) {
    if (error.details().connection_lost) {
      throw;
    }
    return {};
  }
}

// Without the PROCESS right the server shows this user's own sessions only; the number it always tells.
LockHolder holder_of(Session& session, const std::string& id) {
  LockHolder holder;
  holder.session = id;
  const Rows rows = session.query(
      "SELECT user, host, DATE_FORMAT(UTC_TIMESTAMP() - INTERVAL GREATEST(time, 0) SECOND, "
      "'%Y-%m-%dT%H:%i:%sZ'), LEFT(info, 200) FROM information_schema.processlist WHERE id = :id",
      {{"id", id}}, 4);
  if (!rows.empty()) {
    holder.user = rows[0][0].value_or("");
    holder.host = rows[0][1].value_or("") == "localhost" ? "" : rows[0][1].value_or("");
    holder.since = rows[0][2].value_or("");
    holder.running = redact(rows[0][3].value_or(""), session.url());
    holder.application = application_of(session, id);
  }
  return holder;
}

}  // namespace

LockState MysqlConnection::lock_state(const HistoryPlace& place) {
  const Facts facts = read_facts(*session_, server_, place);
  LockState state;
  state.doubt = facts.doubt;
  state.way_out = facts.way_out;
  const Rows id =
      session_->query("SELECT IS_USED_LOCK(:name)", {{"name", lock_name(server_.database, place)}}, 1);
  if (!id.empty() && id[0][0]) {
    state.holder = holder_of(*session_, *id[0][0]);
  }
  return state;
}

}  // namespace toolkit::mysql

#include "blockers.hpp"

#include "toolkit/url.hpp"

namespace toolkit::mysql {

std::string open_transactions(Session& session) noexcept {
  try {
    std::string text;
    for (const auto& row : session.query(
             "SELECT t.trx_mysql_thread_id, p.user, p.host, TIMESTAMPDIFF(SECOND, t.trx_started, NOW()), "
             "LEFT(t.trx_query, 200) FROM information_schema.innodb_trx t LEFT JOIN "
             "information_schema.processlist p "
             "ON p.id = t.trx_mysql_thread_id WHERE t.trx_mysql_thread_id <> CONNECTION_ID() ORDER BY "
             "t.trx_started "
             "LIMIT 3",
             {}, 5)) {
      text += (text.empty() ? "connection " : "; connection ") + row[0].value_or("?") + " of " +
              row[1].value_or("?") + "@" + row[2].value_or("?") + ", open for " + row[3].value_or("?") + " s";
      text += row[4] ? ", running: " + *row[4] : std::string(", between statements");
    }
    return redact(text, session.url());
  } catch (...) {
    return {};
  }
}

}  // namespace toolkit::mysql

#include "catalog_fetch.hpp"

#include <memory>
#include <string>

#include "native.hpp"
#include "toolkit/call_watch.hpp"
#include "toolkit/error.hpp"

namespace toolkit::mysql {

Rows fetch(Session& session, std::string_view sql) {
  MYSQL* const handle = session.handle();
  const Call call("query", sql, static_cast<int>(handle->net.fd));
  if (mysql_real_query(handle, sql.data(), sql.size()) != 0) {
    throw Error(last_error(handle, session.url()));
  }
  const std::unique_ptr<MYSQL_RES, decltype(&mysql_free_result)> result(mysql_store_result(handle),
                                                                        &mysql_free_result);
  if (!result) {
    throw Error(last_error(handle, session.url()));
  }
  Rows rows;
  const unsigned count = mysql_num_fields(result.get());
  while (MYSQL_ROW fields = mysql_fetch_row(result.get())) {
    const unsigned long* const lengths = mysql_fetch_lengths(result.get());
    auto& row = rows.emplace_back(count);
    for (unsigned i = 0; i < count; ++i) {
      if (fields[i] != nullptr) {
        row[i] = std::string(fields[i], lengths[i]);
      }
    }
  }
  return rows;
}

}  // namespace toolkit::mysql

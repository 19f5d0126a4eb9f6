#include <charconv>
#include <filesystem>
#include <stop_token>

#include "require_file.hpp"
#include "toolkit/dialect.hpp"
#include "toolkit/error.hpp"
#include "toolkit/migrate.hpp"
#include "toolkit/parity.hpp"
#include "toolkit/registry.hpp"

namespace toolkit {

namespace {

/// As HistorySql::read selects them.
constexpr int history_columns = 17;
constexpr std::size_t state_column = 2;

/// Leaves `side` without a history where there is no table.
void read_versions(Connection& connection, const HistorySql& sql, ParitySide& side) {
  Rows rows;
  try {
    rows = connection.query(sql.read, {}, history_columns);
  } catch (const Error& failure) {
    if (!connection.is_absent_table(failure.details())) {
      throw;
    }
    return;
  }
  side.has_history = true;
  for (const auto& row : rows) {
    const std::string digits = row[0].value_or("");
    ParityVersion version{0, row[1].value_or("")};
    std::from_chars(digits.data(), digits.data() + digits.size(), version.version);
    if (version.version > 0 && row[state_column] == to_string(State::applied)) {
      side.versions.push_back(std::move(version));
    }
  }
}

}  // namespace

ParitySide read_parity_side(const Registry& dialects, const DatabaseUrl& url,
                            const MigratorOptions& options) {
  const Dialect& dialect = dialects.for_url(url);
  require_file(dialect, url);
  OpenOptions open;
  open.connect_timeout = options.timeouts.connect;
  open.read_only = true;
  open.create_file = false;
  open.application_name = options.application_name;
  try {
    const std::unique_ptr<Connection> connection = dialect.open(url, open);
    const std::stop_callback cancel(options.stop, [&] { connection->cancel(); });
    HistoryPlace place = options.place;
    place.schema = place.schema.empty() ? connection->server().default_schema : place.schema;
    ParitySide side;
    side.catalog = connection->catalog_reader({place, {}})->read();
    side.label = side.catalog.dialect;
    read_versions(*connection, dialect.history_sql(place), side);
    return side;
  } catch (const Error&) {
    if (options.stop.stop_requested()) {
      throw Error(ErrorKind::interrupted, "interrupted while reading a database");
    }
    throw;
  }
}

}  // namespace toolkit

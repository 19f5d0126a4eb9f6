#include <pwd.h>
#include <unistd.h>

#include <array>
#include <random>
#include <utility>

#include "migrator_parts.hpp"
#include "stored_down.hpp"
#include "toolkit/version.hpp"

namespace toolkit {

namespace {

std::string cell(const std::optional<std::string>& value) { return value.value_or(""); }

std::int64_t number(const std::optional<std::string>& value) {
  return value && !value->empty() ? std::stoll(*value) : 0;
}

HistoryRow row_of(const std::vector<std::optional<std::string>>& cells) {
  HistoryRow row;
  row.version = number(cells[0]);
  row.name = cell(cells[1]);
  row.state = parse_state(cell(cells[2]));
  row.origin = parse_origin(cell(cells[3]));
  row.dialect = cell(cells[4]);
  row.step = static_cast<int>(number(cells[5]));
  row.steps = static_cast<int>(number(cells[6]));
  row.up_checksum = cell(cells[7]);
  row.down_checksum = cell(cells[8]);
  row.step_checksums = cell(cells[9]);
  row.run_id = cell(cells[10]);
  row.applied_by = cell(cells[11]);
  row.started_at = cell(cells[12]);
  row.finished_at = cell(cells[13]);
  if (cells[14]) {
    row.duration_ms = number(cells[14]);
  }
  row.tool_version = cell(cells[15]);
  row.in_flight = cell(cells[16]) == "1";
  return row;
}

constexpr int history_columns = 17;

/// A file that is no database or a lack of rights has its own advice; a table of other columns has none.
Error unreadable_history(const Error& failure, const HistoryPlace& place) {
  ErrorDetails details = failure.details();
  if (details.kind == ErrorKind::server && details.advice.empty() && !details.connection_lost) {
    details.message = "cannot read " + place.schema + "." + place.table + " as a history: " + details.message;
    details.advice =
        "if this table is another program's, choose another name with [history] table in toolkit.toml";
  }
  return Error(std::move(details));
}

Error cannot_create_history(const Error& failure, const HistoryPlace& place) {
  ErrorDetails details = failure.details();
  details.message = "cannot make the history table in " + place.schema + ": " + details.message;
  // Rights (class 42 of SQLSTATE: access rule violation) and a schema that is not there (3F) are cured by
  // another place; a full disk is not.
  const std::string class_of_error = details.sqlstate.substr(0, 2);
  if (class_of_error == "42" || class_of_error == "3F") {
    details.advice +=
        (details.advice.empty() ? "" : "; or ") + std::string("name another schema with --history-schema");
  }
  return Error(std::move(details));
}

History history_of(const Rows& rows) {
  History history;
  history.exists = true;
  for (const auto& cells : rows) {
    if (number(cells[0]) == 0) {
      // Row 0 is read before anything else of it is trusted: a newer format may know other words.
      history.format = static_cast<int>(number(cells[5]));
      if (history.format > history_format) {
        throw Error(ErrorKind::configuration,
                    "the history of this database has format " + std::to_string(history.format) +
                        ", this toolkit knows " + std::to_string(history_format),
                    "use the toolkit that wrote it, or a newer one; nothing was changed");
      }
      continue;
    }
    history.rows.push_back(row_of(cells));
  }
  return history;
}

}  // namespace

std::string who_am_i() {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  const passwd* user = ::getpwuid(::geteuid());
  return (user != nullptr ? std::string(user->pw_name) : std::to_string(::geteuid())) + "@" + host.data() +
         " " + std::to_string(::getpid());
}

std::string new_run_id() {
  static constexpr char digits[] = "0123456789abcdef";
  std::random_device random;
  std::string id;
  while (id.size() < 32) {
    id.push_back(digits[random() & 15U]);
  }
  return id;
}

Connection& Migrator::Parts::open() {
  if (connection == nullptr) {
    OpenOptions open_options;
    open_options.connect_timeout = options.timeouts.connect;
    open_options.read_only = options.read_only;
    open_options.application_name = options.application_name;
    connection = dialect->open(url, open_options);
    place = options.place;
    if (place.schema.empty()) {
      place.schema = connection->server().default_schema;
    } else if (dialect->traits().is_file && place.schema != connection->server().default_schema) {
      throw Error(ErrorKind::configuration,
                  "a file has no schema '" + place.schema + "': the history stands in " +
                      connection->server().default_schema,
                  "leave --history-schema, or [history] schema in toolkit.toml, away");
    }
    sql = dialect->history_sql(place);
  }
  return *connection;
}

const MigrationSet& Migrator::Parts::migrations() {
  if (!set) {
    const bool may_be_empty = options.from_history && options.without_files;
    const MigrationFolder folder =
        may_be_empty ? read_folder_to_extend(options.folder) : read_folder(options.folder);
    // Where the server cannot make a difference, the files are judged before it is asked for anything.
    const std::vector<std::string>& flavours = dialect->traits().flavours;
    const std::string flavour = flavours.size() == 1 ? flavours.front() : open().server().flavour;
    set = load_set(folder, flavour, dialect->script_syntax(flavour, options.sql_mode));
  }
  return *set;
}

History Migrator::Parts::read_history() {
  Connection& database = open();
  try {
    return history_of(database.query(sql.read, {}, history_columns));
  } catch (const Error& failure) {
    if (!database.is_absent_table(failure.details())) {
      throw unreadable_history(failure, place);
    }
  }
  for (const auto& row : database.query(sql.find_elsewhere, {}, 1)) {
    throw Error(ErrorKind::configuration,
                "there is a history table " + place.table + " in schema " + cell(row[0]) +
                    ", but this run looks in " + place.schema,
                "use --history-schema, or [history] schema in toolkit.toml: two histories would apply "
                "everything again");
  }
  return {};
}

// Two runners may create it at once where the lock does not hold, and PostgreSQL then answers CREATE TABLE IF
// NOT EXISTS with a duplicate key of its catalog (23505). The texts are safe to repeat, and the table that
// the other one has made may still lack its first row: so once more, and what counts is that it is there in
// the end.
void Migrator::Parts::create_history() {
  constexpr int attempts = 3;
  for (const std::string& text : sql.create) {
    for (int attempt = 1;; ++attempt) {
      try {
        open().execute(text);
        break;
      } catch (const Error& failure) {
        if (has_first_row()) {
          break;
        }
        if (failure.details().connection_lost || attempt == attempts) {
          throw cannot_create_history(failure, place);
        }
      }
    }
  }
}

bool Migrator::Parts::has_first_row() {
  try {
    return !open().query(sql.read, {}, history_columns).empty();
  } catch (const Error&) {
    return false;
  }
}

std::unique_ptr<RunnerLock> Migrator::Parts::take_lock(RunObserver& observer) {
  return open().lock({place, options.timeouts.runner_lock, options.stop}, observer);
}

RunContext Migrator::Parts::make_context() {
  RunContext context;
  context.place = place;
  context.sql = sql;
  context.timeouts = options.timeouts;
  context.lock_name = lock_name(open().server().database, place);
  context.lock_number = lock_number(open().server().database, place);
  context.run_id = new_run_id();
  context.applied_by = who_am_i();
  context.tool_version = tool_version;
  context.stop = options.stop;
  context.sql_mode = options.sql_mode;
  context.single_writer = options.single_writer;
  return context;
}

PlanOptions Migrator::Parts::plan_options(const History& history, const Request& request) {
  PlanOptions plan_options;
  plan_options.transaction = options.transaction;
  plan_options.allow_late = options.allow_late;
  plan_options.allow_ahead = options.allow_ahead;
  plan_options.database_is_empty = options.transaction == TransactionMode::automatic &&
                                   dialect->traits().transactional_ddl && history.rows.empty() &&
                                   !sql.find_user_table.empty() &&
                                   open().query(sql.find_user_table, {}, 1).empty();
  add_stored_downs(history, request, plan_options);
  return plan_options;
}

void Migrator::Parts::add_stored_downs(const History& history, const Request& request,
                                       PlanOptions& plan_options) {
  if (!options.from_history || request.kind == RequestKind::up || request.kind == RequestKind::redo) {
    return;
  }
  const bool unlimited = request.all || request.target.has_value();
  std::int64_t left = unlimited ? INT64_MAX : request.count.value_or(1);
  const ScriptSyntax syntax = dialect->script_syntax(open().server().flavour, options.sql_mode);
  for (auto row = history.rows.rbegin(); row != history.rows.rend() && left > 0; ++row) {
    if (row->version <= request.target.value_or(0)) {
      break;
    }
    const bool goes_down = row->state == State::applied || row->state == State::reverting;
    left -= goes_down ? 1 : 0;
    if (!goes_down || migrations().find(row->version) != nullptr) {
      continue;
    }
    const Rows stored = open().query(sql.read_down_steps, {{"version", row->version}}, 2);
    plan_options.stored_downs.push_back(migration_from_history(*row, cell(stored.at(0).at(0)), syntax));
  }
}

Migrator::Migrator(const Registry& dialects, std::string_view url, MigratorOptions options)
    : Migrator(dialects, parse_url(url), std::move(options)) {}

Migrator::Migrator(const Registry& dialects, DatabaseUrl url, MigratorOptions options)
    : parts_(std::make_unique<Parts>()) {
  parts_->url = std::move(url);
  parts_->dialect = &dialects.for_url(parts_->url);
  parts_->options = std::move(options);
}

Migrator::~Migrator() = default;
Migrator::Migrator(Migrator&&) noexcept = default;

const ServerInfo& Migrator::server() { return parts_->open().server(); }

Plan Migrator::plan(const Request& request) {
  const MigrationSet& set = parts_->migrations();
  const History history = parts_->read_history();
  parts_->refuse_half_loaded(history);
  PlanOptions plan_options = parts_->plan_options(history, request);
  plan_options.interrupted_goes_on = true;
  return make_plan(set, history, request, plan_options, *parts_->dialect);
}

}  // namespace toolkit

#include <algorithm>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "migrator_parts.hpp"
#include "plan_parts.hpp"
#include "toolkit/dialect_names.hpp"
#include "toolkit/schema.hpp"

namespace toolkit {

namespace {

/// In the log, before the first statement where statements commit by themselves. *Persistent.*
constexpr std::string_view begun = "load-begun";
constexpr std::string_view done = "load";

constexpr const char* start_again =
    "empty the database and load again: 'toolkit drop' and 'toolkit create', then 'toolkit schema load'";

std::string stem_of(const std::string& path) { return std::filesystem::path(path).filename().string(); }

/// A file whose name says another dialect would fail at some statement, or mean something else.
void refuse_other_dialect(const std::string& path, const std::string& flavour) {
  const std::string name = stem_of(path);
  const std::size_t first = name.find('.');
  const std::size_t last = name.rfind('.');
  if (first == std::string::npos || last <= first) {
    return;
  }
  const auto said = dialect_name_of(name.substr(first + 1, last - first - 1));
  std::string fallback;
  for (const DialectName& known : known_dialect_names()) {
    fallback = known.name == flavour ? known.fallback : fallback;
  }
  if (said && *said != flavour && *said != fallback) {
    throw Error(ErrorKind::usage, path + " is for " + *said + ", and this database is " + flavour);
  }
}

std::string file_beside_migrations(const FolderOptions& folder, const std::string& flavour) {
  std::string path = reserved_file(read_folder(folder), "schema", flavour);
  if (path.empty()) {
    throw Error(
        ErrorKind::files, "there is no schema." + flavour + ".sql or schema.sql beside the migrations",
        "name a file, or write one: 'toolkit schema dump -o " + folder.path + "/schema." + flavour + ".sql'");
  }
  return path;
}

/// The version that the file contains must be one of the set: the versions up to it are recorded.
void require_known_version(const SchemaFile& file, const MigrationSet& set) {
  if (set.find(file.version) != nullptr) {
    return;
  }
  const Version newest = set.migrations.empty() ? 0 : set.migrations.back().version;
  throw error_at(ErrorKind::files,
                 file.version > newest
                     ? "this schema contains version " + file.digits + ", and the newest migration is " +
                           std::to_string(newest)
                     : "this schema contains version " + file.digits + ", and no migration has it",
                 file.path, file.text, std::min(file.text.find("-- toolkit:"), file.text.size()),
                 "bring the migrations up to date, or use the schema file that belongs to them");
}

/// What a person would lose or mix up; schemas, extensions and grants may be there before.
std::vector<std::string> contents_of(const Catalog& catalog) {
  std::vector<std::string> names;
  for (const auto& object : catalog.objects) {
    if (object->kind != "schema" && object->kind != "extension" && object->kind != "grant") {
      names.push_back(object->kind + " " + object->name);
    }
  }
  return names;
}

std::string first_of(const std::vector<std::string>& names) {
  std::string list;
  for (std::size_t i = 0; i < std::min<std::size_t>(names.size(), 3); ++i) {
    list += (i == 0 ? "" : ", ") + names[i];
  }
  return list + (names.size() > 3 ? " and " + std::to_string(names.size() - 3) + " more" : "");
}

class Load {
 public:
  Load(Migrator::Parts& parts, RunObserver& observer) : parts_(parts), observer_(observer) {}

  SchemaLoad run(const std::string& path, bool dry_run) {
    const ServerInfo server = parts_.open().server();
    const std::string flavour = server.flavour;
    read_file_at(path.empty() ? file_beside_migrations(parts_.options.folder, flavour) : path, flavour);
    require_known_version(file_, parts_.migrations());
    require_empty(parts_.read_history());
    result_.report.server = server;
    if (!dry_run) {
      load();
    }
    result_.report.to = file_.version;
    return std::move(result_);
  }

 private:
  void read_file_at(const std::string& path, const std::string& flavour) {
    refuse_other_dialect(path, flavour);
    const ScriptSyntax syntax = parts_.dialect->script_syntax(flavour, parts_.options.sql_mode);
    file_ = parse_schema_file(read_file(path, parts_.options.folder.file_size_limit), syntax, path);
    result_.path = path;
    for (const StatementRange& range : file_.statements) {
      result_.statements.push_back(file_.text.substr(range.begin, range.end - range.begin));
    }
    for (const Migration& migration : parts_.migrations().migrations) {
      if (migration.version <= file_.version) {
        result_.report.done.push_back(
            {migration.version, migration.digits, migration.name, Direction::up, 0});
      }
    }
  }

  void require_empty(const History& history) {
    if (!history.rows.empty()) {
      throw Error(ErrorKind::server,
                  "this database has a history of " + std::to_string(history.rows.size()) +
                      (history.rows.size() == 1 ? " version" : " versions") +
                      ": a fresh schema is for an empty database",
                  "'toolkit up' brings it to the newest version");
    }
    const std::vector<std::string> found =
        contents_of(parts_.open().catalog_reader({parts_.place, {}})->read());
    if (found.empty()) {
      return;
    }
    parts_.refuse_half_loaded(history);
    throw Error(
        ErrorKind::server,
        "this database is not empty, and a fresh schema is for an empty one: it has " + first_of(found),
        "use an empty database; for one that has the schema already: 'toolkit baseline " + file_.digits +
            "'");
  }

  void load() {
    const std::stop_callback cancel(parts_.options.stop, [this] { parts_.connection->cancel(); });
    const std::unique_ptr<RunnerLock> lock = parts_.take_lock(observer_);
    if (!parts_.read_history().exists) {
      parts_.create_history();
    }
    require_empty(parts_.read_history());
    const RunContext context = parts_.make_context();
    const bool in_one = parts_.dialect->traits().transactional_ddl;
    prepare_session(context, in_one);
    if (in_one) {
      in_transaction(parts_.open(), parts_.dialect->traits(), [&] {
        run_statements();
        record(context);
      });
      return;
    }
    parts_.open().query(context.sql.log, log_parameters(context, begun, 0, "{}"), 0);
    run_statements();
    in_transaction(parts_.open(), parts_.dialect->traits(), [&] { record(context); });
  }

  /// A unit without tasks makes the session what migrations find.
  void prepare_session(const RunContext& context, bool in_one) {
    UnitOfWork nothing;
    nothing.kind = in_one ? UnitKind::transaction : UnitKind::separate;
    parts_.open().run(nothing, context, observer_);
  }

  void run_statements() {
    for (std::size_t i = 0; i < file_.statements.size(); ++i) {
      try {
        if (parts_.options.stop.stop_requested()) {
          throw Error(ErrorKind::interrupted, "interrupted");
        }
        parts_.open().execute(result_.statements[i]);
      } catch (const Error& failure) {
        throw at_statement(failure.details(), i);
      }
    }
  }

  Error at_statement(ErrorDetails details, std::size_t index) {
    const LineAt at = line_at(file_.text, file_.statements[index].begin);
    details.kind = details.kind == ErrorKind::server ? ErrorKind::migration : details.kind;
    details.position = {file_.path, at.line, at.column};
    details.source_line = at.text;
    details.statement = result_.statements[index];
    const std::string number = std::to_string(index + 1) + " of " + std::to_string(file_.statements.size());
    const std::string what = parts_.dialect->traits().transactional_ddl
                                 ? "statement " + number + ": nothing of the file was loaded"
                                 : "statement " + number +
                                       ": those before it stay, since statements of this server commit by " +
                                       "themselves, and no version was recorded; " + start_again;
    details.advice += (details.advice.empty() ? "" : "; ") + what;
    return Error(std::move(details));
  }

  void record(const RunContext& context) {
    for (const Migration& migration : parts_.migrations().migrations) {
      if (migration.version <= file_.version) {
        const Task task = plan_task(parts_.migrations(), migration, Direction::up, 1, *parts_.dialect).task;
        parts_.open().query(context.sql.record,
                            record_parameters(task, context, State::applied, Origin::loaded), 0);
      }
    }
    const nlohmann::ordered_json detail = {{"file", stem_of(file_.path)},
                                           {"statements", file_.statements.size()},
                                           {"versions", result_.report.done.size()}};
    parts_.open().query(context.sql.log, log_parameters(context, done, file_.version, detail.dump()), 0);
  }

  Migrator::Parts& parts_;
  RunObserver& observer_;
  SchemaFile file_;
  SchemaLoad result_;
};

}  // namespace

void Migrator::Parts::refuse_half_loaded(const History& history) {
  if (!history.exists || !history.rows.empty() || dialect->traits().transactional_ddl) {
    return;
  }
  const Parameters marker = {
      {"action", std::string(begun)}, {"version", std::int64_t{0}}, {"detail", std::string("{}")}};
  if (open().query(sql.find_log, marker, 1).empty()) {
    return;
  }
  const std::vector<std::string> found = contents_of(open().catalog_reader({place, {}})->read());
  if (!found.empty()) {
    throw Error(ErrorKind::unsettled,
                "a fresh schema was being loaded into this database and the load did not come to its end: it "
                "has " +
                    first_of(found) + ", and no version is recorded",
                start_again);
  }
}

SchemaLoad load_schema(const Registry& dialects, const DatabaseUrl& url, const MigratorOptions& options,
                       const std::string& path, bool dry_run, RunObserver& observer) {
  Migrator::Parts parts;
  parts.dialect = &dialects.for_url(url);
  parts.url = url;
  parts.options = options;
  parts.options.read_only = dry_run;
  return Load(parts, observer).run(path, dry_run);
}

}  // namespace toolkit

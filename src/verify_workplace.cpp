#include "verify_workplace.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "toolkit/dialect_names.hpp"
#include "toolkit/schema_file.hpp"

namespace toolkit {

namespace {

namespace fs = std::filesystem;

/// Hears what a version took.
class LockListener : public SilentObserver {
 public:
  void locked(const Task&, const std::vector<LockTaken>& locks) override {
    locks_.insert(locks_.end(), locks.begin(), locks.end());
  }
  const std::vector<LockTaken>& locks() const { return locks_; }

 private:
  std::vector<LockTaken> locks_;
};

}  // namespace

std::string file_for(const std::string& path, const std::string& flavour, const Traits& traits) {
  const fs::path file(path);
  const auto named = [&](const std::string& middle) {
    return (file.parent_path() / (file.stem().string() + "." + middle + file.extension().string())).string();
  };
  for (const std::string& candidate : {named(flavour), named(traits.name), path}) {
    if (fs::exists(candidate)) {
      return candidate;
    }
  }
  for (const DialectName& other : known_dialect_names()) {
    if (fs::exists(named(other.name))) {
      return {};
    }
  }
  throw Error(ErrorKind::files, "there is no file " + path,
              "nor one for a dialect, such as " + named(flavour));
}

void run_prepare_file(const Dialect& dialect, const DatabaseUrl& administrator, const std::string& path,
                      const MigratorOptions& options) {
  OpenOptions open;
  open.connect_timeout = options.timeouts.connect;
  open.application_name = options.application_name;
  const std::unique_ptr<Connection> connection = dialect.open(administrator, open);
  const std::string file = file_for(path, connection->server().flavour, dialect.traits());
  if (!file.empty()) {
    run_script_file(*connection, dialect, file, options);
  }
}

Workplace::Workplace(const Dialect& dialect, const VerifyTarget& target, const VerifyOptions& options,
                     TellNote note)
    : dialect_(dialect),
      options_(options),
      note_(std::move(note)),
      server_(dialect, target, options.migrator.stop, {}, options.keep) {
  for (const std::string& text : server_.notes()) {
    note_(text);
  }
  open_new();
  set_ = session_->migrations();
}

void Workplace::open_new() {
  rows_.reset();
  session_.reset();
  if (database_) {
    server_.drop_database(*database_);
  }
  database_ = server_.create_database();
  prepare();
  session_ = std::make_unique<VerifySession>(dialect_, *database_, options_.migrator);
  first_defaults_ = session_->defaults();
  session_->compare_defaults_with(first_defaults_);
  if (!set_.migrations.empty()) {
    session_->use(set_);
  }
  if (const std::string base = reserved_file("base"); !base.empty()) {
    session_->run_file(base);
  }
  if (options_.rows) {
    rows_ = std::make_unique<SampleRows>(session_->connection(), dialect_, options_.seed, given_rows());
  }
}

void Workplace::prepare() {
  if (!options_.prepare.empty()) {
    run_prepare_file(dialect_, server_.as_administrator(*database_), options_.prepare, options_.migrator);
  }
}

std::unique_ptr<GivenRows> Workplace::given_rows() {
  if (options_.rows_file.empty()) {
    return nullptr;
  }
  const std::string file = file_for(options_.rows_file, server().flavour, dialect_.traits());
  const ScriptSyntax syntax = dialect_.script_syntax(server().flavour, options_.migrator.sql_mode);
  return file.empty() ? nullptr
                      : std::make_unique<GivenRows>(
                            file, read_file(file, options_.migrator.folder.file_size_limit), syntax);
}

std::string Workplace::reserved_file(const std::string& stem) {
  return toolkit::reserved_file(read_folder(options_.migrator.folder), stem, server().flavour);
}

std::optional<std::string> Workplace::run(const Migration& migration, Direction direction,
                                          LockReporting reporting, std::vector<LockTaken>* locks) {
  try {
    if (locks == nullptr) {
      session_->run(migration, direction);
    } else {
      LockListener listener;
      session_->run(migration, direction, reporting, listener);
      *locks = listener.locks().empty() ? *locks : listener.locks();
    }
    return std::nullopt;
  } catch (const Error& failure) {
    stop_if_asked();
    if (failure.details().connection_lost) {
      throw;
    }
    failed_step_ = failure.details().step;
    return sentence_of(failure);
  }
}

bool Workplace::rebuild_before(const Migration& next) {
  note_("a new database is brought to the version before " + next.digits +
        ", so that the rest is still proven");
  return rebuild(next.version - 1);
}

bool Workplace::rebuild_to(const Migration& last) {
  note_("a new database is brought to version " + last.digits + ", so that the rest is still proven");
  return rebuild(last.version);
}

bool Workplace::rebuild(Version newest) {
  open_new();
  return std::all_of(set_.migrations.begin(), set_.migrations.end(), [&](const Migration& migration) {
    return migration.version > newest || !run(migration, Direction::up);
  });
}

std::optional<DatabaseUrl> Workplace::copy() { return server_.copy_database(*database_); }

void Workplace::go_on_in(const DatabaseUrl& copy) {
  const DatabaseUrl left = *database_;
  auto session = std::make_unique<VerifySession>(dialect_, copy, options_.migrator);
  session->use(set_);
  session->compare_defaults_with(first_defaults_);
  if (rows_ != nullptr) {
    rows_->use(session->connection());
  }
  session_ = std::move(session);
  database_ = copy;
  server_.drop_database(left);
}

void Workplace::with_fresh_database(const std::function<void(VerifySession&)>& use) {
  const DatabaseUrl fresh = server_.create_database();
  {
    VerifySession session(dialect_, fresh, options_.migrator);
    session.compare_defaults_with(session.defaults());
    use(session);
  }
  server_.drop_database(fresh);
}

void Workplace::keep(EngineReport& report) {
  report.url = database_->display();
  report.is_held = server_.keep();
}

void Workplace::stop_if_asked() const {
  if (options_.migrator.stop.stop_requested()) {
    throw Error(ErrorKind::interrupted, "interrupted");
  }
}

}  // namespace toolkit

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "migrator_parts.hpp"
#include "require_file.hpp"
#include "schema_rows_words.hpp"
#include "schema_sandbox.hpp"
#include "toolkit/dialect_names.hpp"
#include "toolkit/schema.hpp"
#include "verify_workplace.hpp"

namespace toolkit {

namespace fs = std::filesystem;

namespace {

/// A URL with a slip in it is taken for a path, and may hold a password all the same.
std::string without_user(const std::string& word) {
  const std::size_t at = word.rfind('@');
  const bool may_hold_password = at != std::string::npos && word.find(':') < at;
  return may_hold_password ? "***" + word.substr(at) : word;
}

Error no_such_source(const std::string& word, const std::string& why) {
  return {ErrorKind::files, without_user(word) + ": " + why,
          "a source is the URL of a database, a folder of migrations, a snapshot or a fresh schema"};
}

/// `schema.sqlite.sql` is SQLite's.
std::string flavour_of_name(const std::string& path) {
  const std::string name = fs::path(path).filename().string();
  const std::size_t first = name.find('.');
  const std::size_t last = name.rfind('.');
  if (first == std::string::npos || last <= first) {
    return {};
  }
  return dialect_name_of(name.substr(first + 1, last - first - 1)).value_or("");
}

std::string server_of(const ServerInfo& server) { return server.product + " " + server.version; }

}  // namespace

SchemaSource schema_source(const std::string& word, std::uintmax_t size_limit) {
  SchemaSource source;
  source.word = word;
  if (word.find("://") != std::string::npos || word.starts_with("sqlite:")) {
    source.url = parse_url(word);
    source.word = source.url->display();
    return source;
  }
  std::error_code failure;
  const fs::file_status status = fs::status(word, failure);
  if (status.type() == fs::file_type::not_found) {
    throw no_such_source(word, "there is no such file or folder");
  }
  if (failure) {
    throw no_such_source(word, failure.message());
  }
  if (status.type() == fs::file_type::directory) {
    source.kind = SchemaSource::Kind::folder;
    return source;
  }
  source.text = read_file(word, size_limit);
  source.kind =
      source.text.starts_with("catalog ") ? SchemaSource::Kind::snapshot : SchemaSource::Kind::schema_file;
  return source;
}

std::string own_flavour(const SchemaSource& source, const Registry& dialects) {
  switch (source.kind) {
    case SchemaSource::Kind::database: {
      const Traits& traits = dialects.for_url(*source.url).traits();
      const std::string& scheme = source.url->scheme;
      return std::find(traits.flavours.begin(), traits.flavours.end(), scheme) == traits.flavours.end()
                 ? traits.flavours.front()
                 : scheme;
    }
    case SchemaSource::Kind::snapshot:
      return read_catalog_text(source.text, source.word).dialect;
    case SchemaSource::Kind::schema_file:
      return flavour_of_name(source.word);
    case SchemaSource::Kind::folder:
      return {};
  }
  return {};
}

ReadSchema read_database(Migrator::Parts& parts, History& history) {
  require_file(*parts.dialect, parts.url);
  ReadSchema read;
  read.source = parts.url.display();
  const ServerInfo server = parts.open().server();
  read.server = server_of(server);
  read.dialect = server.flavour;
  const History before = parts.read_history();
  read.catalog = parts.open().catalog_reader({parts.place, {}})->read();
  const History after = parts.read_history();
  if (after.current() != before.current() || after.rows.size() != before.rows.size()) {
    throw Error(ErrorKind::server, "the database was migrated while it was read", "run again");
  }
  read.version = before.current();
  read.count = static_cast<std::size_t>(
      std::count_if(before.rows.begin(), before.rows.end(),
                    [](const HistoryRow& row) { return row.state == State::applied; }));
  read.defaults =
      defaults_statement(database_defaults(parts.open(), parts.dialect->traits()), parts.dialect->traits());
  history = before;
  return read;
}

SchemaSandbox::SchemaSandbox(const Registry& dialects, const std::string& flavour,
                             const SchemaOptions& options)
    : dialect_(dialects.for_flavour(options.on ? options.on->flavour : flavour)), options_(options) {
  if (options.on) {
    target_ = *options.on;
  } else {
    target_.flavour = flavour;
  }
  server_ = std::make_unique<VerifyServer>(dialect_, target_, options_.migrator.stop);
  notes_ = server_->notes();
  const DatabaseUrl database = server_->create_database();
  if (!options.prepare.empty()) {
    run_prepare_file(dialect_, server_->as_administrator(database), options.prepare, options.migrator);
  }
  session_ = std::make_unique<VerifySession>(dialect_, database, options.migrator);
  take_defaults();
  first_defaults_ = session_->defaults();
}

// Tables that say no collation have the database's, and a server of another version may not know it.
void SchemaSandbox::take_defaults() {
  if (options_.like.empty()) {
    return;
  }
  try {
    session_->connection().execute(options_.like);
  } catch (const Error& failure) {
    notes_.push_back(session_->connection().server().product + " " + session_->connection().server().version +
                     " of the sandbox cannot have this database's defaults (" + failure.details().message +
                     "): name a server of the same version with --on");
  }
}

void SchemaSandbox::run(const std::vector<Version>* only) {
  const std::string flavour = session_->connection().server().flavour;
  if (const std::string base = reserved_file(read_folder(options_.migrator.folder), "base", flavour);
      !base.empty()) {
    session_->run_file(base);
  }
  for (const Migration& migration : session_->migrations().migrations) {
    if (options_.migrator.stop.stop_requested()) {
      throw Error(ErrorKind::interrupted, "interrupted");
    }
    if (only == nullptr || std::find(only->begin(), only->end(), migration.version) != only->end()) {
      session_->run(migration, Direction::up);
      newest_ = migration.version;
      ++count_;
    }
  }
}

void SchemaSandbox::load(const SchemaSource& file) {
  const std::string flavour = session_->connection().server().flavour;
  newest_ =
      parse_schema_file(file.text, dialect_.script_syntax(flavour, options_.migrator.sql_mode), file.word)
          .version;
  session_->run_file(file.word);
}

ReadSchema SchemaSandbox::read(const std::string& source) {
  ReadSchema read;
  read.source = source;
  read.server = server_of(session_->connection().server());
  read.dialect = session_->connection().server().flavour;
  read.catalog = session_->catalog();
  read.version = newest_;
  read.count = count_;
  read.notes = notes_;
  return read;
}

ReadSchema read_schema(const Registry& dialects, const SchemaSource& source, const std::string& flavour,
                       const SchemaOptions& options) {
  if (source.kind == SchemaSource::Kind::snapshot) {
    ReadSchema read;
    read.source = source.word;
    read.catalog = read_catalog_text(source.text, source.word);
    read.dialect = read.catalog.dialect;
    return read;
  }
  if (source.kind == SchemaSource::Kind::database) {
    Migrator::Parts parts;
    parts.dialect = &dialects.for_url(*source.url);
    parts.url = *source.url;
    parts.options = options.migrator;
    parts.options.read_only = true;
    History history;
    return read_database(parts, history);
  }
  if (flavour.empty() && !options.on) {
    throw Error(ErrorKind::usage, "nothing says for which engine " + source.word + " is meant",
                "add --on postgresql, mysql, mariadb or sqlite");
  }
  SchemaOptions here = options;
  if (source.kind == SchemaSource::Kind::folder) {
    here.migrator.folder.path = source.word;
    here.migrator.folder.folders.clear();
  }
  SchemaSandbox sandbox(dialects, flavour, here);
  if (source.kind == SchemaSource::Kind::folder) {
    sandbox.run(nullptr);
  } else {
    sandbox.load(source);
  }
  return sandbox.read(source.word);
}

}  // namespace toolkit

#include <filesystem>
#include <system_error>

#include "migrator_parts.hpp"
#include "plan_parts.hpp"
#include "schema_rows.hpp"
#include "schema_rows_words.hpp"
#include "schema_sandbox.hpp"
#include "schema_text.hpp"
#include "toolkit/schema.hpp"

namespace toolkit {

namespace {

bool has_folder(const FolderOptions& folder) {
  std::error_code ignored;
  return !folder.folders.empty() || std::filesystem::exists(folder.path, ignored);
}

Error below_the_newest(const HistoryRow& row, Version current) {
  return {ErrorKind::late,
          "version " + std::to_string(row.version) + "_" + row.name + " is " +
              std::string(to_string(row.state)) + " in this database, and " + std::to_string(current) +
              " is applied: no one version says what it holds",
          "'toolkit status' shows both; bring it to one version first"};
}

/// What a fresh schema says it contains is everything up to one version.
void require_one_version(Migrator::Parts& parts, const History& history) {
  for (const HistoryRow& row : history.rows) {
    if (row.state == State::applying || row.state == State::reverting) {
      throw in_between(row, nullptr);
    }
  }
  if (has_folder(parts.options.folder)) {
    for (const Problem& problem : find_problems(parts.migrations(), history)) {
      if (problem.kind == ErrorKind::late) {
        throw error_of(problem);
      }
    }
    return;
  }
  for (const HistoryRow& row : history.rows) {
    if (row.state != State::applied && row.version < history.current()) {
      throw below_the_newest(row, history.current());
    }
  }
}

Version version_of(const ReadSchema& read, const History& history, const std::optional<Version>& said) {
  if (said && read.version != 0 && *said != read.version) {
    throw Error(ErrorKind::usage,
                "--schema-version says " + std::to_string(*said) + ", the history of this database " +
                    std::to_string(read.version),
                "leave the option out");
  }
  if (read.version == 0 && !said) {
    throw Error(ErrorKind::usage,
                history.exists ? "no version is applied in this database"
                               : "this database has no history, so nothing says which version it has",
                "say it with --schema-version V: the newest version whose changes it contains; or write the "
                "schema of the migrations themselves: 'toolkit schema dump FOLDER'");
  }
  return read.version != 0 ? read.version : *said;
}

std::vector<std::string> rows_of(Connection& connection, const Dialect& dialect, const Catalog& catalog,
                                 const std::vector<std::string>& names) {
  std::vector<std::string> statements;
  if (names.empty()) {
    return statements;
  }
  const RowWords& words = row_words(dialect.traits());
  statements = words.before_statements;
  for (const CatalogObject* table : tables_in_order(catalog, names)) {
    for (std::string& insert : insert_statements(read_rows(connection, dialect, *table), dialect)) {
      statements.push_back(std::move(insert));
    }
  }
  statements.insert(statements.end(), words.behind_statements.begin(), words.behind_statements.end());
  return statements;
}

/// `first`: the defaults that the database had before its versions, where that is known; versions that change
/// them do so for all tables that say none, and so does the dump.
SchemaDump written(const ReadSchema& read, Version version, Connection& connection, const Dialect& dialect,
                   const DumpOptions& options, const std::optional<DatabaseDefaults>& first = {}) {
  const ScriptSyntax syntax = dialect.script_syntax(read.dialect, "");
  const DatabaseDefaults defaults = database_defaults(connection, dialect.traits());
  std::vector<std::string> statements =
      with_rows(dialect.render(without_defaults(read.catalog, defaults)),
                rows_of(connection, dialect, read.catalog, options.rows), syntax);
  if (first && *first != defaults) {
    statements.insert(statements.begin(), defaults_statement(defaults, dialect.traits()));
  }
  SchemaDump dump;
  dump.dialect = read.dialect;
  dump.version = version;
  dump.statements = statements.size();
  dump.text = schema_text(version, connection.server().product, statements, syntax);
  return dump;
}

SchemaDump snapshot_of(const ReadSchema& read) {
  SchemaDump dump;
  dump.dialect = read.dialect;
  dump.version = read.version;
  dump.text = catalog_text(read.catalog);
  return dump;
}

SchemaDump dump_database(const Registry& dialects, const DatabaseUrl& url, const DumpOptions& options) {
  Migrator::Parts parts;
  parts.dialect = &dialects.for_url(url);
  parts.url = url;
  parts.options = options.schema.migrator;
  parts.options.read_only = true;
  History history;
  const ReadSchema read = read_database(parts, history);
  if (options.snapshot) {
    return snapshot_of(read);
  }
  require_one_version(parts, history);
  return written(read, version_of(read, history, options.version), parts.open(), *parts.dialect, options);
}

SchemaDump dump_folder(const Registry& dialects, const SchemaSource& source, const DumpOptions& options) {
  if (!options.schema.on) {
    throw Error(ErrorKind::usage, "nothing says for which engine " + source.word + " is meant",
                "add --on postgresql, mysql, mariadb or sqlite");
  }
  SchemaOptions here = options.schema;
  here.migrator.folder.path = source.word;
  here.migrator.folder.folders.clear();
  SchemaSandbox sandbox(dialects, here.on->flavour, here);
  sandbox.run(nullptr);
  const ReadSchema read = sandbox.read(source.word);
  History history;
  history.exists = true;
  return options.snapshot
             ? snapshot_of(read)
             : written(read, version_of(read, history, options.version), sandbox.session().connection(),
                       sandbox.session().dialect(), options, sandbox.first_defaults());
}

}  // namespace

SchemaDump dump_schema(const Registry& dialects, const SchemaSource& source, const DumpOptions& options) {
  switch (source.kind) {
    case SchemaSource::Kind::database:
      return dump_database(dialects, *source.url, options);
    case SchemaSource::Kind::folder:
      return dump_folder(dialects, source, options);
    case SchemaSource::Kind::snapshot:
    case SchemaSource::Kind::schema_file:
      break;
  }
  throw Error(ErrorKind::usage, source.word + " is a file: a dump is made of a database or a folder",
              "two files are compared with 'toolkit schema diff'");
}

}  // namespace toolkit

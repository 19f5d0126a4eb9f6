#pragma once

#include <optional>
#include <string>
#include <vector>

#include "toolkit/diff.hpp"
#include "toolkit/migrate.hpp"
#include "toolkit/schema_file.hpp"
#include "toolkit/verify.hpp"

/// The fresh schema of a set (written, loaded, compared), and drift. What the files hold is in
/// docs/schema.md.
namespace toolkit {

/// Something that has a catalog: a database, a folder of migrations, a snapshot, a fresh schema.
struct SchemaSource {
  enum class Kind { database, folder, snapshot, schema_file };
  Kind kind = Kind::database;
  std::string word;                ///< as given; of a database its URL without the password
  std::optional<DatabaseUrl> url;  ///< of a database
  std::string text;                ///< of a file
};

/// What the word means: a URL, a folder, or a file, which is a snapshot when it begins like one. Touches the
/// file system, no server. Throws Error(files) for a path that is not there or cannot be read,
/// Error(configuration) for a bad URL.
SchemaSource schema_source(const std::string& word, std::uintmax_t size_limit);

/// How sources are opened that are no database themselves.
struct SchemaOptions {
  MigratorOptions migrator;        ///< folder, place, timeouts, sql_mode, stop
  std::optional<VerifyTarget> on;  ///< the server for migrations and fresh schemas; else a sandbox
  std::string prepare;             ///< a file that runs first there, as administrator; empty for none
  std::string like;                ///< `ReadSchema::defaults` of the database that is compared; may be empty
};

/// A catalog, and where it is from.
struct ReadSchema {
  Catalog catalog;
  std::string source;     ///< for a person: `migrations/`, `postgresql://app@db/app`
  std::string server;     ///< "PostgreSQL 15.20"; empty for a snapshot
  std::string dialect;    ///< the flavour
  Version version = 0;    ///< the newest applied one; 0 where nobody knows
  std::size_t count = 0;  ///< how many versions are applied
  std::string defaults;   ///< the statement that gives a database the defaults of this one; may be empty
  std::vector<std::string> notes;  ///< for a person
};

/// Reads the catalog of a source. A database is only read. Folders and fresh schemas run in a sandbox of
/// `flavour` (a source's own where it says one), on `options.on` when given. Throws Error(usage) when nothing
/// says which dialect is meant, Error(unsettled, late) for a database between two versions, and what running
/// throws.
ReadSchema read_schema(const Registry& dialects, const SchemaSource& source, const std::string& flavour,
                       const SchemaOptions& options);

/// The flavour that a source says by itself: a snapshot's, `schema.sqlite.sql`'s, a database's by its URL;
/// empty for others. Pure.
std::string own_flavour(const SchemaSource& source, const Registry& dialects);

struct DumpOptions {
  SchemaOptions schema;
  std::vector<std::string> rows;   ///< tables whose rows are written too
  std::optional<Version> version;  ///< for a database without a history
  bool snapshot = false;           ///< write the catalog instead
};

struct SchemaDump {
  std::string text;
  std::string dialect;
  Version version = 0;
  std::size_t statements = 0;
};

/// The fresh schema of a database or a folder as a text; never writes to the database. Deterministic: two
/// databases with equal catalogs and rows give the same bytes. Throws Error(unsettled, late, findings) for a
/// database between two versions, Error(usage) for one without a history unless a version is given and for
/// tables that are not there, Error(server) for what cannot be written as DDL.
SchemaDump dump_schema(const Registry& dialects, const SchemaSource& source, const DumpOptions& options);

/// What a load did, or would do.
struct SchemaLoad {
  RunReport report;  ///< `done` are the versions that were recorded
  std::string path;
  std::vector<std::string> statements;
};

/// Loads a fresh schema into an empty database and records the versions up to the file's with origin
/// `loaded`, under the lock between runners. An empty `path` is the file beside the migrations. In one
/// transaction where DDL has one; elsewhere the versions are recorded after the last statement, and what an
/// interruption left is refused by the next `up` (`refuse_half_loaded`). `dry_run` only looks. Throws
/// Error(files) for a file that is none or a version that no file has, Error(server) for a database that is
/// not empty, naming what it holds, Error(migration) at the statement that failed.
SchemaLoad load_schema(const Registry& dialects, const DatabaseUrl& url, const MigratorOptions& options,
                       const std::string& path, bool dry_run, RunObserver& observer);

/// Two catalogs of one dialect held against each other.
struct SchemaComparison {
  ReadSchema expected;
  ReadSchema actual;
  std::vector<Difference> differences;
  std::vector<std::string> notes;  ///< for a person
  std::size_t counted = 0;         ///< differences that are no notes
};

/// Pure. Whether a difference is more than a note: logical ones; physical ones where a way back can restore
/// the order of columns; all of them when strict.
bool counts(const Difference& difference, const Traits& traits, bool strict);

/// Compares two sources. Throws Error(usage) for two dialects (they are compared by `toolkit parity`).
SchemaComparison diff_schemas(const Registry& dialects, const SchemaSource& expected,
                              const SchemaSource& actual, const SchemaOptions& options, bool strict);

/// Compares a database with what its migrations make: exactly the versions that are applied there run in a
/// sandbox. `against`: a snapshot to compare with instead. Never writes to the database. Throws
/// Error(unsettled) for a database between two versions, Error(missing) for an applied version without file.
SchemaComparison find_drift(const Registry& dialects, const DatabaseUrl& url, const SchemaOptions& options,
                            const std::optional<SchemaSource>& against, bool strict);

}  // namespace toolkit

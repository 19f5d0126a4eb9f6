#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "toolkit/directive.hpp"
#include "toolkit/file_name.hpp"
#include "toolkit/script.hpp"

namespace toolkit {

/// A file of the folder, known by name only.
struct MigrationFile {
  FileName name;
  std::string path;  ///< folder + "/" + file name, as given by the caller (relative stays relative)
};

/// Where migrations are read from.
struct FolderOptions {
  std::string path = "migrations";
  std::vector<std::string> dialects;  ///< [migrations] dialects; empty: those that files name, else all three
  std::map<std::string, std::string> folders;  ///< a folder per dialect: {"postgresql", "db/pg"}
  std::uintmax_t file_size_limit = 16u << 20;  ///< bytes a file
};

/// The names of a folder, checked against the grammar and for pairs, before any text is read.
struct MigrationFolder {
  FolderOptions options;
  std::vector<MigrationFile> files;             ///< by version, direction, dialect, step
  std::vector<std::string> dialects;            ///< the set's dialects, resolved
  std::map<std::string, std::string> reserved;  ///< "schema.sqlite.sql" -> path
};

/// Reads the folder's names. Touches the file system, no server; safe to repeat. Throws Error(files) for:
/// no such folder, not a folder, unreadable, no migration in it, a `*.sql` outside the grammar (naming the
/// nearest good name), a version used twice under two names (also 1 and 001, also by case), steps with
/// gaps, a stepped beside an unstepped file, and a version without its up or down for one of the set's
/// dialects (naming the file to create).
MigrationFolder read_folder(const FolderOptions& options);

/// As `read_folder`, for one who is about to write into it: a folder that is absent or holds no migration yet
/// gives an empty result.
MigrationFolder read_folder_to_extend(const FolderOptions& options);

/// Pure. What `read_folder` checks over the names alone: sorts `files`, resolves `dialects`, and throws
/// Error(files) for versions given twice, gaps in steps and missing halves of pairs.
void check_folder(MigrationFolder& folder);

/// One statement to send, and where it stands in its file.
struct Step {
  std::string path;
  std::string file_text;        ///< the file's bytes, for error positions
  std::string sql;              ///< the bytes to send; empty when the file says "nothing to do here"
  std::size_t offset = 0;       ///< where `sql` begins in `file_text`
  std::size_t first_token = 0;  ///< where in `sql` the statement's first token stands, after leading comments
  Directives directives;
  std::string checksum;  ///< of this file
  int number = 1;        ///< 1…n
};

/// What was chosen for one direction of a version on one dialect.
struct Script {
  std::vector<Step> steps;                  ///< one per file, in order, also those without a statement
  std::string checksum;                     ///< of the whole direction
  std::string level;                        ///< whose files: "shared" or a dialect's name
  std::optional<std::string> irreversible;  ///< the reason, down only

  bool is_empty() const;        ///< no step has a statement
  bool no_transaction() const;  ///< a step asks for it
};

/// A versioned change as written, for one dialect.
struct Migration {
  Version version = 0;
  std::string digits;
  std::string name;
  Script up;
  Script down;
};

/// The migrations of one dialect, by version.
struct MigrationSet {
  std::string dialect;  ///< for which the files were chosen: the flavour, e.g. mariadb
  std::vector<Migration> migrations;

  const Migration* find(Version version) const;
};

/// The files chosen for one direction of a version, best level first: exact > fallback > shared.
struct Choice {
  std::string level;
  std::vector<MigrationFile> files;  ///< steps in order; empty when the version has none
};

/// Pure. The choice for one dialect. Levels never mix: a whole set of steps comes from one level.
Choice choose_files(const MigrationFolder& folder, const std::string& dialect, Version version,
                    Direction direction);

/// Reads and scans every file chosen for `dialect`. Touches the file system, no server; safe to repeat.
/// Each file is opened once (no special files, bounded size) and that buffer is what is scanned, hashed
/// and later sent. Throws Error(files) with `file:line:column` for everything that `scan_migration` and
/// `parse_directives` refuse, a shared file without a statement, an unreadable or oversized file.
MigrationSet load_set(const MigrationFolder& folder, const std::string& dialect, const ScriptSyntax& syntax);

/// Reads one regular file whole. Throws Error(files): absent, unreadable, not a regular file, symlink
/// loop, larger than `size_limit`.
std::string read_file(const std::string& path, std::uintmax_t size_limit);

}  // namespace toolkit

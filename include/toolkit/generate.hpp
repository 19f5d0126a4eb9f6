#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "toolkit/migration_set.hpp"

namespace toolkit {

/// What a person asks `toolkit generate` for.
struct GenerateRequest {
  std::string name;                   ///< create_users, add_users_email, add_email_to_users, or any other
  std::vector<std::string> columns;   ///< COLUMN:TYPE[:SIZE][!], as typed
  std::vector<std::string> dialects;  ///< for whom, names or aliases; empty: the folder's
  std::optional<std::string> irreversible;  ///< the reason: the down is this directive and no statement
  bool empty = false;                       ///< a pair to be written by hand, whatever the name says
};

struct GeneratedFile {
  std::string path;  ///< folder + "/" + file name, as the folder was given
  std::string text;
};

/// A version as generated: nothing is written yet.
struct Generated {
  Version version = 0;
  std::string digits;  ///< as the files write the version
  std::string name;
  std::vector<GeneratedFile> files;  ///< ups before downs, by dialect, by step
  std::vector<std::string> notes;    ///< what the person should know, one sentence each
};

/// A type of COLUMN:TYPE as every dialect writes it, for help and docs.
struct ColumnTypeHelp {
  std::string word;
  std::string postgresql;
  std::string mysql;
  std::string sqlite;
  std::string neutral;  ///< the default of a NOT NULL column that is added; empty where there is none
};

/// Pure. The types that `generate` knows, in the order of help.
std::vector<ColumnTypeHelp> column_types();

/// Pure. The next pair of `folder` (see `read_folder_to_extend`), the down written from the up.
///
/// Names it understands: create_TABLE, drop_TABLE, add_TABLE_COLUMN, add_COLUMN_to_TABLE,
/// remove_TABLE_COLUMN, remove_COLUMN_from_TABLE; several columns are joined by _ or _and_, or named freely
/// before _to_ and _from_. Each needs its columns with their types, because one of the two directions writes
/// them. Any other name, and `empty`, gives a shared pair that holds only comments, which `up` refuses until
/// a person has written it.
///
/// Number: the highest version + 1 in the same width, 0001 in an empty folder; a folder whose newest version
/// is a UTC time of 14 (or 12) digits goes on with `now`, and with highest + 1 where `now` is not later.
///
/// Files: one shared file where all dialects write the same text, else one per dialect of the set (MariaDB
/// uses MySQL's); one statement per file, several as steps. A name that is a reserved word of a dialect is
/// quoted there. A NOT NULL column that is added gets, and keeps, its type's neutral default: SQLite can
/// neither add one without a default nor drop a default later, and the three schemas must stay equal.
///
/// Throws Error(usage) for a name, column, type, size or dialect that does not fit, and Error(files) when the
/// folder with the new files in it would not be a valid set (`check_folder`).
Generated generate(const MigrationFolder& folder, const GenerateRequest& request,
                   std::chrono::system_clock::time_point now);

/// Writes the files, making their folders where absent. All or nothing: never overwrites, and on a failure
/// what was written and made here is removed again. Touches the file system, no server; a second call
/// fails because the files are there. Throws Error(files) naming the file.
void write_new_files(const std::vector<GeneratedFile>& files);

}  // namespace toolkit

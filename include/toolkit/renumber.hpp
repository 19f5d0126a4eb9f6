#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "toolkit/migration_set.hpp"

/// Giving a version another number: the way out of a late version, and of two branches that took the same
/// one.
namespace toolkit {

struct RenumberRequest {
  Version version = 0;
  std::string name;    ///< needed where two sets of files have this number; empty: the only one there is
  std::string digits;  ///< the new number as the files shall write it; empty: the next free one
};

/// A decided renumbering: nothing is touched yet.
struct Renumbering {
  Version from = 0;
  Version to = 0;
  std::string from_digits;
  std::string to_digits;
  std::string name;
  struct Move {
    std::string from;
    std::string to;
  };
  std::vector<Move> moves;  ///< empty where the files have the new number already
};

/// Reads the folder's names against the grammar only: versions given twice and missing halves are no error
/// here, they may be why somebody renumbers. Throws Error(files) as `read_folder` does for the rest.
MigrationFolder read_file_names(const FolderOptions& options);

/// Pure. Every file of the version keeps its name, dialect, direction and step. The next free number goes on
/// as `generate` does (`now` for folders numbered by time). Throws Error(usage): no such version (unless its
/// files have the new number already), two sets of files and no name given, a bad or taken new number.
Renumbering plan_renumber(const MigrationFolder& names, const RenumberRequest& request,
                          std::chrono::system_clock::time_point now);

/// Renames, never over a file that is there; on a failure everything renamed so far is named back. Touches
/// the file system. Throws Error(files) naming the file.
void move_files(const std::vector<Renumbering::Move>& moves);
/// The way back of a `move_files` that succeeded. Never throws; what cannot be named back stays.
void move_files_back(const std::vector<Renumbering::Move>& moves) noexcept;

}  // namespace toolkit

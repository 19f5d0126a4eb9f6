#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "../support/files.hpp"

/// The exam as data: sets of migrations that hold, and for each of them defects to plant and variations that
/// do no harm. The form of the files is in tests/mutation/README.md.
namespace toolkit::test {

/// One file of a set before it has a name: `2 down.1 mysql: DROP INDEX i ON t`.
struct SetFile {
  std::string version;  ///< empty for `schema` and `base`
  std::string part;     ///< up, down, schema, base
  std::string step;     ///< empty for a single statement
  std::string dialect;  ///< empty for every engine
  std::string text;
  bool is_removed = false;  ///< `2 down: none`
};

/// A text of a file that another one stands for.
struct Replacement {
  std::string file;     ///< `{engine}` in it is the engine at hand
  std::string dialect;  ///< whose alone, where there is one for every engine too; empty for every engine
  std::string search;   ///< empty: the whole file, also one that is not there
  std::string by;
};

/// What must be found: a check of that name and version, failed or a note, that says all the texts.
struct Finding {
  std::string check;
  std::string version;  ///< `0` for a check of no version
  std::vector<std::string> texts;
};

/// One change of a set, with what verify has to say of it; a harmless one has no findings.
struct Mutant {
  std::string set;
  std::string kind;
  std::string name;
  bool is_harmless = false;
  std::vector<std::string> engines;  ///< empty: those of the set
  std::vector<SetFile> files;
  std::vector<Replacement> replacements;
  std::vector<Finding> findings;
  std::map<std::string, std::string> misses;  ///< engine: why verify does not find it there yet
  std::string place;                          ///< file:line
};

struct MutationSet {
  std::string name;
  std::string folder;                ///< of the source; empty when the files stand here
  std::vector<std::string> engines;  ///< empty: all
  std::vector<SetFile> files;
  bool is_strict = false;
  bool is_parity = false;  ///< all engines in one run: a mutant is planted on one, and the others are held
                           ///< against that one
  bool is_independent =
      false;            ///< versions need only the first: a defect is tried with those that it changes
  std::string pending;  ///< why it cannot be taken yet: it is told, and left out
  std::vector<Mutant> mutants;
  std::string place;
};

/// Pure. Throws std::runtime_error with file and line.
std::vector<MutationSet> read_sets(const std::string& text, const std::string& path);

/// All files of tests/mutation/sets, in the order of their names.
std::vector<MutationSet> all_sets();

/// Pure. Whether the mutant has anything for that engine: one of a parity set may be for one dialect alone.
bool changes(const MutationSet& set, const Mutant& mutant, const std::string& engine);

/// Pure. Whether the set, and the mutant where there is one, are for that engine.
bool is_for(const MutationSet& set, const Mutant* mutant, const std::string& engine);

/// The folder's files for one engine: of each file the engine's own text, else its fallback's, else the
/// shared one, with the mutant's in their place. Throws std::runtime_error when a text that is to be replaced
/// does not occur exactly once, or the mutant changes nothing.
FileTree files_of(const MutationSet& set, const Mutant* mutant, const std::string& engine);

}  // namespace toolkit::test

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace toolkit {

/// A migration's number: 1 to 999'999'999'999'999'999 (18 digits). 1 and 001 are the same version.
using Version = std::int64_t;

enum class Direction { up, down };

/// Pure. "up" or "down".
std::string_view to_string(Direction direction);

/// Pure. A version written as digits; nothing for signs, blanks, other characters, 0, more than 18 digits.
std::optional<Version> parse_version(std::string_view digits);

/// A parsed `<version>_<name>[.<dialect>].<direction>[.<step>].sql`.
struct FileName {
  Version version = 0;
  std::string digits;   ///< the version as the file writes it: "0001"
  std::string name;     ///< [a-z0-9_]+
  std::string dialect;  ///< empty for a shared file, else a name of `known_dialect_names`
  Direction direction = Direction::up;
  int step = 0;  ///< 0 without a step, else 1…n
};

/// Pure. The file's name as the grammar writes it; the inverse of a successful `classify_name`.
std::string to_string(const FileName& name);

/// What a name in the folder is. Exactly one of the fields says so.
struct ClassifiedName {
  std::optional<FileName> migration;
  bool reserved = false;     ///< schema[.<dialect>].sql, base[.<dialect>].sql
  bool ignored = false;      ///< dotfiles and everything that does not end in .sql
  std::string problem;       ///< a *.sql that does not parse: what is wrong, for a person
  std::string nearest_name;  ///< the nearest good name, empty when none is near
};

/// Pure. Decides what a file name (no folder) is. Case is ignored when looking for `.sql`, so that
/// `0001_X.UP.SQL` is an error and never skipped silently.
ClassifiedName classify_name(std::string_view name);

/// Pure. The grammar as one line, for messages.
std::string_view file_name_grammar();

}  // namespace toolkit

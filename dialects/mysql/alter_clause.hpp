#pragma once

#include <optional>
#include <set>
#include <string>

#include "statement_words.hpp"

namespace toolkit::mysql {

/// What one clause of ALTER TABLE does to the names of a table, and whether a second run of it would be
/// refused.
struct ClauseEffects {
  std::set<std::string> added;  ///< "column c", "key i", "partition p": upper case
  std::set<std::string> removed;
  bool is_refused_again = false;  ///< for a reason other than those names
  bool adds_again = false;        ///< without a name: a second run makes a second one
  bool is_unknown = false;
  std::optional<WrittenName> new_name;
};

/// Pure. Reads one clause from its first word; unknown words are `is_unknown`.
ClauseEffects effects_of(StatementReader clause);

}  // namespace toolkit::mysql

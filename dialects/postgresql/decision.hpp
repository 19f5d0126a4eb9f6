#pragma once

#include <string>
#include <vector>

#include "mark.hpp"
#include "statement_form.hpp"
#include "toolkit/settle.hpp"

namespace toolkit::postgresql {

/// What became of a statement, and what is to be done before that is true.
struct Decision {
  Verdict verdict = Verdict::undecided;
  std::string evidence;
  std::vector<std::string>
      invalid_indexes;   ///< to be dropped first: left by that attempt, of no use to anyone
  std::string last_act;  ///< a statement that ends what was begun; then it took effect
};

/// The objects of a statement before its intent and now.
struct Sighting {
  ObjectState before;
  ObjectState now;
  bool is_still_there = false;  ///< what `before` has the oid of exists, under whatever name
};

/// Pure. By form, names and identities; what somebody else did meanwhile must never pass for the statement's
/// effect. Requires: nothing of the attempt is still at work.
Decision decide(std::string_view statement, const StatementForm& form, const Sighting& seen);

/// Pure. The indexes that a failed attempt to build left invalid behind.
std::vector<std::string> left_by_attempt(std::string_view statement, const StatementForm& form,
                                         const ObjectState& before, const ObjectState& now);

}  // namespace toolkit::postgresql

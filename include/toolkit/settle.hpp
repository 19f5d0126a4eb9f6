#pragma once

#include <string>
#include <string_view>

#include "toolkit/unit_of_work.hpp"

/// Deciding what became of a statement whose end nobody saw: the tool was killed, the server went away, the
/// wire was cut. The rules per class of statement live in the dialects; what they find is a Judgement, and
/// the Migrator writes it into the history.
namespace toolkit {

enum class Verdict {
  took_effect,   ///< it is there: by the interrupted run, or because settling ran it to its end just now
  left_nothing,  ///< nothing of it is there, or running it once more gives the same: the version may run
                 ///< again
  undecided,     ///< no evidence; a person must say
};

/// An intent that nobody ended.
struct Interrupted {
  Task task;         ///< `first_step` is the step that was in flight; `steps` begins with it
  std::string mark;  ///< the JSON that the dialect wrote with the intent
};

struct Judgement {
  Verdict verdict = Verdict::undecided;
  std::string evidence;  ///< one clause for the log and the person: "the binary log holds its tag"
  std::string before;    ///< what the mark remembers of the objects concerned; may be empty
  std::string now;       ///< and what is there now; may be empty
};

/// Pure. What the answer of an `applied-if` probe says: true for `t`, `true`, `y`, `yes`, `on` and numbers
/// other than 0; false for anything else, NULL and no row included (`answer` is then empty).
bool says_yes(std::string_view answer);

}  // namespace toolkit

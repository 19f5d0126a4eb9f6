#pragma once

#include <optional>
#include <string>
#include <vector>

#include "binary_log.hpp"
#include "object_state.hpp"
#include "statement_class.hpp"
#include "toolkit/settle.hpp"

/// What became of an interrupted statement, as a function of what is known. "It changed, so it was applied"
/// is wrong in one case of five when others change the schema too (measured), so each class has a rule of its
/// own; docs/recovery.md has them as a table.
namespace toolkit::mysql {

struct Findings {
  StatementForm form;
  std::vector<ObjectState> before;  ///< as recorded, in the order of `form.objects`; empty: not recorded
  std::vector<ObjectState> now;
  bool same_server = true;         ///< else ids, creation times and the place in the log mean nothing
  bool log_can_be_read = false;    ///< a place is recorded, and `log` would tell
  std::optional<LogEvidence> log;  ///< once it was read
};

enum class Act {
  judge,        ///< `verdict` holds
  run_again,    ///< the server's answer decides, see `judge_answer`
  drop_rest,    ///< `rest` still stands of what was to be dropped; once it is gone the statement took effect
  read_log,     ///< decide again with the log
  cannot_tell,  ///< only the probe or a person can
};

struct Decision {
  Act act = Act::cannot_tell;
  Verdict verdict = Verdict::undecided;
  std::string evidence;
  std::vector<ObjectName> rest = {};
};

/// Pure.
Decision decide(const Findings& findings);

/// Pure. What the server's answer to running a self-detecting statement again says; `code` 0: it succeeded.
///
/// One of the statement's `done_codes` means that it is there already; since what it names has changed since
/// its intent, it was this statement. An error that comes while rows are copied (a duplicate key, a value out
/// of range) says that the definition was free: nothing is there, and the run will fail in the open. Any
/// other error says neither: locks, rights, or a table that somebody else changed under it. There is no
/// guess.
Decision judge_answer(const Findings& findings, unsigned code, const std::string& message);

}  // namespace toolkit::mysql

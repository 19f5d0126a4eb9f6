#pragma once

#include <chrono>
#include <string_view>

#include "toolkit/dialect.hpp"

namespace toolkit::postgresql {

/// Pure. What a statement asks of the transaction around it, from the manual's reference pages (12 to 18).
StatementTraits statement_traits(std::string_view statement);

/// Pure. Whether a statement could leave a setting of the session changed behind: SET, RESET, SELECT, VALUES,
/// DO, CALL, EXECUTE, or one that mentions set_config. Only then it is worth looking.
bool may_change_session(std::string_view statement);

/// Pure. Whether the statement is a COPY that speaks to the client (STDIN, STDOUT). The protocol has no place
/// for it in a pipeline.
bool copies_with_client(std::string_view statement);

/// Pure. How long a statement waits for a lock where nobody says otherwise, by what stands still meanwhile
/// (PostgreSQL manual 12 to 18, "Explicit Locking", and the statements' pages; measured on 15):
/// - 3 s: whoever comes later and wants the table waits behind an ALTER TABLE that waits, and everybody
///   waits for what its transaction holds already.
/// - 30 s: VACUUM (not FULL), ANALYZE, VALIDATE CONSTRAINT, changes of rows, where the transaction holds
///   nothing else (`is_alone`): readers and writers pass by, and an attempt may cost long work.
/// - 10 min: CONCURRENTLY. It waits for transactions that are older than itself, readers and writers pass by,
///   and each attempt that is given up costs a whole build.
std::chrono::milliseconds usual_lock_wait(std::string_view statement, bool is_alone);

/// Pure. Whether the statement builds or drops an index CONCURRENTLY.
bool is_concurrent_index(std::string_view statement);

}  // namespace toolkit::postgresql

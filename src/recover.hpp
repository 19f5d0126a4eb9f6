#pragma once

#include <vector>

#include "migrator_parts.hpp"

/// What a run does before it plans, with the lock held: the versions whose runner ended in the middle of a
/// statement are settled, so that the plan begins with a history that is true.
namespace toolkit {

/// Settles every row that is in flight: asks the connection what became of its statement and records the
/// answer, with a row in the log, in one transaction each. Returns the versions settled. Touches the server
/// only where there is such a row. Throws Error(unsettled) at the first that nobody but a person can decide,
/// with both states shown, or whose file has changed since its claim.
std::vector<Version> settle_interrupted(Migrator::Parts& parts, const History& history,
                                        const RunContext& context, RunObserver& observer);

/// Writes into the log, once per edit, that an applied version's file was changed and that the file's
/// `also-checksum` accepts it. Requires: the plan was made, so every edit is an accepted one. Touches the
/// server only where there is such a version.
void log_accepted_edits(Migrator::Parts& parts, const History& history, const RunContext& context);

}  // namespace toolkit

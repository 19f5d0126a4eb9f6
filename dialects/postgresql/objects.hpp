#pragma once

#include <optional>
#include <string>
#include <vector>

#include "channel.hpp"
#include "mark.hpp"

namespace toolkit::postgresql {

/// Looks at the objects of a statement, one round trip. Nothing when the server does not answer, or the form
/// has no state.
std::optional<ObjectState> look(const Channel& channel, const StatementForm& form);

/// Whether an object of this kind of name has that oid, whatever its name is.
bool is_still_there(const Channel& channel, const StatementForm& form, std::int64_t oid);

/// What the intent of a version remembers.
Mark read_mark(const Channel& channel, const RunContext& context, Version version);

/// Drops invalid indexes CONCURRENTLY, each with some tries while another session is in the way. Safe to
/// repeat. Empty, or why one of them stays. Requires: no transaction is open.
std::string drop_invalid(const Channel& channel, const std::vector<std::string>& indexes);

/// The indexes that have the name which the statement gives to its own, and are invalid.
std::vector<std::string> invalid_namesakes(const Channel& channel, const StatementForm& form);

/// `a, b`
std::string list_of(const std::vector<std::string>& names);

}  // namespace toolkit::postgresql

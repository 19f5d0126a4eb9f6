#pragma once

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

/// Pure. Whether the statement builds or drops an index CONCURRENTLY.
bool is_concurrent_index(std::string_view statement);

}  // namespace toolkit::postgresql

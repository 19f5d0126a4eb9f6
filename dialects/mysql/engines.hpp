#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "session.hpp"

namespace toolkit::mysql {

/// The tables of all databases but the server's own that stand on an engine without transactions. Touches
/// the server, one query.
std::vector<std::string> tables_without_transactions(Session& session);

/// Pure. Which of `tables` the statement names, by any spelling; empty for none.
std::string named_table(std::string_view statement, const std::vector<std::string>& tables);

}  // namespace toolkit::mysql

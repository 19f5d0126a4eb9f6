#pragma once

#include <vector>

#include "config_table.hpp"
#include "toolkit/parity.hpp"

namespace toolkit {

/// `[[parity.allow]]` of toolkit.toml. Throws Error(configuration) for one without a reason or an item, for a
/// rule that there is not (naming the nearest one), and for unknown or too many dialects.
std::vector<ParityAllowance> read_allowances(ConfigTable& table);

}  // namespace toolkit

#pragma once

#include <string>
#include <vector>

#include "toolkit/catalog.hpp"

namespace toolkit::postgresql {

/// Pure. See Dialect::render.
std::vector<std::string> render(const Catalog& catalog);

}  // namespace toolkit::postgresql

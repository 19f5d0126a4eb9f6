#pragma once

#include <string>
#include <vector>

#include "toolkit/catalog.hpp"

namespace toolkit::postgresql {

/// Pure. See Dialect::render. The session's search_path and check_function_bodies are set by the first
/// statements and reset by the last ones, because texts of the catalog name what is in `public` without its
/// schema, and because bodies may name what comes later.
std::vector<std::string> render(const Catalog& catalog);

}  // namespace toolkit::postgresql

#pragma once

#include <string>
#include <vector>

#include "toolkit/catalog.hpp"

namespace toolkit::sqlite {

/// Pure. See Dialect::render.
std::vector<std::string> render(const Catalog& catalog);

}  // namespace toolkit::sqlite

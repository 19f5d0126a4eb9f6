#pragma once

#include "toolkit/catalog.hpp"

namespace toolkit {

/// Pure. The order of kinds and names in a catalog; false both ways for two of the same kind and name.
bool stands_before(const CatalogObject& a, const CatalogObject& b);

}  // namespace toolkit

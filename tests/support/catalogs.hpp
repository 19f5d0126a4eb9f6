#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "toolkit/catalog.hpp"

namespace toolkit::test {

using Facts = std::vector<Property>;

inline CatalogObject object_of(std::string kind, std::string name, Facts facts = {},
                               std::vector<CatalogObject> children = {}) {
  return {std::move(kind), std::move(name), std::move(facts), std::move(children)};
}

inline CatalogObject column_of(std::string name, std::string type, std::string nullable = "yes") {
  return object_of("column", std::move(name), {{"type", std::move(type)}, {"nullable", std::move(nullable)}});
}

inline Catalog catalog_of(std::vector<CatalogObject> objects, std::string dialect = "sqlite") {
  Catalog catalog;
  catalog.dialect = std::move(dialect);
  for (CatalogObject& object : objects) {
    catalog.objects.push_back(std::make_shared<const CatalogObject>(std::move(object)));
  }
  return catalog;
}

/// Equal in all that is compared and written.
inline bool are_equal(const Catalog& a, const Catalog& b) {
  if (a.dialect != b.dialect || a.unsupported != b.unsupported || a.objects.size() != b.objects.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.objects.size(); ++i) {
    if (*a.objects[i] != *b.objects[i]) {
      return false;
    }
  }
  return true;
}

}  // namespace toolkit::test

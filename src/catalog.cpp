#include "toolkit/catalog.hpp"

#include <algorithm>

namespace toolkit {

std::string_view CatalogObject::property(std::string_view property_name) const {
  const auto found =
      std::find_if(properties.begin(), properties.end(),
                   [property_name](const Property& each) { return each.name == property_name; });
  return found == properties.end() ? std::string_view() : std::string_view(found->value);
}

const CatalogObject* Catalog::find(std::string_view kind, std::string_view name) const {
  const auto found = std::find_if(objects.begin(), objects.end(), [&](const auto& object) {
    return object->kind == kind && object->name == name;
  });
  return found == objects.end() ? nullptr : found->get();
}

}  // namespace toolkit

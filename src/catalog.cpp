#include "toolkit/catalog.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "catalog_order.hpp"

namespace toolkit {

namespace {

constexpr std::array<std::string_view, 24> kinds = {
    "database", "schema",    "extension", "enum",    "domain", "type",        "sequence",   "table",
    "view",     "routine",   "event",     "grant",   "column", "primary key", "unique",     "foreign key",
    "check",    "exclusion", "index",     "trigger", "rule",   "policy",      "statistics", "partition"};

std::size_t rank_of(std::string_view kind) {
  return static_cast<std::size_t>(std::find(kinds.begin(), kinds.end(), kind) - kinds.begin());
}

bool facts_stand_before(const CatalogObject& a, const CatalogObject& b) {
  return std::lexicographical_compare(a.properties.begin(), a.properties.end(), b.properties.begin(),
                                      b.properties.end(), [](const Property& x, const Property& y) {
                                        return std::tie(x.name, x.value) < std::tie(y.name, y.value);
                                      });
}

bool is_before(const CatalogObject& a, const CatalogObject& b) {
  if (a.kind == b.kind && (a.kind == "column" || a.kind == "partition")) {
    return false;
  }
  if (a.kind == b.kind && a.name == b.name) {
    return facts_stand_before(a, b);
  }
  return stands_before(a, b);
}

}  // namespace

bool stands_before(const CatalogObject& a, const CatalogObject& b) {
  if (a.kind == b.kind) {
    return a.name < b.name;
  }
  const std::size_t rank_a = rank_of(a.kind);
  const std::size_t rank_b = rank_of(b.kind);
  return std::tie(rank_a, a.kind) < std::tie(rank_b, b.kind);
}

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

void sort_children(CatalogObject& object) {
  std::stable_sort(object.children.begin(), object.children.end(), is_before);
}

void sort_catalog(Catalog& catalog) {
  std::stable_sort(catalog.objects.begin(), catalog.objects.end(),
                   [](const auto& a, const auto& b) { return is_before(*a, *b); });
  std::sort(catalog.unsupported.begin(), catalog.unsupported.end());
}

}  // namespace toolkit

#include "toolkit/diff.hpp"

#include <algorithm>
#include <map>

#include "diff_parts.hpp"

namespace toolkit {

namespace {

using Objects = std::vector<const CatalogObject*>;

class Comparison {
 public:
  std::vector<Difference> differences;

  void compare_pairs(const std::vector<ObjectPair>& pairs, const std::string& parent) {
    for (const ObjectPair& pair : pairs) {
      if (pair.expected == pair.actual) {
        continue;
      }
      const std::string title = parent + (parent.empty() ? "" : ", ") + title_of(pair.either());
      if (pair.expected == nullptr || pair.actual == nullptr) {
        add_whole(pair, title);
      } else {
        compare(*pair.expected, *pair.actual, title);
      }
    }
  }

  void add_unsupported(const std::vector<std::string>& expected, const std::vector<std::string>& actual) {
    std::map<std::string, std::pair<bool, bool>> sides;
    for (const std::string& each : expected) {
      sides[each].first = true;
    }
    for (const std::string& each : actual) {
      sides[each].second = true;
    }
    const std::string what = "not modelled, known by its name only";
    for (const auto& [name, side] : sides) {
      if (side.first != side.second) {
        differences.push_back({side.first ? DifferenceKind::missing : DifferenceKind::unexpected,
                               DifferenceClass::logical, name, "", side.first ? what : "",
                               side.second ? what : ""});
      }
    }
  }

 private:
  void add_whole(const ObjectPair& pair, const std::string& title) {
    const bool is_missing = pair.actual == nullptr;
    differences.push_back({is_missing ? DifferenceKind::missing : DifferenceKind::unexpected,
                           DifferenceClass::logical, title, "", is_missing ? essence(*pair.expected) : "",
                           is_missing ? "" : essence(*pair.actual)});
  }

  void add_change(DifferenceClass difference_class, const std::string& title, std::string property,
                  std::string_view expected, std::string_view actual) {
    differences.push_back({DifferenceKind::changed, difference_class, title, std::move(property),
                           std::string(expected), std::string(actual)});
  }

  void compare(const CatalogObject& expected, const CatalogObject& actual, const std::string& title) {
    compare_names(expected, actual, title);
    if (expected.properties != actual.properties) {
      compare_properties(expected, actual, title);
    }
    if (expected.children == actual.children) {
      return;
    }
    compare_columns(expected, actual, title);
    compare_pairs(pair_children(expected, actual), title);
  }

  void compare_names(const CatalogObject& expected, const CatalogObject& actual, const std::string& title) {
    const bool both = has_generated_name(expected) && has_generated_name(actual);
    const bool one = has_generated_name(expected) != has_generated_name(actual);
    if (expected.name != actual.name) {
      add_change(both ? DifferenceClass::cosmetic : DifferenceClass::logical, title, "name", expected.name,
                 actual.name);
    } else if (one) {
      add_change(DifferenceClass::cosmetic, title, "name-origin", expected.property("name-origin"),
                 actual.property("name-origin"));
    }
  }

  /// No statement gives a column back to the parents whose table it once left (NO INHERIT, INHERIT).
  static DifferenceClass class_of(const Property& property) {
    return property.name == "inherited" ? DifferenceClass::physical : DifferenceClass::logical;
  }

  void compare_properties(const CatalogObject& expected, const CatalogObject& actual,
                          const std::string& title) {
    const auto is_said_by_names = [](const Property& property) { return property.name == "name-origin"; };
    for (const Property& property : expected.properties) {
      const std::string_view other = actual.property(property.name);
      if (!is_said_by_names(property) && property.value != other) {
        add_change(class_of(property), title, property.name, property.value, other);
      }
    }
    for (const Property& property : actual.properties) {
      if (!is_said_by_names(property) && !property.value.empty() &&
          expected.property(property.name).empty()) {
        add_change(class_of(property), title, property.name, "", property.value);
      }
    }
  }

  static Objects columns_of(const CatalogObject& parent) {
    Objects columns;
    for (const CatalogObject& child : parent.children) {
      if (child.kind == "column") {
        columns.push_back(&child);
      }
    }
    return columns;
  }

  static std::string place_of(const Objects& columns, std::size_t place) {
    return place == 0 ? "first" : "after " + columns[place - 1]->name;
  }

  void compare_columns(const CatalogObject& expected_table, const CatalogObject& actual_table,
                       const std::string& table) {
    const Objects expected = columns_of(expected_table);
    const Objects actual = columns_of(actual_table);
    std::map<std::string_view, std::size_t> actual_places;
    for (std::size_t i = 0; i < actual.size(); ++i) {
      actual_places.emplace(actual[i]->name, i);
    }
    const std::map<const CatalogObject*, bool> moved = moved_of(expected, actual);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const std::string title = table + ", " + title_of(*expected[i]);
      const auto found = actual_places.find(expected[i]->name);
      if (found == actual_places.end()) {
        add_whole({expected[i], nullptr}, title);
        continue;
      }
      const CatalogObject* other = actual[found->second];
      compare(*expected[i], *other, title);
      if (moved.at(other)) {
        add_change(DifferenceClass::physical, title, "position", place_of(expected, i),
                   place_of(actual, found->second));
      }
      actual_places.erase(found);
    }
    for (const CatalogObject* column : actual) {
      if (actual_places.find(column->name) != actual_places.end()) {
        add_whole({nullptr, column}, table + ", " + title_of(*column));
      }
    }
  }

  /// The actual columns that the expected side has as well, and whether they are to be called moved.
  static std::map<const CatalogObject*, bool> moved_of(const Objects& expected, const Objects& actual) {
    std::map<std::string_view, std::size_t> places;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      places.emplace(expected[i]->name, i);
    }
    Objects common;
    std::vector<std::size_t> expected_places;
    for (const CatalogObject* column : actual) {
      const auto found = places.find(column->name);
      if (found != places.end()) {
        common.push_back(column);
        expected_places.push_back(found->second);
      }
    }
    const std::vector<bool> is_moved = moved_columns(expected_places);
    std::map<const CatalogObject*, bool> moved;
    for (std::size_t i = 0; i < common.size(); ++i) {
      moved.emplace(common[i], is_moved[i]);
    }
    return moved;
  }
};

/// Both lists without what they share at their beginning and at their end.
std::pair<Objects, Objects> without_shared_ends(const Catalog& expected, const Catalog& actual) {
  const auto& left = expected.objects;
  const auto& right = actual.objects;
  const std::size_t shorter = std::min(left.size(), right.size());
  std::size_t head = 0;
  while (head < shorter && left[head] == right[head]) {
    ++head;
  }
  std::size_t tail = 0;
  while (tail < shorter - head && left[left.size() - 1 - tail] == right[right.size() - 1 - tail]) {
    ++tail;
  }
  const auto middle = [head, tail](const auto& objects) {
    Objects result;
    for (std::size_t i = head; i < objects.size() - tail; ++i) {
      result.push_back(objects[i].get());
    }
    return result;
  };
  return {middle(left), middle(right)};
}

}  // namespace

std::vector<Difference> diff(const Catalog& expected, const Catalog& actual) {
  Comparison comparison;
  const auto [left, right] = without_shared_ends(expected, actual);
  comparison.compare_pairs(pair_by_name(left, right), "");
  if (expected.unsupported != actual.unsupported) {
    comparison.add_unsupported(expected.unsupported, actual.unsupported);
  }
  return std::move(comparison.differences);
}

}  // namespace toolkit

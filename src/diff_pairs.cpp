#include <algorithm>
#include <functional>
#include <map>
#include <tuple>

#include "catalog_order.hpp"
#include "diff_parts.hpp"

namespace toolkit {

namespace {

using Objects = std::vector<const CatalogObject*>;

bool is_before(const CatalogObject* a, const CatalogObject* b) { return stands_before(*a, *b); }

/// Everything but its name, and what is said about it: two of equal facts do the same.
std::string facts_of(const CatalogObject& object) {
  std::string facts = object.kind;
  for (const Property& property : object.properties) {
    if (property.name != "name-origin" && property.name != "comment") {
      // Lengths keep what belongs to a name apart from what belongs to a value.
      facts += '\n' + std::to_string(property.name.size()) + ' ' + property.name + ' ' +
               std::to_string(property.value.size()) + ' ' + property.value;
    }
  }
  return facts;
}

/// Pairs two lists that may each hold a key several times; the n-th with the n-th.
class Pairing {
 public:
  using Key = std::function<std::string(const CatalogObject&)>;  ///< empty: not to be paired by this rule

  Pairing(Objects expected, Objects actual) : expected_(std::move(expected)), actual_(std::move(actual)) {}

  void pair_by(const Key& key) {
    std::multimap<std::string, std::size_t> places;
    for (std::size_t i = 0; i < actual_.size(); ++i) {
      const std::string key_of_it = key(*actual_[i]);
      if (!key_of_it.empty()) {
        places.emplace(key_of_it, i);
      }
    }
    Objects rest;
    std::vector<bool> is_taken(actual_.size(), false);
    for (const CatalogObject* object : expected_) {
      const std::string key_of_it = key(*object);
      const auto found = key_of_it.empty() ? places.end() : places.find(key_of_it);
      if (found == places.end()) {
        rest.push_back(object);
        continue;
      }
      pairs_.push_back({object, actual_[found->second]});
      is_taken[found->second] = true;
      places.erase(found);
    }
    expected_ = std::move(rest);
    Objects actual_rest;
    for (std::size_t i = 0; i < actual_.size(); ++i) {
      if (!is_taken[i]) {
        actual_rest.push_back(actual_[i]);
      }
    }
    actual_ = std::move(actual_rest);
  }

  bool is_done() const { return expected_.empty() || actual_.empty(); }

  std::vector<ObjectPair> finish() {
    for (const CatalogObject* object : expected_) {
      pairs_.push_back({object, nullptr});
    }
    for (const CatalogObject* object : actual_) {
      pairs_.push_back({nullptr, object});
    }
    return std::move(pairs_);
  }

 private:
  Objects expected_;
  Objects actual_;
  std::vector<ObjectPair> pairs_;
};

std::string marked(std::string_view kind, std::string_view text) {
  return std::string(kind) + '\n' + std::string(text);
}

std::string key_of_generated(const CatalogObject& object) {
  return has_generated_name(object) ? facts_of(object) : std::string();
}

std::string key_of_name(const CatalogObject& object) {
  return object.name.empty() ? std::string() : marked(object.kind, object.name);
}

std::string key_of_purpose(const CatalogObject& object) {
  if (object.kind == "primary key") {
    return object.kind;
  }
  const bool is_told_by_columns = object.kind == "foreign key" || object.kind == "unique";
  return is_told_by_columns ? marked(object.kind, object.property("columns")) : std::string();
}

Objects without_columns(const CatalogObject& parent) {
  Objects objects;
  for (const CatalogObject& child : parent.children) {
    if (child.kind != "column") {
      objects.push_back(&child);
    }
  }
  return objects;
}

/// The order of the side that has it; what both have stands where the expected side has it.
void sort_pairs(std::vector<ObjectPair>& pairs, const Objects& expected, const Objects& actual) {
  std::map<const CatalogObject*, std::size_t> places;
  for (const Objects* side : {&expected, &actual}) {
    for (std::size_t i = 0; i < side->size(); ++i) {
      places.emplace((*side)[i], i);
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(), [&](const ObjectPair& a, const ObjectPair& b) {
    return std::make_tuple(a.expected == nullptr, places[&a.either()]) <
           std::make_tuple(b.expected == nullptr, places[&b.either()]);
  });
}

}  // namespace

bool has_generated_name(const CatalogObject& object) { return object.property("name-origin") == "generated"; }

std::vector<ObjectPair> pair_by_name(const std::vector<const CatalogObject*>& expected,
                                     const std::vector<const CatalogObject*>& actual) {
  Objects left = expected;
  Objects right = actual;
  for (Objects* side : {&left, &right}) {
    if (!std::is_sorted(side->begin(), side->end(), is_before)) {
      std::stable_sort(side->begin(), side->end(), is_before);
    }
  }
  std::vector<ObjectPair> pairs;
  pairs.reserve(std::max(left.size(), right.size()));
  for (std::size_t i = 0, j = 0; i < left.size() || j < right.size();) {
    const bool takes_left = j == right.size() || (i < left.size() && !is_before(right[j], left[i]));
    const bool takes_right = i == left.size() || (j < right.size() && !is_before(left[i], right[j]));
    pairs.push_back({takes_left ? left[i++] : nullptr, takes_right ? right[j++] : nullptr});
  }
  return pairs;
}

std::vector<ObjectPair> pair_children(const CatalogObject& expected, const CatalogObject& actual) {
  const Objects left = without_columns(expected);
  const Objects right = without_columns(actual);
  Pairing pairing(left, right);
  // Equal in all first: the same name among those that could change places.
  pairing.pair_by([](const CatalogObject& object) { return object.name + '\n' + facts_of(object); });
  for (const auto& key : {key_of_generated, key_of_name, facts_of, key_of_purpose}) {
    if (!pairing.is_done()) {
      pairing.pair_by([key](const CatalogObject& object) { return key(object); });
    }
  }
  std::vector<ObjectPair> pairs = pairing.finish();
  sort_pairs(pairs, left, right);
  return pairs;
}

std::vector<bool> moved_columns(const std::vector<std::size_t>& expected_places) {
  const std::size_t count = expected_places.size();
  std::vector<std::size_t> longest(count, 1);  // of the ascending runs that begin at each
  std::vector<std::size_t> heads;              // heads[k]: the highest start of a run of k + 1; descending
  for (std::size_t i = count; i-- > 0;) {
    const auto at = std::lower_bound(heads.begin(), heads.end(), expected_places[i],
                                     [](std::size_t head, std::size_t place) { return head > place; });
    longest[i] = static_cast<std::size_t>(at - heads.begin()) + 1;
    if (at == heads.end()) {
      heads.push_back(expected_places[i]);
    } else {
      *at = expected_places[i];
    }
  }
  std::vector<bool> is_moved(count, true);
  std::size_t needed = heads.size();
  std::size_t last = 0;
  for (std::size_t i = 0; i < count && needed > 0; ++i) {
    const bool goes_on = needed == heads.size() || expected_places[i] > last;
    if (longest[i] == needed && goes_on) {
      is_moved[i] = false;
      last = expected_places[i];
      --needed;
    }
  }
  return is_moved;
}

}  // namespace toolkit

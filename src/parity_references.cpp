#include <algorithm>

#include "parity_compare.hpp"

namespace toolkit {

namespace {

/// A foreign key in one form.
struct Reference {
  const CatalogObject* object = nullptr;
  std::string columns;
  std::string target;  ///< `routes (app_id, path)`
  std::string on_update;
  std::string on_delete;
  bool is_deferred = false;

  bool operator==(const Reference& other) const {
    return columns == other.columns && target == other.target && on_update == other.on_update &&
           on_delete == other.on_delete && is_deferred == other.is_deferred;
  }
};

std::string folded_list(std::string_view list) {
  std::string folded;
  for (const std::string& each : split_list(list)) {
    std::string name = lower_ascii(each);
    name.erase(std::remove_if(name.begin(), name.end(), [](char c) { return c == '"' || c == '`'; }),
               name.end());
    folded += (folded.empty() ? "" : ", ") + name;
  }
  return folded;
}

/// RESTRICT and NO ACTION refuse alike, but for what a deferred constraint allows in between.
std::string action(std::string_view word) {
  return word.empty() || word == "restrict" ? "no action" : std::string(word);
}

Reference reference_of(const CatalogObject& object) {
  return {&object,
          folded_list(object.property("columns")),
          folded_list(object.property("references")),
          action(object.property("on-update")),
          action(object.property("on-delete")),
          !object.property("deferrable").empty()};
}

std::vector<Reference> references_of(const CatalogObject& table) {
  std::vector<Reference> references;
  for (const CatalogObject* object : children_of(table, "foreign key")) {
    const Reference reference = reference_of(*object);
    if (std::find(references.begin(), references.end(), reference) == references.end()) {
      references.push_back(reference);
    }
  }
  return references;
}

std::string title_of_reference(const Reference& reference) {
  return "foreign key (" + std::string(reference.object->property("columns")) + ")";
}

std::string shown(const Reference& reference) {
  std::string text = "references " + std::string(reference.object->property("references"));
  text += reference.on_update == "no action" ? "" : " on update " + reference.on_update;
  return text + (reference.on_delete == "no action" ? "" : " on delete " + reference.on_delete);
}

std::string actions(const Reference& reference) {
  return "on update " + reference.on_update + ", on delete " + reference.on_delete;
}

void compare_pair(ParityWork& work, const Reference& a, const Reference& b, const std::string& table) {
  const std::string title = table + ", " + title_of_reference(a);
  if (a.target != b.target) {
    work.add("foreign-key", title, shown(a), shown(b));
    return;
  }
  if (a.on_update != b.on_update || a.on_delete != b.on_delete) {
    work.add("foreign-key-action", title, actions(a), actions(b));
  }
  if (a.is_deferred != b.is_deferred) {
    const bool can_be = work.reference.facts.defers_foreign_keys && work.other.facts.defers_foreign_keys;
    const auto said = [](const Reference& each) { return each.is_deferred ? "deferrable" : "immediate"; };
    work.add("foreign-key-deferrable", title, said(a), said(b), !can_be);
  }
}

}  // namespace

void compare_foreign_keys(ParityWork& work, const ObjectCouple& table, const std::string& title) {
  std::vector<Reference> right = references_of(table.other);
  std::vector<Reference> left = references_of(table.reference);
  // Equal ones first, so that two keys of the same columns are not crossed.
  const auto take = [&](auto fits, auto act) { take_pairs(left, right, fits, act); };
  take([](const auto& a, const auto& b) { return a == b; }, [](const auto&, const auto&) {});
  const auto compare = [&](const auto& a, const auto& b) { compare_pair(work, a, b, title); };
  take([](const auto& a, const auto& b) { return a.columns == b.columns && a.target == b.target; }, compare);
  take([](const auto& a, const auto& b) { return a.columns == b.columns; }, compare);
  for (const Reference& each : left) {
    work.add("foreign-key", title + ", " + title_of_reference(each), shown(each), "");
  }
  for (const Reference& each : right) {
    work.add("foreign-key", title + ", " + title_of_reference(each), "", shown(each));
  }
}

}  // namespace toolkit

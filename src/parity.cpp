#include "toolkit/parity.hpp"

#include <algorithm>

#include "parity_compare.hpp"

namespace toolkit {

namespace {

using Objects = std::vector<const CatalogObject*>;

/// Partitions are tables on PostgreSQL and parts of their table elsewhere: the table speaks for them.
Objects objects_of(const Catalog& catalog, std::string_view kind) {
  Objects objects;
  for (const auto& object : catalog.objects) {
    if (object->kind == kind && object->property("partition-of").empty()) {
      objects.push_back(object.get());
    }
  }
  return objects;
}

std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + name;
  }
  return "(" + text + ")";
}

std::string columns_text(const CatalogObject& table) {
  std::vector<std::string> names;
  for (const CatalogObject* column : children_of(table, "column")) {
    names.push_back(column->name);
  }
  return list_of(names);
}

/// Without its arguments and, on MySQL, the word before it.
std::string routine_name(const CatalogObject& routine) {
  std::string name = routine.name.substr(0, routine.name.find('('));
  for (const std::string_view word : {"procedure ", "function "}) {
    name.erase(0, name.starts_with(word) ? word.size() : 0);
  }
  return lower_ascii(name);
}

/// Functions that triggers call belong to their triggers.
std::vector<std::string> routine_names(const Catalog& catalog) {
  std::vector<std::string> names;
  for (const CatalogObject* routine : objects_of(catalog, "routine")) {
    const std::string returns = lower_ascii(routine->property("returns"));
    if (returns != "trigger" && returns != "event_trigger") {
      names.push_back(routine_name(*routine));
    }
  }
  return names;
}

void compare_table(ParityWork& work, const ObjectCouple& table) {
  const std::string title = "table " + table.reference.name;
  // A virtual table of SQLite shows no columns, and its counterpart may be anything.
  const bool are_both_plain =
      !children_of(table.reference, "column").empty() && !children_of(table.other, "column").empty();
  if (are_both_plain) {
    compare_columns(work, table, title);
    compare_keys(work, table, title);
    compare_foreign_keys(work, table, title);
    compare_checks(work, table, title);
  }
  compare_triggers(work, table, title);
}

void compare_tables(ParityWork& work) {
  const Objects left = objects_of(work.reference.catalog, "table");
  const Objects right = objects_of(work.other.catalog, "table");
  for (const CatalogObject* table : left) {
    if (const CatalogObject* other = find_folded(right, table->name)) {
      compare_table(work, {*table, *other});
    } else {
      work.add("table", "table " + table->name, columns_text(*table), "");
    }
  }
  for (const CatalogObject* table : right) {
    if (find_folded(left, table->name) == nullptr) {
      work.add("table", "table " + table->name, "", columns_text(*table));
    }
  }
}

void compare_views(ParityWork& work) {
  const Objects left = objects_of(work.reference.catalog, "view");
  const Objects right = objects_of(work.other.catalog, "view");
  for (const CatalogObject* view : left) {
    const CatalogObject* other = find_folded(right, view->name);
    if (other == nullptr) {
      work.add("view", "view " + view->name, list_of(view_columns(*view)), "");
      continue;
    }
    const std::vector<std::string> x = view_columns(*view);
    const std::vector<std::string> y = view_columns(*other);
    if (!x.empty() && !y.empty() && x != y) {
      work.add("view-columns", "view " + view->name, list_of(x), list_of(y));
    }
    compare_triggers(work, {*view, *other}, "view " + view->name);
  }
  for (const CatalogObject* view : right) {
    if (find_folded(left, view->name) == nullptr) {
      work.add("view", "view " + view->name, "", list_of(view_columns(*view)));
    }
  }
}

void compare_routines(ParityWork& work) {
  if (!work.reference.facts.has_routines || !work.other.facts.has_routines) {
    return;
  }
  const std::vector<std::string> left = routine_names(work.reference.catalog);
  const std::vector<std::string> right = routine_names(work.other.catalog);
  const auto add_missing = [&](const auto& from, const auto& in, bool is_reference) {
    for (const std::string& name : from) {
      if (std::find(in.begin(), in.end(), name) == in.end()) {
        work.add("routine", "routine " + name, is_reference ? name : "", is_reference ? "" : name);
      }
    }
  };
  add_missing(left, right, true);
  add_missing(right, left, false);
}

}  // namespace

std::vector<std::string> split_list(std::string_view list) {
  std::vector<std::string> parts;
  std::string part;
  int depth = 0;
  char quote = '\0';
  for (const char c : list) {
    if (quote != '\0') {
      quote = c == quote ? '\0' : quote;
    } else if (c == '\'' || c == '"' || c == '`') {
      quote = c;
    } else {
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    }
    if (c == ',' && depth == 0 && quote == '\0') {
      parts.push_back(part);
      part.clear();
    } else if (c != ' ' || !part.empty()) {
      part += c;
    }
  }
  if (!part.empty()) {
    parts.push_back(part);
  }
  return parts;
}

std::vector<const CatalogObject*> children_of(const CatalogObject& parent, std::string_view kind) {
  std::vector<const CatalogObject*> children;
  for (const CatalogObject& child : parent.children) {
    if (child.kind == kind) {
      children.push_back(&child);
    }
  }
  return children;
}

std::string folded(std::string_view name) {
  const bool is_quoted = name.size() > 2 && name.front() == '"' && name.back() == '"';
  return lower_ascii(is_quoted ? name.substr(1, name.size() - 2) : name);
}

const CatalogObject* find_folded(const std::vector<const CatalogObject*>& objects, std::string_view name) {
  const auto find = [&](auto fits) {
    const auto found = std::find_if(objects.begin(), objects.end(), fits);
    return found == objects.end() ? nullptr : *found;
  };
  const CatalogObject* exact = find([&](const CatalogObject* each) { return each->name == name; });
  return exact != nullptr
             ? exact
             : find([&](const CatalogObject* each) { return folded(each->name) == folded(name); });
}

std::vector<ParityDifference> parity(const Catalog& reference, const Catalog& other) {
  ParityWork work{{reference, facts_of(reference.dialect)},
                  {other, facts_of(other.dialect)},
                  is_one_family(reference.dialect, other.dialect),
                  {}};
  compare_tables(work);
  compare_views(work);
  compare_routines(work);
  return std::move(work.found);
}

}  // namespace toolkit

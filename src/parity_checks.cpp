#include <algorithm>
#include <set>

#include "parity_compare.hpp"

namespace toolkit {

namespace {

struct Condition {
  const CatalogObject* object = nullptr;
  std::string_view text;
  std::optional<Expression> parsed;
};

std::vector<Condition> conditions_of(const CatalogObject& table) {
  std::vector<Condition> conditions;
  for (const CatalogObject* object : children_of(table, "check")) {
    if (object->property("not-enforced").empty()) {
      const std::string_view text = object->property("expression");
      conditions.push_back({object, text, parse_condition(text)});
    }
  }
  return conditions;
}

/// `(length name) <= 128`, where SQLite says what VARCHAR(128) says elsewhere.
bool is_length_of(const Expression& condition, const std::string& column, const std::string& size) {
  const bool is_limit = condition.head == "<=" && condition.parts.size() == 2 && condition.parts[0].is_call &&
                        condition.parts[0].head == "length" && condition.parts[0].parts.size() == 1;
  return is_limit && condition.parts[0].parts[0].head == column && condition.parts[1].head == size;
}

/// Whether the type of the column on the other side says it already.
bool is_said_by_type(const Expression& condition, const CatalogObject& column, const ColumnType& type) {
  const std::string name = lower_ascii(column.name);
  if (json_column(condition) == name) {
    return type.type_class == TypeClass::json;
  }
  const auto list = value_list(condition);
  if (list && list->column == name) {
    const bool is_enum = type.type_class == TypeClass::enumeration;
    return is_enum ||
           (type.type_class == TypeClass::boolean && list->values == std::vector<std::string>{"0", "1"});
  }
  return !type.size.empty() && is_length_of(condition, name, type.size);
}

void drop_what_types_say(std::vector<Condition>& conditions, const CatalogObject& other_table,
                         const Catalog& other) {
  for (const CatalogObject* column : children_of(other_table, "column")) {
    const ColumnType type = column_type(other, other_table, *column);
    conditions.erase(std::remove_if(conditions.begin(), conditions.end(),
                                    [&](const Condition& each) {
                                      return each.parsed && is_said_by_type(*each.parsed, *column, type);
                                    }),
                     conditions.end());
  }
}

void collect_names(const Expression& expression, std::set<std::string>& names) {
  const bool is_name = expression.parts.empty() && !expression.is_call && !is_value(expression);
  if (is_name) {
    names.insert(expression.head);
  }
  for (const Expression& part : expression.parts) {
    collect_names(part, names);
  }
}

/// Of the same columns: then one is what became of the other.
bool is_about_the_same(const Condition& a, const Condition& b) {
  if (!a.object->name.empty() && a.object->name == b.object->name) {
    return true;
  }
  if (!a.parsed || !b.parsed) {
    return !a.parsed && !b.parsed;
  }
  std::set<std::string> left;
  std::set<std::string> right;
  collect_names(*a.parsed, left);
  collect_names(*b.parsed, right);
  return left == right;
}

std::string title_of_check(const Condition& check) {
  return check.object->name.empty() ? "check (" + std::string(check.text) + ")"
                                    : "check " + check.object->name;
}

}  // namespace

void compare_checks(ParityWork& work, const ObjectCouple& table, const std::string& title) {
  std::vector<Condition> left = conditions_of(table.reference);
  std::vector<Condition> right = conditions_of(table.other);
  const auto take = [&](auto fits, auto act) { take_pairs(left, right, fits, act); };
  take([](const auto& a, const auto& b) { return compare_conditions(a.text, b.text) == Agreement::equal; },
       [](const auto&, const auto&) {});
  drop_what_types_say(left, table.other, work.other.catalog);
  drop_what_types_say(right, table.reference, work.reference.catalog);
  take(is_about_the_same, [&](const auto& a, const auto& b) {
    const bool is_note = compare_conditions(a.text, b.text) == Agreement::undecided;
    work.add("check-expression", title + ", " + title_of_check(a), a.text, b.text, is_note);
  });
  for (const Condition& each : left) {
    work.add("check", title + ", " + title_of_check(each), each.text, "");
  }
  for (const Condition& each : right) {
    work.add("check", title + ", " + title_of_check(each), "", each.text);
  }
}

}  // namespace toolkit

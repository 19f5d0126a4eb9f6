#include "parity_types.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "parity_forms.hpp"

namespace toolkit {

namespace {

using Entry = std::pair<std::string_view, TypeClass>;

constexpr std::array<Entry, 15> classes = {{{"boolean", TypeClass::boolean},
                                            {"integer", TypeClass::integer},
                                            {"decimal", TypeClass::decimal},
                                            {"real", TypeClass::real},
                                            {"text", TypeClass::text},
                                            {"varchar", TypeClass::varchar},
                                            {"char", TypeClass::character},
                                            {"bytes", TypeClass::bytes},
                                            {"date", TypeClass::date},
                                            {"time", TypeClass::time},
                                            {"timestamp", TypeClass::timestamp},
                                            {"interval", TypeClass::interval},
                                            {"json", TypeClass::json},
                                            {"uuid", TypeClass::uuid},
                                            {"enum", TypeClass::enumeration}}};

int number_of(std::string_view digits) {
  int number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// A declared type that no class knows, by SQLite's rules of affinity ("Determination Of Column Affinity").
TypeClass class_by_affinity(std::string_view native) {
  const std::string name = lower_ascii(native);
  if (contains(name, "int")) {
    return TypeClass::integer;
  }
  if (contains(name, "char") || contains(name, "clob") || contains(name, "text")) {
    return TypeClass::text;
  }
  if (contains(name, "blob")) {
    return TypeClass::bytes;
  }
  return contains(name, "real") || contains(name, "floa") || contains(name, "doub") ? TypeClass::real
                                                                                    : TypeClass::anything;
}

/// The digits in `timestamp(6) without time zone`; -1 without any.
int digits_in(std::string_view native) {
  const std::size_t open = native.find('(');
  return open == std::string_view::npos ? -1 : number_of(native.substr(open + 1));
}

/// `'a','b'` behind the name of the type, or the labels of the enum that it names.
std::vector<std::string> labels_of(const Catalog& catalog, const std::string& native) {
  std::string_view text;
  if (const CatalogObject* named = catalog.find("enum", native)) {
    text = named->property("labels");
  } else if (const std::size_t open = native.find('('); open != std::string::npos) {
    text = std::string_view(native).substr(open + 1);
  }
  std::vector<std::string> labels;
  std::string label;
  bool is_inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\'') {
      label += is_inside ? std::string(1, text[i]) : "";
    } else if (is_inside && i + 1 < text.size() && text[i + 1] == '\'') {
      label += text[i++];
    } else {
      if (is_inside) {
        labels.push_back(quoted_text(label));
        label.clear();
      }
      is_inside = !is_inside;
    }
  }
  return labels;
}

void read_logical(ColumnType& type, std::string_view logical) {
  const std::size_t blank = logical.find(' ');
  const std::string_view word = logical.substr(0, blank);
  std::string_view rest = blank == std::string_view::npos ? "" : logical.substr(blank + 1);
  const auto* const found =
      std::find_if(classes.begin(), classes.end(), [word](const Entry& each) { return each.first == word; });
  type.type_class = found == classes.end() ? TypeClass::other : found->second;
  type.is_unsigned = rest.ends_with("unsigned");
  type.is_utc = type.type_class == TypeClass::timestamp && rest == "utc";
  rest = rest.substr(0, rest.find(" unsigned"));
  if (type.type_class == TypeClass::integer || type.type_class == TypeClass::real) {
    type.width = number_of(rest);
  } else if (rest != "unsigned") {
    type.size = rest;
  }
}

void add_checks(ColumnType& type, const CatalogObject& table, std::string_view column) {
  for (const CatalogObject& child : table.children) {
    const auto condition =
        child.kind == "check" ? parse_condition(child.property("expression")) : std::nullopt;
    if (!condition) {
      continue;
    }
    const auto list = value_list(*condition);
    if (list && list->column == lower_ascii(column)) {
      type.listed = list->values;
    }
    if (type.type_class == TypeClass::text && json_column(*condition) == lower_ascii(column)) {
      type.type_class = TypeClass::json;
    }
  }
}

}  // namespace

ColumnType column_type(const Catalog& catalog, const CatalogObject& table, const CatalogObject& column) {
  ColumnType type;
  type.native = column.property("type");
  type.is_weak = !facts_of(catalog.dialect).enforces_types;
  read_logical(type, column.property("logical"));
  if (type.is_weak && type.type_class == TypeClass::other) {
    type.type_class = class_by_affinity(type.native);
  }
  if (type.is_weak && lower_ascii(type.native) == "tinyint(1)") {
    type.type_class = TypeClass::boolean;
  }
  if (type.type_class == TypeClass::enumeration) {
    type.labels = labels_of(catalog, type.native);
  }
  const bool has_seconds = type.type_class == TypeClass::timestamp || type.type_class == TypeClass::time;
  if (has_seconds && !type.is_weak) {
    // PostgreSQL keeps microseconds unless told otherwise and names the zone; MySQL keeps none.
    const int least = contains(type.native, "time zone") ? 6 : 0;
    type.fraction = digits_in(type.native) < 0 ? least : digits_in(type.native);
  }
  add_checks(type, table, column.name);
  return type;
}

}  // namespace toolkit

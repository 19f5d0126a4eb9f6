#include <algorithm>
#include <array>

#include "parity_compare.hpp"
#include "parity_forms.hpp"

namespace toolkit {

namespace {

bool is_text(const Expression& value) {
  return value.parts.empty() && !value.is_call && value.head.starts_with('\'') && value.head.size() >= 2;
}

std::string hexadecimal(std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string hex;
  for (const char c : text) {
    hex += digits[static_cast<unsigned char>(c) >> 4U];
    hex += digits[static_cast<unsigned char>(c) & 15U];
  }
  return hex;
}

bool is_of_numbers(const ColumnType& type) {
  return type.type_class == TypeClass::integer || type.type_class == TypeClass::decimal ||
         type.type_class == TypeClass::real || type.type_class == TypeClass::boolean;
}

/// What a literal is in a column of this type: `'0'` of an integer is 0, `'t'` of a boolean 1.
Expression read_as(Expression value, const ColumnType& type) {
  if (!is_text(value)) {
    return value;
  }
  const std::string text = value.head.substr(1, value.head.size() - 2);
  if (type.type_class == TypeClass::boolean) {
    const std::string word = lower_ascii(text);
    if (word == "t" || word == "true") {
      return {"1", {}, false};
    }
    if (word == "f" || word == "false") {
      return {"0", {}, false};
    }
  }
  if (is_of_numbers(type)) {
    const auto number = normal_number(text);
    return number ? Expression{*number, {}, false} : value;
  }
  return type.type_class == TypeClass::bytes ? Expression{"x'" + hexadecimal(text) + "'", {}, false} : value;
}

bool is_numbering(std::string_view text) { return lower_ascii(text).starts_with("nextval("); }

/// A default that does something; NULL and a sequence's next value are told elsewhere.
std::string_view default_text(const CatalogObject& column) {
  const std::string_view text = column.property("default");
  const bool is_null = lower_ascii(text) == "null" || lower_ascii(text).starts_with("null::");
  return is_numbering(text) || is_null ? std::string_view() : text;
}

Agreement compare_defaults(std::string_view a, const ColumnType& a_type, std::string_view b,
                           const ColumnType& b_type) {
  if (a.empty() || b.empty()) {
    return a.empty() == b.empty() ? Agreement::equal : Agreement::different;
  }
  const auto left = parse_expression(a);
  const auto right = parse_expression(b);
  if (!left || !right) {
    return compare_expressions(a, b);
  }
  // Read as both types: what is a boolean here may be an integer there.
  const Expression x = read_as(read_as(*left, a_type), b_type);
  const Expression y = read_as(read_as(*right, b_type), a_type);
  if (x == y) {
    return Agreement::equal;
  }
  return is_plain(x) && is_plain(y) ? Agreement::different : Agreement::undecided;
}

enum class Numbering { none, by_itself, asked };

Numbering numbering_of(const CatalogObject& column) {
  const std::string_view identity = column.property("identity");
  if (!column.property("auto-increment").empty() || is_numbering(column.property("default"))) {
    return Numbering::asked;
  }
  if (identity.empty()) {
    return Numbering::none;
  }
  return identity == "rowid" ? Numbering::by_itself : Numbering::asked;
}

std::string_view numbering_text(Numbering numbering) { return numbering == Numbering::none ? "no" : "yes"; }

/// Without `stored` or `virtual`: reading gives the same.
std::string_view generated_expression(std::string_view generated) {
  const std::size_t open = generated.find('(');
  return open == std::string_view::npos ? generated : generated.substr(open);
}

bool is_in_primary_key(const CatalogObject& table, std::string_view column) {
  for (const CatalogObject* key : children_of(table, "primary key")) {
    const std::vector<std::string> columns = split_list(key->property("columns"));
    if (std::find(columns.begin(), columns.end(), column) != columns.end()) {
      return true;
    }
  }
  return false;
}

void compare_nullability(ParityWork& work, const ObjectCouple& table, const ObjectCouple& column,
                         const std::string& title) {
  const std::string_view in_reference = column.reference.property("nullable");
  const std::string_view in_other = column.other.property("nullable");
  if (in_reference == in_other) {
    return;
  }
  const EngineFacts& taker = in_reference == "yes" ? work.reference.facts : work.other.facts;
  const bool is_quirk = !taker.keys_refuse_null &&
                        is_in_primary_key(table.reference, column.reference.name) &&
                        is_in_primary_key(table.other, column.other.name);
  work.add(is_quirk ? "key-nullable" : "nullable", title, in_reference, in_other, is_quirk);
}

void compare_generated(ParityWork& work, const ObjectCouple& column, const std::string& title) {
  const std::string_view in_reference = column.reference.property("generated");
  const std::string_view in_other = column.other.property("generated");
  if (in_reference.empty() && in_other.empty()) {
    return;
  }
  const Agreement agreement =
      in_reference.empty() || in_other.empty()
          ? Agreement::different
          : compare_expressions(generated_expression(in_reference), generated_expression(in_other));
  if (agreement != Agreement::equal) {
    work.add("generated", title, in_reference, in_other, agreement == Agreement::undecided);
  }
}

}  // namespace

void compare_column(ParityWork& work, const ObjectCouple& table, const ObjectCouple& column,
                    const std::string& title) {
  const ColumnType a = column_type(work.reference.catalog, table.reference, column.reference);
  const ColumnType b = column_type(work.other.catalog, table.other, column.other);
  if (const auto finding = compare_types(a, b, work.one_family)) {
    const bool tells_labels = finding->rule == "enum-labels";
    const bool tells_digits = finding->rule == "fraction";
    const auto shown = [=](const ColumnType& type) {
      if (tells_digits) {
        return std::to_string(type.fraction) + " digits of a second (" + type.native + ")";
      }
      std::string text;
      for (const std::string& label : type.labels.empty() ? type.listed : type.labels) {
        text += (text.empty() ? "" : ", ") + label;
      }
      return tells_labels && !text.empty() ? text : std::string(type.native);
    };
    work.add(finding->rule, title, shown(a), shown(b), finding->is_note);
  }
  compare_nullability(work, table, column, title);
  const std::string_view in_reference = default_text(column.reference);
  const std::string_view in_other = default_text(column.other);
  const Agreement agreement = compare_defaults(in_reference, a, in_other, b);
  if (agreement != Agreement::equal) {
    work.add("default", title, in_reference, in_other, agreement == Agreement::undecided);
  }
  const Numbering x = numbering_of(column.reference);
  const Numbering y = numbering_of(column.other);
  if (x != y && x != Numbering::by_itself && y != Numbering::by_itself) {
    work.add("auto-increment", title, numbering_text(x), numbering_text(y));
  }
  compare_generated(work, column, title);
  const bool is_kept = column.reference.property("on-update").empty();
  if (is_kept != column.other.property("on-update").empty()) {
    work.add("on-update", title, column.reference.property("on-update"), column.other.property("on-update"));
  }
}

void compare_columns(ParityWork& work, const ObjectCouple& table, const std::string& title) {
  const auto in_reference = children_of(table.reference, "column");
  const auto in_other = children_of(table.other, "column");
  for (const CatalogObject* column : in_reference) {
    const std::string name = title + ", column " + column->name;
    if (const CatalogObject* other = find_folded(in_other, column->name)) {
      compare_column(work, table, {*column, *other}, name);
    } else {
      work.add("column", name, column->property("type"), "");
    }
  }
  for (const CatalogObject* column : in_other) {
    if (find_folded(in_reference, column->name) == nullptr) {
      work.add("column", title + ", column " + column->name, "", column->property("type"));
    }
  }
}

}  // namespace toolkit

#include "sample_values.hpp"

#include <algorithm>

#include "ascii.hpp"

namespace toolkit {

namespace {

constexpr int plain_row = 0;
constexpr int limit_row = 1;
constexpr int null_row = 2;

std::string quoted_text(std::string_view text) {
  std::string literal = "'";
  for (const char c : text) {
    literal += c == '\'' ? "''" : std::string(1, c);
  }
  return literal + "'";
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" ,", at), text.size());
    if (end > at) {
      words.emplace_back(text.substr(at, end - at));
    }
    at = end + 1;
  }
  return words;
}

/// What one column of one row is to be.
struct Wish {
  int row;
  bool distinct;       ///< part of a key
  std::uint64_t base;  ///< from the seed: where distinct values begin
  const ColumnBounds& bounds;
};

std::string integer_value(const std::vector<std::string>& logical, const Wish& wish) {
  const std::int64_t width = logical.size() > 1 ? number_of(logical[1], 32) : 32;
  const bool is_unsigned = std::find(logical.begin(), logical.end(), "unsigned") != logical.end();
  const std::int64_t top =
      width >= 64 ? INT64_C(4000000000000000000) : (INT64_C(1) << (width - (is_unsigned ? 0 : 1))) - 1;
  std::int64_t value = wish.distinct
                           ? static_cast<std::int64_t>(wish.base % 50) + 50 + wish.row
                           : (wish.row == limit_row ? top : static_cast<std::int64_t>(wish.base % 20) + 2);
  value = std::clamp(value, wish.bounds.least.value_or(is_unsigned ? 0 : -top),
                     std::max(wish.bounds.most.value_or(top), wish.bounds.least.value_or(-top)));
  return std::to_string(std::min(value, top));
}

std::string decimal_value(const std::vector<std::string>& logical, const Wish& wish) {
  const std::int64_t precision = logical.size() > 1 ? number_of(logical[1], 10) : 10;
  const std::int64_t scale = logical.size() > 2 ? number_of(logical[2], 0) : 0;
  const auto whole = static_cast<std::size_t>(std::clamp<std::int64_t>(precision - scale, 0, 12));
  std::string digits = wish.row == limit_row ? std::string(whole, '9') : std::string(whole == 0 ? 0 : 1, '3');
  if (wish.bounds.most || wish.bounds.least) {
    const std::int64_t value = std::clamp<std::int64_t>(3, wish.bounds.least.value_or(INT64_MIN),
                                                        wish.bounds.most.value_or(INT64_MAX));
    return std::to_string(value);
  }
  if (wish.distinct) {
    digits = std::to_string(1 + wish.row);
  }
  return (digits.empty() ? "0" : digits) +
         (scale > 0 ? "." + std::string(static_cast<std::size_t>(std::min<std::int64_t>(scale, 10)), '7')
                    : "");
}

std::string text_value(const std::vector<std::string>& logical, const Wish& wish) {
  const std::size_t most =
      std::min<std::size_t>(logical.size() > 1 ? static_cast<std::size_t>(number_of(logical[1], 40)) : 40,
                            wish.bounds.most_length.value_or(300));
  std::string text = "s" + std::to_string(wish.base % 1000) + "-" + std::to_string(wish.row);
  // The whole length is used up, so that a type that became shorter is noticed.
  const std::size_t wanted = wish.row == limit_row ? std::min<std::size_t>(most, 300)
                                                   : wish.bounds.least_length.value_or(text.size());
  while (text.size() < wanted) {
    text += static_cast<char>('a' + static_cast<int>(text.size() % 26));
  }
  return quoted_text(text.size() > most ? text.substr(text.size() - most) : text);
}

std::string moment_value(const std::string& kind, const Wish& wish) {
  const std::string day = "20" + std::string(wish.row == limit_row ? "19-12-31" : "01-02-0") +
                          (wish.row == limit_row ? "" : std::to_string(3 + wish.row % 6));
  // Digits behind the second, so that a type that keeps fewer of them is noticed; others round them away.
  const std::string time =
      wish.row == limit_row ? "23:59:58.123456" : "04:05:0" + std::to_string(wish.row % 10);
  if (kind == "date") {
    return quoted_text(day);
  }
  return quoted_text(kind == "time" ? time : day + " " + time);
}

std::string uuid_value(const Wish& wish) {
  std::string last =
      std::to_string(100000000000 + static_cast<long long>(wish.base % 1000000) * 10 + wish.row);
  return quoted_text("00000000-0000-4000-8000-" + last);
}

/// Nothing for a type that is not understood.
std::optional<std::string> value_of(const CatalogObject& column, const Traits& traits, const Wish& wish) {
  if (!wish.bounds.choices.empty()) {
    return wish.bounds.choices[static_cast<std::size_t>(wish.row) % wish.bounds.choices.size()];
  }
  const std::vector<std::string> logical = words_of(column.property("logical"));
  const std::string kind = logical.empty() ? "" : logical.front();
  if (kind == "boolean") {
    return wish.row % 2 == 0 ? traits.true_literal : traits.false_literal;
  }
  if (kind == "integer") {
    return integer_value(logical, wish);
  }
  if (kind == "decimal") {
    return decimal_value(logical, wish);
  }
  if (kind == "real") {
    return std::to_string(wish.row + 1) + ".5";
  }
  if (kind == "text" || kind == "varchar" || kind == "char") {
    return text_value(logical, wish);
  }
  if (kind == "date" || kind == "time" || kind == "timestamp") {
    return moment_value(kind, wish);
  }
  if (kind == "json") {
    return quoted_text(wish.row == limit_row ? R"({"a": [1, "two"]})" : "{}");
  }
  if (kind == "uuid") {
    return uuid_value(wish);
  }
  if (kind == "bytes") {
    return traits.bytes_before + "00ff0" + std::to_string(wish.row % 10) + traits.bytes_behind;
  }
  if (kind == "array") {
    return quoted_text("{}");
  }
  const std::vector<std::string> labels = literals_in(std::string(column.property("labels")));
  const std::vector<std::string> typed = literals_in(std::string(column.property("type")));
  const std::vector<std::string>& choices = labels.empty() ? typed : labels;
  if (kind == "enum" && !choices.empty()) {
    return choices[static_cast<std::size_t>(wish.row) % choices.size()];
  }
  return std::nullopt;
}

bool is_filled_by_server(const CatalogObject& column) {
  return !column.property("generated").empty() || column.property("identity").starts_with("always") ||
         !column.property("auto-increment").empty();
}

/// The columns of primary and unique keys.
std::vector<std::string> distinct_columns(const CatalogObject& table) {
  std::vector<std::string> names;
  for (const CatalogObject& child : table.children) {
    const bool is_key = child.kind == "primary key" || child.kind == "unique" ||
                        (child.kind == "index" && !child.property("unique").empty());
    if (is_key) {
      const std::vector<std::string> columns = key_columns(child.property("columns"));
      names.insert(names.end(), columns.begin(), columns.end());
    }
  }
  return names;
}

/// The values that foreign keys dictate. False when a parent without rows is needed.
bool take_parents(const CatalogObject& table, const SampleKeys& keys, int row,
                  std::map<std::string, std::string>& values, std::string& why) {
  for (const CatalogObject& child : table.children) {
    if (child.kind != "foreign key") {
      continue;
    }
    const Reference reference = reference_of(child);
    const std::vector<std::string> columns = key_columns(child.property("columns"));
    const bool nullable = std::all_of(columns.begin(), columns.end(), [&](const std::string& name) {
      return std::any_of(table.children.begin(), table.children.end(), [&](const CatalogObject& column) {
        return column.kind == "column" && column.name == name && column.property("nullable") == "yes";
      });
    });
    const auto parent = keys.find(reference.table);
    const bool has_rows = parent != keys.end() && !parent->second.empty() && reference.table != table.name;
    if (!has_rows && !nullable) {
      why = "its parent " + reference.table + " has no sample rows";
      return false;
    }
    for (std::size_t i = 0; i < columns.size() && i < reference.columns.size(); ++i) {
      const bool is_null = !has_rows || (nullable && row == null_row);
      if (is_null) {
        values[columns[i]] = "NULL";
        continue;
      }
      const auto& of_row = parent->second[static_cast<std::size_t>(row) % parent->second.size()];
      const auto key = of_row.find(reference.columns[i]);
      if (key == of_row.end()) {
        why = "the key of its parent " + reference.table + " is not known";
        return false;
      }
      values[columns[i]] = key->second;
    }
  }
  return true;
}

}  // namespace

std::vector<std::string> key_columns(std::string_view columns) {
  std::vector<std::string> names;
  if (columns.find('(') != std::string_view::npos) {
    return names;
  }
  for (std::size_t at = 0; at < columns.size();) {
    const std::size_t end = std::min(columns.find(", ", at), columns.size());
    const std::string_view entry = columns.substr(at, end - at);
    names.emplace_back(entry.substr(0, entry.find(' ')));
    at = end + 2;
  }
  return names;
}

Reference reference_of(const CatalogObject& foreign_key) {
  const std::string_view text = foreign_key.property("references");
  const std::size_t open = text.rfind('(');
  if (open == std::string_view::npos || text.empty()) {
    return {std::string(trim(text)), {}};
  }
  const std::size_t close = std::min(text.find(')', open), text.size());
  return {std::string(trim(text.substr(0, open))), key_columns(text.substr(open + 1, close - open - 1))};
}

SampleRow sample_row(const CatalogObject& table, const SampleKeys& keys, const Traits& traits,
                     std::uint64_t seed, int row) {
  SampleRow sample;
  std::map<std::string, std::string> dictated;
  if (!take_parents(table, keys, row, dictated, sample.why)) {
    return sample;
  }
  const std::map<std::string, ColumnBounds> bounds = bounds_of(table);
  const std::vector<std::string> distinct = distinct_columns(table);
  std::uint64_t base = seed * 2654435761U;
  for (const CatalogObject& column : table.children) {
    if (column.kind != "column" || is_filled_by_server(column)) {
      continue;
    }
    base = base * 6364136223846793005U + 1442695040888963407U;
    const bool is_distinct = std::find(distinct.begin(), distinct.end(), column.name) != distinct.end();
    const bool nullable = column.property("nullable") == "yes";
    const auto parent = dictated.find(column.name);
    if (parent != dictated.end()) {
      sample.values.emplace_back(column.name, parent->second);
      continue;
    }
    if (nullable && row == null_row) {
      sample.values.emplace_back(column.name, "NULL");
      continue;
    }
    static const ColumnBounds none;
    const auto bound = bounds.find(column.name);
    const Wish wish{row, is_distinct, base >> 33U, bound == bounds.end() ? none : bound->second};
    if (const std::optional<std::string> value = value_of(column, traits, wish)) {
      sample.values.emplace_back(column.name, *value);
    } else if (!nullable && column.property("default").empty()) {
      sample.why = "the type " + std::string(column.property("type")) + " of column " + column.name +
                   " is not one that sample rows are made for";
      return {{}, sample.why};
    }
  }
  return sample;
}

}  // namespace toolkit

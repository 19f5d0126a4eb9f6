#include "catalog_column.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace toolkit::mysql {

namespace {

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// "decimal(10,2) unsigned" in three.
struct TypeParts {
  std::string word;
  std::string arguments;
  std::string rest;
};

TypeParts parts_of(std::string_view type) {
  const std::size_t open = type.find('(');
  const std::size_t blank = type.find(' ');
  if (open == std::string_view::npos || blank < open) {
    const std::size_t end = std::min(blank, type.size());
    return {std::string(type.substr(0, end)), "", std::string(type.substr(end))};
  }
  const std::size_t close = type.rfind(')');
  return {std::string(type.substr(0, open)), std::string(type.substr(open + 1, close - open - 1)),
          std::string(type.substr(close + 1))};
}

bool is_integer(std::string_view word) {
  return is_one_of(word, {"tinyint", "smallint", "mediumint", "int", "bigint"});
}

bool is_number(std::string_view word) {
  return is_integer(word) || is_one_of(word, {"decimal", "float", "double", "year", "bit"});
}

bool is_bytes(std::string_view word) { return word == "binary" || word == "varbinary"; }

std::string integer_width(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> widths = {
      {{"tinyint", "8"}, {"smallint", "16"}, {"mediumint", "24"}, {"int", "32"}, {"bigint", "64"}}};
  const auto* const found =
      std::find_if(widths.begin(), widths.end(), [word](const auto& each) { return each.first == word; });
  return found == widths.end() ? std::string() : std::string(found->second);
}

// Bytes as text where all of it can be read, else in hexadecimal; without the zeroes that fill up a
// BINARY(n).
std::string bytes_default(std::string value, std::string_view word) {
  while (word == "binary" && !value.empty() && value.back() == '\0') {
    value.pop_back();
  }
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string hexadecimal = "0x";
  for (const char c : value) {
    hexadecimal += digits[static_cast<unsigned char>(c) / 16];
    hexadecimal += digits[static_cast<unsigned char>(c) % 16];
  }
  const bool is_readable =
      std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
  return is_readable ? literal(value) : hexadecimal;
}

// The bytes of 0x616263 and of x'616263'.
std::string bytes_of(std::string_view hexadecimal) {
  std::string value;
  for (std::size_t i = 2; i + 1 < hexadecimal.size(); i += 2) {
    value += static_cast<char>(std::stoi(std::string(hexadecimal.substr(i, 2)), nullptr, 16));
  }
  return value;
}

std::string mysql_default(const ColumnFacts& column, std::string_view word, const CatalogSource& source) {
  const std::string& text = *column.default_text;
  if (is_bytes(word) && column.extra.find("DEFAULT_GENERATED") == std::string::npos) {
    const std::string& told = column.created_default.empty() ? text : column.created_default;
    return bytes_default(told.starts_with("0x") ? bytes_of(told) : literal_value(told), word);
  }
  if (column.extra.find("DEFAULT_GENERATED") == std::string::npos) {
    return is_number(word) ? text : literal(text);
  }
  const std::string now = current_timestamp(text);
  return now.empty() ? "(" + normal_expression(stored_expression(text, source), source) + ")" : now;
}

bool is_plain_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.-+eE") == std::string_view::npos &&
         text.find_first_of("0123456789") != std::string_view::npos;
}

// One literal and nothing behind it.
bool is_literal(std::string_view text) {
  if (text.size() < 2 || text.front() != '\'') {
    return false;
  }
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '\'') {
      if (i + 1 == text.size()) {
        return true;
      }
      if (text[++i] != '\'') {
        return false;
      }
    }
  }
  return false;
}

std::string mariadb_default(const ColumnFacts& column, std::string_view word, const CatalogSource& source) {
  const std::string& text = *column.default_text;
  if (text == "NULL") {
    return {};
  }
  if (is_literal(text)) {
    const std::string value = literal_value(text);
    return is_bytes(word) ? bytes_default(value, word) : literal(value);
  }
  if (is_bytes(word) && text.starts_with("x'")) {  // MariaDB 11
    return bytes_default(bytes_of(text), word);
  }
  const std::string now = current_timestamp(text);
  const bool is_bits = text.starts_with("b'");
  if (!now.empty() || is_bits || is_plain_number(text)) {
    return now.empty() ? text : now;
  }
  return "(" + normal_expression(text, source) + ")";
}

std::string on_update(std::string_view extra) {
  const std::string lower = lower_case(extra);
  const std::size_t at = lower.find("on update ");
  if (at == std::string::npos) {
    return {};
  }
  const std::string rest = lower.substr(at + 10);
  return current_timestamp(rest.substr(0, rest.find(' ')));
}

std::string generated(const ColumnFacts& column, const CatalogSource& source) {
  if (column.generation == "ROW START" || column.generation == "ROW END") {
    return lower_case(column.generation);
  }
  if (column.generation.empty()) {
    return {};
  }
  const bool is_stored = column.extra.find("STORED GENERATED") != std::string::npos ||
                         column.extra.find("PERSISTENT") != std::string::npos;
  return std::string(is_stored ? "stored (" : "virtual (") +
         normal_expression(stored_expression(column.generation, source), source) + ")";
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return lower;
}

void add_fact(CatalogObject& object, std::string name, std::string value) {
  if (!value.empty()) {
    object.properties.push_back({std::move(name), std::move(value)});
  }
}

std::string normal_type(std::string_view type) {
  TypeParts parts = parts_of(type);
  if (parts.rest.find("COMPRESSED") != std::string::npos) {
    parts.rest = " compressed";
  }
  const bool is_boolean = parts.word == "tinyint" && parts.arguments == "1" && parts.rest.empty();
  const bool shows_width = parts.rest.find("zerofill") != std::string::npos;
  if ((is_integer(parts.word) && !is_boolean && !shows_width) || parts.word == "year") {
    parts.arguments.clear();
  }
  if (parts.word == "geomcollection") {
    parts.word = "geometrycollection";
  }
  return parts.word + (parts.arguments.empty() ? "" : "(" + parts.arguments + ")") + parts.rest;
}

std::string logical_type(std::string_view normal_type) {
  const TypeParts parts = parts_of(normal_type);
  const std::string sign = parts.rest.find("unsigned") != std::string::npos ? " unsigned" : "";
  if (normal_type == "tinyint(1)" || normal_type == "bit(1)") {
    return "boolean";
  }
  if (is_integer(parts.word)) {
    return "integer " + integer_width(parts.word) + sign;
  }
  if (parts.word == "decimal") {
    return "decimal " + parts.arguments + sign;
  }
  if (parts.word == "float" || parts.word == "double") {
    return std::string("real ") + (parts.word == "float" ? "32" : "64") + sign;
  }
  if (is_one_of(parts.word, {"char", "varchar"})) {
    return parts.word + " " + parts.arguments;
  }
  if (is_one_of(parts.word, {"tinytext", "text", "mediumtext", "longtext"})) {
    return "text";
  }
  if (is_bytes(parts.word) || is_one_of(parts.word, {"tinyblob", "blob", "mediumblob", "longblob"})) {
    return "bytes";
  }
  if (is_one_of(parts.word, {"date", "time", "json", "uuid", "enum"})) {
    return parts.word;
  }
  if (parts.word == "datetime" || parts.word == "timestamp") {
    return parts.word == "datetime" ? "timestamp" : "timestamp utc";
  }
  return "other " + std::string(normal_type);
}

CatalogObject column_object(const ColumnFacts& column, std::string_view table_collation,
                            const CatalogSource& source) {
  CatalogObject object{"column", column.name, {}, {}};
  const std::string type = column.is_json ? "json" : normal_type(column.type);
  const std::string word = parts_of(type).word;
  add_fact(object, "type", type);
  add_fact(object, "logical", logical_type(type));
  add_fact(object, "nullable", column.is_nullable ? "yes" : "no");
  if (column.default_text && column.generation.empty()) {
    add_fact(object, "default",
             source.is_mariadb ? mariadb_default(column, word, source) : mysql_default(column, word, source));
  }
  if (column.extra.find("auto_increment") != std::string::npos) {
    add_fact(object, "auto-increment", "yes");
  }
  add_fact(object, "generated", generated(column, source));
  add_fact(object, "on-update", on_update(column.extra));
  if (!column.is_json && column.collation != table_collation) {
    add_fact(object, "charset", column.charset);
    add_fact(object, "collation", column.collation);
  }
  add_fact(object, "srid", column.srid);
  if (column.extra.find("INVISIBLE") != std::string::npos) {
    add_fact(object, "invisible", "yes");
  }
  if (column.extra.find("WITHOUT SYSTEM VERSIONING") != std::string::npos) {
    add_fact(object, "options", "without system versioning");
  }
  add_fact(object, "comment", column.comment);
  return object;
}

}  // namespace toolkit::mysql

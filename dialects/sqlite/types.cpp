#include "types.hpp"

#include <array>
#include <utility>

namespace toolkit::sqlite {

namespace {

using Entry = std::pair<std::string_view, std::string_view>;

/// Words without their arguments. `integer` and `real` alone: SQLite's own words, of any width.
constexpr std::array<Entry, 48> fixed = {{{"BOOLEAN", "boolean"},
                                          {"BOOL", "boolean"},
                                          {"TINYINT", "integer 16"},
                                          {"SMALLINT", "integer 16"},
                                          {"INT2", "integer 16"},
                                          {"MEDIUMINT", "integer 32"},
                                          {"INT", "integer 32"},
                                          {"INT4", "integer 32"},
                                          {"BIGINT", "integer 64"},
                                          {"INT8", "integer 64"},
                                          {"BIG INT", "integer 64"},
                                          {"UNSIGNED BIG INT", "integer 64 unsigned"},
                                          {"INTEGER", "integer"},
                                          {"REAL", "real"},
                                          {"FLOAT", "real"},
                                          {"FLOAT4", "real 32"},
                                          {"FLOAT8", "real 64"},
                                          {"DOUBLE", "real 64"},
                                          {"DOUBLE PRECISION", "real 64"},
                                          {"TEXT", "text"},
                                          {"TINYTEXT", "text"},
                                          {"MEDIUMTEXT", "text"},
                                          {"LONGTEXT", "text"},
                                          {"CLOB", "text"},
                                          {"VARCHAR", "text"},
                                          {"STRING", "text"},
                                          {"CHAR", "char 1"},
                                          {"CHARACTER", "char 1"},
                                          {"BLOB", "bytes"},
                                          {"TINYBLOB", "bytes"},
                                          {"MEDIUMBLOB", "bytes"},
                                          {"LONGBLOB", "bytes"},
                                          {"BYTEA", "bytes"},
                                          {"BINARY", "bytes"},
                                          {"VARBINARY", "bytes"},
                                          {"DATE", "date"},
                                          {"TIME", "time"},
                                          {"DATETIME", "timestamp"},
                                          {"TIMESTAMP", "timestamp"},
                                          {"TIMESTAMP WITHOUT TIME ZONE", "timestamp"},
                                          {"TIMESTAMPTZ", "timestamp utc"},
                                          {"TIMESTAMP WITH TIME ZONE", "timestamp utc"},
                                          {"INTERVAL", "interval"},
                                          {"JSON", "json"},
                                          {"JSONB", "json"},
                                          {"UUID", "uuid"},
                                          {"DECIMAL", "decimal"},
                                          {"NUMERIC", "decimal"}}};

/// Words whose length belongs to the class.
constexpr std::array<Entry, 11> sized = {{{"VARCHAR", "varchar"},
                                          {"CHARACTER VARYING", "varchar"},
                                          {"VARYING CHARACTER", "varchar"},
                                          {"NVARCHAR", "varchar"},
                                          {"VARCHAR2", "varchar"},
                                          {"CHAR", "char"},
                                          {"CHARACTER", "char"},
                                          {"NCHAR", "char"},
                                          {"NATIVE CHARACTER", "char"},
                                          {"DECIMAL", "decimal"},
                                          {"NUMERIC", "decimal"}}};

template <std::size_t Count>
std::string_view find(const std::array<Entry, Count>& entries, std::string_view word) {
  for (const auto& [name, logical] : entries) {
    if (name == word) {
      return logical;
    }
  }
  return {};
}

}  // namespace

std::string logical_type(std::string_view type) {
  if (type.empty()) {
    return "other any";
  }
  std::string_view base = type;
  constexpr std::string_view unsigned_word = " UNSIGNED";
  const bool is_unsigned = base.ends_with(unsigned_word);
  base.remove_suffix(is_unsigned ? unsigned_word.size() : 0);
  const std::size_t open = base.find('(');
  const std::size_t close = base.find(')');
  std::string_view size;
  std::string word(base.substr(0, open));
  if (open != std::string_view::npos && close != std::string_view::npos) {
    size = base.substr(open + 1, close - open - 1);
    word += base.substr(close + 1);
  }
  const std::string_view with_size = size.empty() ? std::string_view() : find(sized, word);
  const std::string_view without = find(fixed, word);
  if (!with_size.empty()) {
    const bool has_scale = with_size != "decimal" || size.find(',') != std::string_view::npos;
    return std::string(with_size) + " " + std::string(size) + (has_scale ? "" : ",0");
  }
  if (without.empty()) {
    return "other " + std::string(type);
  }
  return std::string(without) + (is_unsigned ? " unsigned" : "");
}

}  // namespace toolkit::sqlite

#include "catalog_types.hpp"

#include <array>
#include <utility>

namespace toolkit::postgresql {

namespace {

using Pair = std::pair<std::string_view, std::string_view>;

/// Types without a length, PostgreSQL manual "Data Types".
constexpr std::array<Pair, 20> plain_types = {{
    {"boolean", "boolean"},
    {"smallint", "integer 16"},
    {"integer", "integer 32"},
    {"bigint", "integer 64"},
    {"real", "real 32"},
    {"double precision", "real 64"},
    {"numeric", "decimal"},
    {"text", "text"},
    {"character varying", "text"},
    {"bpchar", "text"},
    {"bytea", "bytes"},
    {"date", "date"},
    {"time without time zone", "time"},
    {"time with time zone", "time"},
    {"timestamp without time zone", "timestamp"},
    {"timestamp with time zone", "timestamp utc"},
    {"interval", "interval"},
    {"json", "json"},
    {"jsonb", "json"},
    {"uuid", "uuid"},
}};

constexpr std::array<Pair, 3> sized_types = {{
    {"numeric", "decimal "},
    {"character varying", "varchar "},
    {"character", "char "},
}};

/// `time(3) without time zone` without its precision; the precision behind `(` in `size`.
std::string without_size(std::string_view type, std::string& size) {
  const std::size_t open = type.find('(');
  const std::size_t close = type.find(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
    return std::string(type);
  }
  size = type.substr(open + 1, close - open - 1);
  return std::string(type.substr(0, open)) + std::string(type.substr(close + 1));
}

}  // namespace

std::string logical_type(std::string_view type, bool is_enum) {
  if (type.ends_with("[]")) {
    return "array of " + logical_type(type.substr(0, type.size() - 2), is_enum);
  }
  if (is_enum) {
    return "enum";
  }
  std::string size;
  const std::string base = without_size(type, size);
  for (const auto& [native, logical] : sized_types) {
    if (base == native && !size.empty()) {
      return std::string(logical) + size;
    }
  }
  for (const auto& [native, logical] : plain_types) {
    if (base == native) {
      return std::string(logical);
    }
  }
  return base.starts_with("interval") ? "interval" : "other " + std::string(type);
}

}  // namespace toolkit::postgresql

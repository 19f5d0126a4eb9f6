#include <algorithm>
#include <array>
#include <cctype>

#include "catalog_names.hpp"
#include "names.hpp"
#include "render_parts.hpp"

namespace toolkit::postgresql {

namespace {

/// What pg_get_keywords() of 12 to 18 says is not unreserved, sorted.
constexpr std::array words = std::to_array<std::string_view>({"all",
                                                              "analyse",
                                                              "analyze",
                                                              "and",
                                                              "any",
                                                              "array",
                                                              "as",
                                                              "asc",
                                                              "asymmetric",
                                                              "authorization",
                                                              "between",
                                                              "bigint",
                                                              "binary",
                                                              "bit",
                                                              "boolean",
                                                              "both",
                                                              "case",
                                                              "cast",
                                                              "char",
                                                              "character",
                                                              "check",
                                                              "coalesce",
                                                              "collate",
                                                              "collation",
                                                              "column",
                                                              "concurrently",
                                                              "constraint",
                                                              "create",
                                                              "cross",
                                                              "current_catalog",
                                                              "current_date",
                                                              "current_role",
                                                              "current_schema",
                                                              "current_time",
                                                              "current_timestamp",
                                                              "current_user",
                                                              "dec",
                                                              "decimal",
                                                              "default",
                                                              "deferrable",
                                                              "desc",
                                                              "distinct",
                                                              "do",
                                                              "else",
                                                              "end",
                                                              "except",
                                                              "exists",
                                                              "extract",
                                                              "false",
                                                              "fetch",
                                                              "float",
                                                              "for",
                                                              "foreign",
                                                              "freeze",
                                                              "from",
                                                              "full",
                                                              "grant",
                                                              "greatest",
                                                              "group",
                                                              "grouping",
                                                              "having",
                                                              "ilike",
                                                              "in",
                                                              "initially",
                                                              "inner",
                                                              "inout",
                                                              "int",
                                                              "integer",
                                                              "intersect",
                                                              "interval",
                                                              "into",
                                                              "is",
                                                              "isnull",
                                                              "join",
                                                              "json",
                                                              "json_array",
                                                              "json_arrayagg",
                                                              "json_exists",
                                                              "json_object",
                                                              "json_objectagg",
                                                              "json_query",
                                                              "json_scalar",
                                                              "json_serialize",
                                                              "json_table",
                                                              "json_value",
                                                              "lateral",
                                                              "leading",
                                                              "least",
                                                              "left",
                                                              "like",
                                                              "limit",
                                                              "localtime",
                                                              "localtimestamp",
                                                              "merge_action",
                                                              "national",
                                                              "natural",
                                                              "nchar",
                                                              "none",
                                                              "normalize",
                                                              "not",
                                                              "notnull",
                                                              "null",
                                                              "nullif",
                                                              "numeric",
                                                              "offset",
                                                              "on",
                                                              "only",
                                                              "or",
                                                              "order",
                                                              "out",
                                                              "outer",
                                                              "overlaps",
                                                              "overlay",
                                                              "placing",
                                                              "position",
                                                              "precision",
                                                              "primary",
                                                              "real",
                                                              "references",
                                                              "returning",
                                                              "right",
                                                              "row",
                                                              "select",
                                                              "session_user",
                                                              "setof",
                                                              "similar",
                                                              "smallint",
                                                              "some",
                                                              "substring",
                                                              "symmetric",
                                                              "system_user",
                                                              "table",
                                                              "tablesample",
                                                              "then",
                                                              "time",
                                                              "timestamp",
                                                              "to",
                                                              "trailing",
                                                              "treat",
                                                              "trim",
                                                              "true",
                                                              "union",
                                                              "unique",
                                                              "user",
                                                              "using",
                                                              "values",
                                                              "varchar",
                                                              "variadic",
                                                              "verbose",
                                                              "when",
                                                              "where",
                                                              "window",
                                                              "with",
                                                              "xmlattributes",
                                                              "xmlconcat",
                                                              "xmlelement",
                                                              "xmlexists",
                                                              "xmlforest",
                                                              "xmlnamespaces",
                                                              "xmlparse",
                                                              "xmlpi",
                                                              "xmlroot",
                                                              "xmlserialize",
                                                              "xmltable"});
static_assert(std::is_sorted(words.begin(), words.end()));

bool needs_no_quotes(std::string_view name) {
  const auto is_small = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  return !name.empty() && is_small(name[0]) && std::all_of(name.begin(), name.end(), [&](char c) {
    return is_small(c) || (c >= '0' && c <= '9') || c == '$';
  }) && !std::binary_search(words.begin(), words.end(), name);
}

}  // namespace

std::string sql_name(std::string_view name) {
  return needs_no_quotes(name) ? std::string(name) : postgresql::quoted(name);
}

std::string sql_top_name(std::string_view name) {
  const TopName parts = split_top_name(name);
  return (parts.schema == "public" ? "" : sql_name(parts.schema) + ".") + sql_name(parts.name);
}

std::string sql_list(std::string_view list) {
  std::string all;
  for (const SpelledPart& part : split_list(list)) {
    all += (all.empty() ? "" : ", ") + (part.is_expression ? part.name : sql_name(part.name)) + part.rest;
  }
  return all;
}

bool has(const CatalogObject& object, std::string_view property) {
  return !object.property(property).empty();
}

std::string clause(const CatalogObject& object, std::string_view property, const std::string& before,
                   const std::string& after) {
  const std::string_view value = object.property(property);
  return value.empty() ? "" : before + std::string(value) + after;
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

void add_comment(const CatalogObject& object, const std::string& what, Statements& statements,
                 std::string_view property) {
  if (has(object, property)) {
    statements.push_back("COMMENT ON " + what + " IS " + literal(object.property(property)));
  }
}

}  // namespace toolkit::postgresql

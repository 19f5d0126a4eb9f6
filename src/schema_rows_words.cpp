#include "schema_rows_words.hpp"

#include <algorithm>
#include <array>

#include "toolkit/error.hpp"

namespace toolkit {

namespace {

// PostgreSQL: an unknown literal takes the type of its column; float8 has its shortest exact digits since 12
// (manual, "Floating-Point Types"). NaN and Infinity need quotes.
constexpr std::string_view postgresql_number =
    "CASE WHEN CAST(% AS TEXT) IN ('NaN', 'Infinity', '-Infinity') THEN quote_literal(CAST(% AS TEXT)) "
    "ELSE CAST(% AS TEXT) END";

// MySQL: QUOTE escapes what would end a text, and NUL; a FLOAT is shown with six digits, as DOUBLE with all.
// SQLite: quote() ends a text at its first NUL.
const std::array<RowWords, 3>& all_words() {
  static const std::array<RowWords, 3> words = {
      {{"postgresql",
        "quote_nullable(CAST(% AS TEXT))",
        postgresql_number,
        postgresql_number,
        "quote_nullable(CAST(% AS TEXT))",
        "quote_nullable(CAST(% AS TEXT))",
        {},
        {"SET DateStyle = 'ISO, MDY'", "SET TimeZone = 'UTC'", "SET IntervalStyle = 'postgres'",
         "SET extra_float_digits = 1", "SET bytea_output = 'hex'"},
        {},
        {},
        "",
        ""},
       {"mysql",
        "QUOTE(CAST(% AS CHAR))",
        "CAST(% AS CHAR)",
        "CAST(% + 0e0 AS CHAR)",
        "CONCAT('X''', HEX(%), '''')",
        "CAST(% + 0 AS CHAR)",
        {"geometry", "point", "linestring", "polygon", "multi", "geomcollection", "vector"},
        {"SET SESSION time_zone = '+00:00', NAMES utf8mb4"},
        {"SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00'"},
        {"SET SESSION sql_mode = 'NO_ENGINE_SUBSTITUTION', time_zone = DEFAULT"},
        "SELECT @@character_set_database, @@collation_database",
        "ALTER DATABASE CHARACTER SET % COLLATE &"},
       {"sqlite",
        "CASE WHEN typeof(%) = 'text' AND instr(%, char(0)) > 0 THEN 'CAST(X''' || hex(%) || ''' AS TEXT)' "
        "ELSE quote(%) END",
        "quote(%)",
        "quote(%)",
        "quote(%)",
        "quote(%)",
        {},
        {},
        {},
        {},
        "",
        ""}}};
  return words;
}

}  // namespace

const RowWords& row_words(const Traits& traits) {
  const auto& words = all_words();
  const auto* const found = std::find_if(
      words.begin(), words.end(), [&traits](const RowWords& each) { return each.family == traits.name; });
  if (found == words.end()) {
    throw Error(ErrorKind::internal, "no way to write rows of " + traits.name);
  }
  return *found;
}

DatabaseDefaults database_defaults(Connection& connection, const Traits& traits) {
  const std::string& query = row_words(traits).defaults_query;
  if (query.empty()) {
    return {};
  }
  const auto row = connection.query(query, {}, 2).at(0);
  return {row.at(0).value_or(""), row.at(1).value_or("")};
}

std::string defaults_statement(const DatabaseDefaults& defaults, const Traits& traits) {
  std::string statement;
  for (const char c :
       defaults.collation.empty() ? std::string_view() : row_words(traits).defaults_statement) {
    statement += c == '%' ? defaults.charset : c == '&' ? defaults.collation : std::string(1, c);
  }
  return statement;
}

void say_changed_defaults(Catalog& catalog, const DatabaseDefaults& first, const DatabaseDefaults& now) {
  if (now == first) {
    return;
  }
  const CatalogObject defaults = {
      "database", "defaults", {{"charset", now.charset}, {"collation", now.collation}}, {}};
  catalog.objects.insert(catalog.objects.begin(), std::make_shared<const CatalogObject>(defaults));
}

Catalog without_defaults(const Catalog& catalog, const DatabaseDefaults& defaults) {
  Catalog plain = catalog;
  for (auto& object : plain.objects) {
    if (object->kind != "table" || defaults.collation.empty() ||
        object->property("charset") != defaults.charset ||
        object->property("collation") != defaults.collation) {
      continue;
    }
    auto table = std::make_shared<CatalogObject>(*object);
    std::erase_if(table->properties, [](const Property& property) {
      return property.name == "charset" || property.name == "collation";
    });
    object = std::move(table);
  }
  return plain;
}

// Only PostgreSQL has such columns: identity always or by default, and serial ones. The largest number is
// what is there once the rows are.
std::string go_on_behind(const CatalogObject& column, const std::string& quoted_table,
                         const std::string& quoted_column, const std::string& name) {
  const std::string_view identity = column.property("identity");
  const bool counts = identity.starts_with("always") || identity.starts_with("by default") ||
                      column.property("default").starts_with("nextval(");
  if (!counts) {
    return {};
  }
  const auto literal = [](const std::string& text) {
    std::string quoted = "'";
    for (const char c : text) {
      quoted += c == '\'' ? std::string("''") : std::string(1, c);
    }
    return quoted + "'";
  };
  return "SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence(" + literal(quoted_table) + ", " +
         literal(name) + "), max(" + quoted_column + ")) FROM " + quoted_table;
}

}  // namespace toolkit

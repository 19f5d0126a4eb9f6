#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "schema_reader.hpp"
#include "toolkit/error.hpp"

namespace toolkit::sqlite {

namespace {

constexpr char separator = 30;

}  // namespace

// Indexes that a constraint made have no text.
const char* const joined_schema_sql =
    "SELECT CAST(count(*) AS TEXT), coalesce(group_concat(tbl_name, char(30)), ''), "
    "coalesce(group_concat(sql, char(30)), '') FROM main.sqlite_master WHERE sql IS NOT NULL";

// CAST: length() of a text counts characters.
const char* const exact_schema_sql =
    "SELECT coalesce(group_concat(length(CAST(type AS BLOB)) || ' ' || type || length(CAST(name AS BLOB)) || "
    "' ' || "
    "name || length(CAST(tbl_name AS BLOB)) || ' ' || tbl_name || length(CAST(sql AS BLOB)) || ' ' || sql, "
    "''), '') "
    "FROM main.sqlite_master WHERE sql IS NOT NULL";

std::vector<SchemaReader::Row> SchemaReader::exact_rows(std::string_view text) {
  std::vector<Row> rows;
  const auto take = [&text] {
    std::size_t size = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), size);
    const auto digits = static_cast<std::size_t>(end - text.data());
    if (failure != std::errc() || digits + 1 > text.size() || size > text.size() - digits - 1) {
      throw Error(ErrorKind::internal, "the text of the schema is cut off");
    }
    const std::string_view field = text.substr(digits + 1, size);
    text.remove_prefix(digits + 1 + size);
    return field;
  };
  while (!text.empty()) {
    Row row;
    row.type = take();
    row.name = take();
    row.table = take();
    row.sql = take();
    rows.push_back(row);
  }
  return rows;
}

// SQLite writes the first words of every text itself, so they tell its type.
std::vector<SchemaReader::Row> SchemaReader::joined_rows(std::string_view tables, std::string_view texts) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> types = {
      {{"CREATE TABLE ", "table"},
       {"CREATE VIRTUAL TABLE ", "table"},
       {"CREATE VIEW ", "view"},
       {"CREATE INDEX ", "index"},
       {"CREATE UNIQUE INDEX ", "index"},
       {"CREATE TRIGGER ", "trigger"}}};
  const auto take = [](std::string_view& joined) {
    const std::string_view field = joined.substr(0, joined.find(separator));
    joined.remove_prefix(std::min(field.size() + 1, joined.size()));
    return field;
  };
  std::vector<Row> rows;
  while (!texts.empty() && !tables.empty()) {
    Row row;
    row.table = take(tables);
    row.sql = take(texts);
    for (const auto& [words, type] : types) {
      row.type = row.sql.starts_with(words) ? type : row.type;
    }
    row.name = row.type == "table" || row.type == "view" ? row.table : std::string_view();
    if (row.type.empty()) {
      return {};
    }
    rows.push_back(row);
  }
  return rows;
}

std::optional<Catalog> SchemaReader::read_joined(std::size_t count, std::string_view tables,
                                                 std::string_view texts) {
  const auto fields = [](std::string_view joined) {
    return static_cast<std::size_t>(std::count(joined.begin(), joined.end(), separator)) + 1;
  };
  if (count > 0 && (fields(tables) != count || fields(texts) != count)) {
    return std::nullopt;
  }
  std::string text = std::string(tables) + separator + std::string(texts);
  const auto known =
      std::find_if(recent_.begin(), recent_.end(), [&](const Recent& recent) { return recent.text == text; });
  if (known != recent_.end()) {
    return known->catalog;
  }
  const std::vector<Row> rows = joined_rows(tables, texts);
  if (rows.size() != count) {
    return std::nullopt;
  }
  recent_.push_back({std::move(text), catalog_of(rows)});
  if (recent_.size() > most_recent) {
    recent_.pop_front();
  }
  return recent_.back().catalog;
}

Catalog SchemaReader::read_exact(const std::string& schema_text) {
  return catalog_of(exact_rows(schema_text));
}

}  // namespace toolkit::sqlite

#include "schema_rows.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>

#include "catalog_name.hpp"
#include "sample_values.hpp"
#include "schema_rows_words.hpp"
#include "toolkit/error.hpp"

namespace toolkit {

namespace {

/// A name that the catalog shows in double quotes, as PostgreSQL's names that need them.
std::string plain_name(std::string_view shown) {
  if (shown.size() < 2 || shown.front() != '"' || shown.back() != '"') {
    return std::string(shown);
  }
  std::string name;
  for (std::size_t i = 1; i + 1 < shown.size(); ++i) {
    name += shown[i];
    i += shown[i] == '"' ? 1 : 0;
  }
  return name;
}

std::string quoted(const Dialect& dialect, std::string_view shown) {
  return dialect.quote_identifier(plain_name(shown));
}

const CatalogObject* column_of(const CatalogObject& table, std::string_view name) {
  for (const CatalogObject& child : table.children) {
    if (child.kind == "column" && child.name == name) {
      return &child;
    }
  }
  return nullptr;
}

std::vector<std::size_t> places_of(const SavedRows& rows, const std::vector<std::string>& names) {
  std::vector<std::size_t> places;
  for (const std::string& name : names) {
    const auto found = std::find(rows.columns.begin(), rows.columns.end(), name);
    if (found != rows.columns.end()) {
      places.push_back(static_cast<std::size_t>(found - rows.columns.begin()));
    }
  }
  return places;
}

/// By value where both are whole numbers, else byte by byte.
bool comes_before(const std::string& a, const std::string& b) {
  std::int64_t left = 0;
  std::int64_t right = 0;
  const auto is_whole = [](const std::string& text, std::int64_t& value) {
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failure == std::errc() && end == text.data() + text.size();
  };
  return is_whole(a, left) && is_whole(b, right) ? left < right : a < b;
}

void sort_by(std::vector<std::vector<std::string>>& rows, const std::vector<std::size_t>& places) {
  std::sort(rows.begin(), rows.end(), [&places](const auto& a, const auto& b) {
    for (const std::size_t place : places) {
      if (a[place] != b[place]) {
        return comes_before(a[place], b[place]);
      }
    }
    return a < b;
  });
}

std::vector<std::string> values_at(const std::vector<std::string>& row,
                                   const std::vector<std::size_t>& places) {
  std::vector<std::string> values;
  values.reserve(places.size());
  for (const std::size_t place : places) {
    values.push_back(row[place]);
  }
  return values;
}

/// A foreign key of a table to itself.
struct OwnReference {
  std::vector<std::size_t> from;
  std::vector<std::size_t> to;
};

std::vector<OwnReference> own_references(const SavedRows& rows) {
  std::vector<OwnReference> references;
  for (const CatalogObject& child : rows.table->children) {
    if (child.kind == "foreign key") {
      const Reference reference = reference_of(child);
      if (reference.table == rows.table->name) {
        references.push_back(
            {places_of(rows, key_columns(child.property("columns"))), places_of(rows, reference.columns)});
      }
    }
  }
  return references;
}

/// Whether the rows that this one refers to are in `there`, or it refers to none or to itself.
bool is_ready(const std::vector<std::string>& row, const OwnReference& reference,
              const std::set<std::vector<std::string>>& there) {
  const std::vector<std::string> wanted = values_at(row, reference.from);
  return std::find(wanted.begin(), wanted.end(), "NULL") != wanted.end() || there.contains(wanted) ||
         wanted == values_at(row, reference.to);
}

void parents_first(SavedRows& rows, const std::vector<OwnReference>& references) {
  std::vector<std::vector<std::string>> waiting = std::move(rows.rows);
  std::vector<std::set<std::vector<std::string>>> there(references.size());
  rows.rows.clear();
  while (!waiting.empty()) {
    std::vector<std::vector<std::string>> later;
    for (std::vector<std::string>& row : waiting) {
      bool ready = true;
      for (std::size_t i = 0; i < references.size(); ++i) {
        ready = ready && is_ready(row, references[i], there[i]);
      }
      if (!ready) {
        later.push_back(std::move(row));
        continue;
      }
      for (std::size_t i = 0; i < references.size(); ++i) {
        there[i].insert(values_at(row, references[i].to));
      }
      rows.rows.push_back(std::move(row));
    }
    if (later.size() == waiting.size()) {
      throw Error(
          ErrorKind::usage,
          "rows of " + rows.table->name + " refer to each other in a circle, so no order inserts them",
          "leave the table out of --rows and write its rows by hand");
    }
    waiting = std::move(later);
  }
}

void refuse_foreign_parents(const CatalogObject& table, const std::set<std::string>& chosen) {
  for (const CatalogObject& child : table.children) {
    const std::string parent = child.kind == "foreign key" ? reference_of(child).table : "";
    if (!parent.empty() && !chosen.contains(parent)) {
      throw Error(ErrorKind::usage,
                  "the rows of " + table.name + " refer to rows of " + parent + ", which are not written",
                  "add --rows " + parent + ", or leave " + table.name + " out");
    }
  }
}

}  // namespace

std::string literal_expression(const CatalogObject& column, const std::string& quoted_name,
                               const Traits& traits) {
  const RowWords& words = row_words(traits);
  const std::string_view logical = column.property("logical");
  const std::string_view type = column.property("type");
  const auto begins = [](std::string_view text, std::string_view with) { return text.starts_with(with); };
  const bool is_raw = std::any_of(words.raw_types.begin(), words.raw_types.end(),
                                  [&](std::string_view each) { return begins(type, each); });
  const bool is_number = begins(logical, "integer") || begins(logical, "decimal") ||
                         begins(logical, "boolean") || begins(logical, "real");
  const std::string_view form = begins(logical, "bytes") || is_raw ? words.bytes
                                : begins(type, "bit")              ? words.bits
                                : begins(logical, "real 32")       ? words.short_real
                                : is_number                        ? words.number
                                                                   : words.text;
  std::string expression;
  for (const char c : form) {
    expression += c == '%' ? quoted_name : std::string(1, c);
  }
  return expression;
}

namespace {

// A colon in a name is a parameter to the library that runs our own queries.
void refuse_colons(const CatalogObject& table) {
  const bool has_colon =
      table.name.find(':') != std::string::npos ||
      std::any_of(table.children.begin(), table.children.end(), [](const CatalogObject& child) {
        return child.kind == "column" && child.name.find(':') != std::string::npos;
      });
  if (has_colon) {
    throw Error(ErrorKind::usage,
                "the rows of table " + table.name + " cannot be written: a name holds a colon",
                "leave it out of --rows and write its rows by hand");
  }
}

}  // namespace

std::vector<const CatalogObject*> tables_in_order(const Catalog& catalog,
                                                  const std::vector<std::string>& names) {
  const std::set<std::string> chosen(names.begin(), names.end());
  std::vector<const CatalogObject*> waiting;
  for (const std::string& name : chosen) {
    const CatalogObject* table = catalog.find("table", name);
    if (table == nullptr) {
      throw Error(ErrorKind::usage, "there is no table '" + name + "' whose rows could be written",
                  "--rows and [schema] rows name tables as the catalog does: lookup, or app.lookup");
    }
    refuse_colons(*table);
    refuse_foreign_parents(*table, chosen);
    waiting.push_back(table);
  }
  std::vector<const CatalogObject*> ordered;
  const auto is_done = [&ordered](const std::string& name) {
    return std::any_of(ordered.begin(), ordered.end(), [&](const auto* each) { return each->name == name; });
  };
  while (!waiting.empty()) {
    const auto next = std::find_if(waiting.begin(), waiting.end(), [&](const CatalogObject* table) {
      return std::all_of(table->children.begin(), table->children.end(), [&](const CatalogObject& child) {
        const std::string parent = child.kind == "foreign key" ? reference_of(child).table : "";
        return parent.empty() || parent == table->name || is_done(parent);
      });
    });
    if (next == waiting.end()) {
      throw Error(ErrorKind::usage,
                  "the tables " + waiting.front()->name + " and " + waiting.back()->name +
                      " refer to each other, so no order inserts their rows",
                  "leave them out of --rows and write their rows by hand");
    }
    ordered.push_back(*next);
    waiting.erase(next);
  }
  return ordered;
}

void sort_rows(SavedRows& rows) {
  std::vector<std::string> key = rows.columns;
  for (const CatalogObject& child : rows.table->children) {
    key = child.kind == "primary key" ? key_columns(child.property("columns")) : key;
  }
  sort_by(rows.rows, places_of(rows, key));
  if (const std::vector<OwnReference> references = own_references(rows); !references.empty()) {
    parents_first(rows, references);
  }
}

std::vector<std::string> insert_statements(const SavedRows& rows, const Dialect& dialect) {
  if (rows.rows.empty()) {
    return {};
  }
  const std::string table = quoted_table(dialect, rows.table->name);
  std::string columns;
  bool overrides = false;
  std::vector<std::string> behind;
  for (const std::string& name : rows.columns) {
    columns += (columns.empty() ? "" : ", ") + quoted(dialect, name);
    const CatalogObject& column = *column_of(*rows.table, name);
    overrides = overrides || column.property("identity").starts_with("always");
    if (const std::string next = go_on_behind(column, table, quoted(dialect, name), plain_name(name));
        !next.empty()) {
      behind.push_back(next);
    }
  }
  std::vector<std::string> statements;
  for (const std::vector<std::string>& row : rows.rows) {
    std::string values;
    for (const std::string& value : row) {
      values += (values.empty() ? "" : ", ") + value;
    }
    statements.push_back("INSERT INTO " + table + " (" + columns + ")" +
                         (overrides ? " OVERRIDING SYSTEM VALUE" : "") + " VALUES (" + values + ")");
  }
  statements.insert(statements.end(), behind.begin(), behind.end());
  return statements;
}

SavedRows read_rows(Connection& connection, const Dialect& dialect, const CatalogObject& table) {
  SavedRows saved;
  saved.table = &table;
  std::string expressions;
  for (const CatalogObject& child : table.children) {
    if (child.kind == "column" && child.property("generated").empty()) {
      saved.columns.push_back(child.name);
      expressions += (expressions.empty() ? "" : ", ") +
                     literal_expression(child, quoted(dialect, child.name), dialect.traits());
    }
  }
  for (const std::string& statement : row_words(dialect.traits()).before_reading) {
    connection.execute(statement);
  }
  const std::string sql = "SELECT " + expressions + " FROM " + quoted_table(dialect, table.name);
  for (const auto& row : connection.query(sql, {}, static_cast<int>(saved.columns.size()))) {
    std::vector<std::string> literals;
    literals.reserve(row.size());
    for (const std::optional<std::string>& value : row) {
      literals.push_back(value.value_or("NULL"));
    }
    saved.rows.push_back(std::move(literals));
  }
  sort_rows(saved);
  return saved;
}

}  // namespace toolkit

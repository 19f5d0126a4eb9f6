#include "parse_table.hpp"

#include <algorithm>

#include "parse_column.hpp"

namespace toolkit::sqlite {

namespace {

/// CREATE [TEMP] TABLE [IF NOT EXISTS] [schema.]name; nothing when it is something else.
std::optional<std::string> read_head(Cursor& cursor) {
  if (!cursor.take("CREATE")) {
    return std::nullopt;
  }
  if (!cursor.take("TEMP") && !cursor.take("TEMPORARY")) {
    cursor.take("VIRTUAL");
  }
  if (!cursor.take("TABLE")) {
    return std::nullopt;
  }
  if (cursor.take("IF", "NOT")) {
    cursor.take("EXISTS");
  }
  std::string name;
  cursor.take_name(name);
  if (cursor.take('.')) {
    cursor.take_name(name);
  }
  return cursor.has_failed() ? std::nullopt : std::optional(name);
}

/// The names of all columns, which expressions before them may use already.
ColumnNames names_of_columns(const CodeTokens& body) {
  ColumnNames names;
  std::size_t depth = 0;
  bool is_start = true;
  for (const CodeToken& token : body) {
    const bool is_symbol = token.kind == TokenKind::symbol;
    if (is_start && is_name(token)) {
      const std::string name = name_of(token);
      const std::string word = token.kind == TokenKind::word ? lower(name) : std::string();
      if (word == "constraint" || word == "primary" || word == "unique" || word == "check" ||
          word == "foreign") {
        break;
      }
      names.emplace(lower(name), name);
    }
    depth += is_symbol && token.text == "(" ? 1U : 0U;
    depth -= is_symbol && token.text == ")" && depth > 0 ? 1U : 0U;
    is_start = is_symbol && token.text == "," && depth == 0;
  }
  return names;
}

bool begins_table_constraint(const Cursor& cursor) {
  return cursor.is("CONSTRAINT") || cursor.is("PRIMARY") || cursor.is("UNIQUE") || cursor.is("CHECK") ||
         cursor.is("FOREIGN");
}

void read_body(Cursor& cursor, TableDraft& draft) {
  bool is_first = true;
  while (!cursor.has_failed() && (is_first || cursor.take(',')) && !begins_table_constraint(cursor)) {
    read_column(cursor, draft);
    is_first = false;
  }
  while (!cursor.has_failed() && !cursor.is_at_end()) {
    if (!cursor.take(',') && !read_constraint_name(cursor, draft)) {
      read_table_constraint(cursor, draft);
    }
  }
}

void read_options(Cursor& cursor, TableDraft& draft) {
  while (!cursor.has_failed() && !cursor.is_at_end()) {
    if (cursor.take("STRICT")) {
      draft.is_strict = true;
    } else if (cursor.take("WITHOUT", "ROWID")) {
      draft.without_rowid = true;
    } else if (!cursor.take(',')) {
      cursor.fail();
    }
  }
}

CatalogObject* find_column(CatalogObject& table, const std::string& name) {
  for (CatalogObject& child : table.children) {
    if (child.kind == "column" && child.name == name) {
      return &child;
    }
  }
  return nullptr;
}

void set_nullable(CatalogObject& column) {
  for (Property& property : column.properties) {
    property.value = property.name == "nullable" ? "no" : property.value;
  }
}

// A column that takes no NULL says so, whether or not its text does; a column that is the rowid too (manual,
// "ROWIDs and the INTEGER PRIMARY KEY", "WITHOUT ROWID", "STRICT").
void finish_primary_key(TableDraft& draft) {
  ParsedTable& table = draft.table;
  if (draft.without_rowid || draft.is_strict) {
    for (const std::string& name : table.primary_key) {
      if (CatalogObject* column = find_column(table.object, name)) {
        set_nullable(*column);
      }
    }
  }
  CatalogObject* column =
      table.primary_key.size() == 1 ? find_column(table.object, table.primary_key[0]) : nullptr;
  if (draft.without_rowid || !draft.has_plain_key || column == nullptr ||
      column->property("type") != "INTEGER") {
    return;
  }
  set_nullable(*column);
  std::size_t at = 0;
  while (at < column->properties.size() && column->properties[at].name != "auto-increment" &&
         column->properties[at].name != "generated" && column->properties[at].name != "collation") {
    ++at;
  }
  column->properties.insert(column->properties.begin() + static_cast<std::ptrdiff_t>(at),
                            {"identity", "rowid"});
  for (CatalogObject& child : table.object.children) {
    if (child.kind == "primary key") {
      child.properties.front().value = written(column->name);  // the rowid has one order
    }
  }
}

/// A column or an expression of an index or a key.
struct IndexedColumn {
  CodeTokens expression;
  std::string collation;
  bool is_descending = false;
};

/// COLLATE name, where nothing but an order follows it: else it is a part of the expression.
bool takes_collation(Cursor& cursor, std::string& collation) {
  Cursor ahead = cursor;
  std::string name;
  if (!ahead.take("COLLATE") || !ahead.take_name(name) ||
      !(ahead.is_at_end() || ahead.is(',') || ahead.is("ASC") || ahead.is("DESC"))) {
    return false;
  }
  collation = name;
  cursor = ahead;
  return true;
}

IndexedColumn read_indexed_column(Cursor& cursor, const CodeTokens& tokens) {
  IndexedColumn column;
  const std::size_t begin = cursor.place();
  std::size_t end = begin;
  while (!cursor.has_failed() && !cursor.is_at_end() && !cursor.is(',')) {
    // A column may have the name desc.
    if (end > begin && (takes_collation(cursor, column.collation) || cursor.take("ASC"))) {
      continue;
    }
    if (end > begin && cursor.take("DESC")) {
      column.is_descending = true;
      continue;
    }
    if (cursor.is('(')) {
      cursor.take_parentheses();
    } else {
      cursor.advance();
    }
    end = cursor.place();
  }
  if (!cursor.has_failed()) {
    column.expression.assign(tokens.begin() + static_cast<std::ptrdiff_t>(begin),
                             tokens.begin() + static_cast<std::ptrdiff_t>(end));
  }
  return column;
}

std::string collation_of(const CatalogObject& table, const std::string& name) {
  for (const CatalogObject& child : table.children) {
    if (child.kind == "column" && child.name == name && !child.property("collation").empty()) {
      return std::string(child.property("collation"));
    }
  }
  return "BINARY";
}

std::string indexed_column(const IndexedColumn& column, const CatalogObject& table,
                           const ColumnNames& names) {
  const std::string normal = normal_expression(column.expression, names);
  const CodeTokens tokens = code_tokens(normal);  // (a) is the column a
  const bool is_column =
      tokens.size() == 1 && (is_name(tokens.front()) || is_name(column.expression.front()));
  std::string text = "(" + normal + ")";
  std::string own_collation = "BINARY";
  if (is_column) {
    const std::string name =
        name_of(is_name(column.expression.front()) ? column.expression.front() : tokens.front());
    const auto found = names.find(lower(name));
    text = written(found == names.end() ? name : found->second);
    own_collation = found == names.end() ? own_collation : collation_of(table, found->second);
  }
  if (!column.collation.empty() && normal_collation(column.collation) != own_collation) {
    text += " collate " + written(normal_collation(column.collation));
  }
  return text + (column.is_descending ? " desc" : "");
}

}  // namespace

std::string indexed_columns(const CodeTokens& tokens, const CatalogObject& table, const ColumnNames& names,
                            Cursor& outer) {
  Cursor cursor(tokens);
  std::string list;
  do {
    const IndexedColumn column = read_indexed_column(cursor, tokens);
    if (column.expression.empty() || cursor.has_failed()) {
      outer.fail();
      return {};
    }
    list += (list.empty() ? "" : ", ") + indexed_column(column, table, names);
  } while (cursor.take(','));
  return list;
}

// SQLite writes the first words itself (sqlite3VtabFinishParse).
bool is_virtual_table(std::string_view sql) { return sql.starts_with("CREATE VIRTUAL TABLE "); }

std::optional<CatalogObject> parse_virtual_table(std::string_view sql) {
  const CodeTokens tokens = code_tokens(sql);
  Cursor cursor(tokens);
  const std::optional<std::string> name = read_head(cursor);
  if (!name || !cursor.take("USING") || cursor.is_at_end()) {
    return std::nullopt;
  }
  // The arguments are the module's own language: byte for byte.
  std::string_view rest = sql.substr(cursor.here().begin);
  rest = rest.substr(0, tokens.back().end() - cursor.here().begin);
  return CatalogObject{"table", *name, {{"options", "using " + std::string(rest)}}, {}};
}

std::optional<ParsedTable> parse_table(std::string_view sql) {
  const CodeTokens tokens = code_tokens(sql);
  Cursor cursor(tokens);
  const std::optional<std::string> name = read_head(cursor);
  if (!name || !cursor.is('(')) {
    return std::nullopt;
  }
  const CodeTokens body = cursor.take_parentheses();
  TableDraft draft;
  draft.table.object.kind = "table";
  draft.table.object.name = *name;
  draft.table.columns = names_of_columns(body);
  read_options(cursor, draft);
  Cursor inner(body);
  read_body(inner, draft);
  if (cursor.has_failed() || inner.has_failed() || draft.table.object.children.empty()) {
    return std::nullopt;
  }
  add_fact(draft.table.object, "strict", draft.is_strict ? "yes" : "");
  add_fact(draft.table.object, "without-rowid", draft.without_rowid ? "yes" : "");
  finish_primary_key(draft);
  return std::move(draft.table);
}

}  // namespace toolkit::sqlite

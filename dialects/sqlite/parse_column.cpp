#include "parse_column.hpp"

#include <array>

#include "types.hpp"

namespace toolkit::sqlite {

namespace {

constexpr std::array<std::string_view, 11> constraint_words = {
    "CONSTRAINT", "PRIMARY", "NOT",        "NULL", "UNIQUE",    "CHECK",
    "DEFAULT",    "COLLATE", "REFERENCES", "AS",   "DEFERRABLE"};

bool begins_constraint(const Cursor& cursor) {
  if (cursor.is("GENERATED")) {
    return cursor.is("ALWAYS", 1);
  }
  for (const std::string_view word : constraint_words) {
    if (cursor.is(word)) {
      return true;
    }
  }
  return false;
}

/// What a column says while it is read; its facts then get the order of the vocabulary.
struct ColumnDraft {
  std::string name;
  std::string type;
  bool not_null = false;
  std::string not_null_conflict;
  std::string default_value;
  bool auto_increment = false;
  std::string generated;
  std::string collation;
};

std::string upper_word(const CodeToken& token) {
  std::string text(token.text);
  if (token.kind == TokenKind::word) {
    for (char& c : text) {
      c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  return text;
}

std::string read_type(Cursor& cursor) {
  std::string type;
  while (!cursor.is_at_end() && is_name(cursor.here()) && !begins_constraint(cursor)) {
    type += (type.empty() ? "" : " ") + upper_word(cursor.here());
    cursor.advance();
  }
  if (!type.empty() && cursor.is('(')) {
    type += '(';
    for (const CodeToken& token : cursor.take_parentheses()) {
      type += upper_word(token);
    }
    type += ')';
  }
  return type;
}

CodeTokens read_default_tokens(Cursor& cursor) {
  if (cursor.is('(')) {
    return cursor.take_parentheses();
  }
  CodeTokens tokens;
  while (cursor.is('+') || cursor.is('-')) {
    tokens.push_back(cursor.here());
    cursor.advance();
  }
  if (cursor.is_at_end()) {
    cursor.fail();
  } else {
    tokens.push_back(cursor.here());
    cursor.advance();
  }
  return tokens;
}

void read_generated(Cursor& cursor, const TableDraft& draft, ColumnDraft& column) {
  if (!cursor.is('(')) {
    cursor.fail();
    return;
  }
  const std::string expression = normal_expression(cursor.take_parentheses(), draft.table.columns);
  const bool is_stored = cursor.take("STORED");
  if (!is_stored) {
    cursor.take("VIRTUAL");
  }
  column.generated = std::string(is_stored ? "stored (" : "virtual (") + expression + ")";
}

void read_primary_key(Cursor& cursor, TableDraft& draft, ColumnDraft& column) {
  const bool is_descending = cursor.take("DESC");
  if (!is_descending) {
    cursor.take("ASC");
  }
  const std::string conflict = read_conflict(cursor);
  column.auto_increment = cursor.take("AUTOINCREMENT");
  draft.table.primary_key = {column.name};
  draft.has_plain_key = !is_descending;
  add_constraint(
      draft, "primary key",
      {{"columns", written(column.name) + (is_descending ? " desc" : "")}, {"on-conflict", conflict}});
}

void read_not_null(Cursor& cursor, TableDraft& draft, ColumnDraft& column) {
  column.not_null = true;
  column.not_null_conflict = read_conflict(cursor);
  draft.has_constraint_name = false;  // the name of a NOT NULL has no effect
  draft.constraint_name.clear();
}

bool read_column_constraint(Cursor& cursor, TableDraft& draft, ColumnDraft& column) {
  if (read_constraint_name(cursor, draft) || read_deferrable(cursor, draft)) {
    return true;
  }
  if (cursor.take("PRIMARY", "KEY")) {
    read_primary_key(cursor, draft, column);
  } else if (cursor.take("NOT", "NULL")) {
    read_not_null(cursor, draft, column);
  } else if (cursor.take("NULL")) {
    read_conflict(cursor);
  } else if (cursor.take("UNIQUE")) {
    add_constraint(draft, "unique",
                   {{"columns", written(column.name)}, {"on-conflict", read_conflict(cursor)}});
  } else if (cursor.take("CHECK")) {
    add_constraint(draft, "check",
                   {{"expression", normal_expression(cursor.take_parentheses(), draft.table.columns)}});
  } else if (cursor.take("DEFAULT")) {
    column.default_value = normal_default(read_default_tokens(cursor), draft.table.columns);
  } else if (cursor.take("COLLATE")) {
    std::string collation;
    cursor.take_name(collation);
    column.collation = normal_collation(collation) == "BINARY" ? "" : normal_collation(collation);
  } else if (cursor.take("REFERENCES")) {
    read_reference(cursor, draft, written(column.name));
  } else if (cursor.take("GENERATED", "ALWAYS") ? cursor.take("AS") : cursor.take("AS")) {
    read_generated(cursor, draft, column);
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::string normal_collation(std::string_view name) {
  const std::string small = lower(name);
  return small == "binary"   ? "BINARY"
         : small == "nocase" ? "NOCASE"
         : small == "rtrim"  ? "RTRIM"
                             : std::string(name);
}

void read_column(Cursor& cursor, TableDraft& draft) {
  ColumnDraft column;
  if (!cursor.take_name(column.name)) {
    return;
  }
  column.type = read_type(cursor);
  const std::size_t at = draft.table.object.children.size();
  draft.table.object.children.push_back({"column", column.name, {}, {}});
  while (!cursor.has_failed() && !cursor.is_at_end() && !cursor.is(',')) {
    // A constraint of the table may follow without a comma.
    if (!begins_constraint(cursor) || !read_column_constraint(cursor, draft, column)) {
      break;
    }
  }
  CatalogObject& object = draft.table.object.children[at];
  add_fact(object, "type", column.type);
  add_fact(object, "logical", logical_type(column.type));
  add_fact(object, "nullable", column.not_null ? "no" : "yes");
  add_fact(object, "on-conflict", column.not_null_conflict);
  add_fact(object, "default", column.default_value);
  add_fact(object, "auto-increment", column.auto_increment ? "yes" : "");
  add_fact(object, "generated", column.generated);
  add_fact(object, "collation", column.collation);
}

}  // namespace toolkit::sqlite

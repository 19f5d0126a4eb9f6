#include "parse_column.hpp"

namespace toolkit::sqlite {

namespace {

void set_fact(CatalogObject& object, const std::string& name, const std::string& value) {
  std::erase_if(object.properties, [&name](const Property& each) { return each.name == name; });
  add_fact(object, name, value);
}

std::string action_of(Cursor& cursor) {
  if (cursor.take("SET", "NULL")) {
    return "set null";
  }
  if (cursor.take("SET", "DEFAULT")) {
    return "set default";
  }
  if (cursor.take("CASCADE")) {
    return "cascade";
  }
  if (cursor.take("RESTRICT")) {
    return "restrict";
  }
  if (!cursor.take("NO", "ACTION")) {
    cursor.fail();
  }
  return {};
}

std::string column_list(const CodeTokens& tokens, const ColumnNames* own, Cursor& outer) {
  Cursor cursor(tokens);
  std::string list;
  std::string name;
  do {
    if (!cursor.take_name(name)) {
      break;
    }
    const auto found = own == nullptr ? ColumnNames::const_iterator() : own->find(lower(name));
    list +=
        (list.empty() ? "" : ", ") + written(own == nullptr || found == own->end() ? name : found->second);
  } while (cursor.take(','));
  if (cursor.has_failed() || !cursor.is_at_end()) {
    outer.fail();
  }
  return list;
}

void read_key(Cursor& cursor, TableDraft& draft, bool is_primary) {
  if (!cursor.is('(')) {
    cursor.fail();
    return;
  }
  CodeTokens tokens = cursor.take_parentheses();
  // PRIMARY KEY (id AUTOINCREMENT) is taken by SQLite as well.
  if (is_primary && !tokens.empty() && lower(tokens.back().text) == "autoincrement") {
    tokens.pop_back();
    for (CatalogObject& child : draft.table.object.children) {
      if (child.kind == "column" && !tokens.empty() && lower(child.name) == lower(name_of(tokens.front()))) {
        add_fact(child, "auto-increment", "yes");
      }
    }
  }
  const std::string columns = indexed_columns(tokens, draft.table.object, draft.table.columns, cursor);
  if (is_primary) {
    Cursor names(tokens);
    std::string name;
    while (!names.is_at_end() && names.take_name(name)) {
      const auto found = draft.table.columns.find(lower(name));
      draft.table.primary_key.push_back(found == draft.table.columns.end() ? name : found->second);
      while (!names.is_at_end() && !names.take(',')) {
        names.advance();
      }
    }
  }
  add_constraint(draft, is_primary ? "primary key" : "unique",
                 {{"columns", columns}, {"on-conflict", read_conflict(cursor)}});
}

}  // namespace

void add_fact(CatalogObject& object, std::string name, std::string value) {
  if (!value.empty()) {
    object.properties.push_back({std::move(name), std::move(value)});
  }
}

CatalogObject& add_constraint(TableDraft& draft, std::string kind, std::vector<Property> facts) {
  CatalogObject object;
  object.kind = std::move(kind);
  object.name = draft.constraint_name;
  for (Property& fact : facts) {
    add_fact(object, std::move(fact.name), std::move(fact.value));
  }
  add_fact(object, "name-origin", draft.has_constraint_name ? "" : "generated");
  draft.constraint_name.clear();
  draft.has_constraint_name = false;
  draft.table.object.children.push_back(std::move(object));
  return draft.table.object.children.back();
}

bool read_constraint_name(Cursor& cursor, TableDraft& draft) {
  if (!cursor.take("CONSTRAINT")) {
    return false;
  }
  draft.has_constraint_name = cursor.take_name(draft.constraint_name);
  return true;
}

std::string read_conflict(Cursor& cursor) {
  if (!cursor.take("ON", "CONFLICT")) {
    return {};
  }
  for (const char* word : {"ROLLBACK", "FAIL", "IGNORE", "REPLACE"}) {
    if (cursor.take(word)) {
      return lower(word);
    }
  }
  if (!cursor.take("ABORT")) {
    cursor.fail();
  }
  return {};
}

// Only DEFERRABLE INITIALLY DEFERRED defers; every other form is immediate (manual, "Foreign Key
// Support", 4.2).
bool read_deferrable(Cursor& cursor, TableDraft& draft) {
  const bool is_not = cursor.take("NOT", "DEFERRABLE");
  if (!is_not && !cursor.take("DEFERRABLE")) {
    return false;
  }
  bool is_deferred = false;
  if (cursor.take("INITIALLY")) {
    is_deferred = cursor.take("DEFERRED");
    if (!is_deferred && !cursor.take("IMMEDIATE")) {
      cursor.fail();
    }
  }
  if (draft.last_foreign_key != 0) {
    set_fact(draft.table.object.children[draft.last_foreign_key], "deferrable",
             is_deferred && !is_not ? "initially deferred" : "");
  }
  return true;
}

void read_reference(Cursor& cursor, TableDraft& draft, const std::string& columns) {
  std::string parent;
  if (!cursor.take_name(parent)) {
    return;
  }
  std::string references = written(parent);
  const bool names_columns = cursor.is('(');
  if (names_columns) {
    references += " (" + column_list(cursor.take_parentheses(), nullptr, cursor) + ")";
  }
  std::string on_update;
  std::string on_delete;
  std::string match;
  while (!cursor.has_failed()) {
    if (cursor.take("ON", "DELETE")) {
      on_delete = action_of(cursor);
    } else if (cursor.take("ON", "UPDATE")) {
      on_update = action_of(cursor);
    } else if (cursor.is("MATCH")) {
      cursor.advance();
      cursor.take_name(match);
      match = lower(match) == "simple" ? "" : lower(match);
    } else {
      break;
    }
  }
  if (!names_columns) {
    draft.table.open_references.emplace_back(draft.table.object.children.size(), parent);
  }
  draft.last_foreign_key = draft.table.object.children.size();
  add_constraint(draft, "foreign key",
                 {{"columns", columns},
                  {"references", references},
                  {"on-update", on_update},
                  {"on-delete", on_delete},
                  {"match", match}});
}

void read_table_constraint(Cursor& cursor, TableDraft& draft) {
  if (cursor.take("PRIMARY", "KEY")) {
    read_key(cursor, draft, true);
  } else if (cursor.take("UNIQUE")) {
    read_key(cursor, draft, false);
  } else if (cursor.take("CHECK")) {
    const std::string expression = normal_expression(cursor.take_parentheses(), draft.table.columns);
    read_conflict(cursor);  // parsed by SQLite, and ignored
    add_constraint(draft, "check", {{"expression", expression}});
  } else if (cursor.take("FOREIGN", "KEY")) {
    const std::string columns = column_list(cursor.take_parentheses(), &draft.table.columns, cursor);
    if (!cursor.take("REFERENCES")) {
      cursor.fail();
    } else {
      read_reference(cursor, draft, columns);
    }
  } else if (!read_deferrable(cursor, draft)) {
    cursor.fail();
  }
}

}  // namespace toolkit::sqlite

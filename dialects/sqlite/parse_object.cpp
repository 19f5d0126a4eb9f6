#include "parse_object.hpp"

#include "parse_column.hpp"

namespace toolkit::sqlite {

namespace {

/// [IF NOT EXISTS] [schema.]name
std::string read_name(Cursor& cursor) {
  if (cursor.take("IF", "NOT")) {
    cursor.take("EXISTS");
  }
  std::string name;
  cursor.take_name(name);
  if (cursor.take('.')) {
    cursor.take_name(name);
  }
  return name;
}

std::string events_of(Cursor& cursor) {
  if (cursor.take("INSERT")) {
    return "insert";
  }
  if (cursor.take("DELETE")) {
    return "delete";
  }
  if (!cursor.take("UPDATE")) {
    cursor.fail();
    return {};
  }
  std::string events = "update";
  if (cursor.take("OF")) {
    events += " of ";
    std::string column;
    bool is_first = true;
    do {
      cursor.take_name(column);
      events += (is_first ? "" : ", ") + written(column);
      is_first = false;
    } while (cursor.take(',') && !cursor.has_failed());
  }
  return events;
}

std::string timing_of(Cursor& cursor) {
  if (cursor.take("INSTEAD", "OF")) {
    return "instead of";
  }
  if (cursor.take("AFTER")) {
    return "after";
  }
  cursor.take("BEFORE");
  return "before";
}

/// From a token to the end of the last one, as it was written.
std::string rest_of(std::string_view sql, const CodeTokens& tokens, const Cursor& cursor,
                    const NameScope& scope) {
  const std::size_t begin = cursor.here().begin;
  return with_plain_names(sql.substr(begin, tokens.back().end() - begin), scope);
}

}  // namespace

std::optional<CatalogObject> parse_index(std::string_view sql, const ParsedTable& table) {
  const CodeTokens tokens = code_tokens(sql);
  Cursor cursor(tokens);
  cursor.take("CREATE");
  const bool is_unique = cursor.take("UNIQUE");
  if (!cursor.take("INDEX")) {
    return std::nullopt;
  }
  CatalogObject index = {"index", read_name(cursor), {}, {}};
  std::string table_name;
  if (!cursor.take("ON") || !cursor.take_name(table_name) || !cursor.is('(')) {
    return std::nullopt;
  }
  const CodeTokens columns = cursor.take_parentheses();
  add_fact(index, "columns", indexed_columns(columns, table.object, table.columns, cursor));
  add_fact(index, "unique", is_unique ? "yes" : "");
  if (cursor.take("WHERE")) {
    const CodeTokens where(tokens.begin() + static_cast<std::ptrdiff_t>(cursor.place()), tokens.end());
    add_fact(index, "where", normal_expression(where, table.columns));
  } else if (!cursor.is_at_end()) {
    cursor.fail();
  }
  return cursor.has_failed() ? std::nullopt : std::optional(std::move(index));
}

std::optional<CatalogObject> parse_view(std::string_view sql, const NameScope& scope) {
  const CodeTokens tokens = code_tokens(sql);
  Cursor cursor(tokens);
  if (!cursor.take("CREATE") || !cursor.take("VIEW")) {
    return std::nullopt;
  }
  CatalogObject view = {"view", read_name(cursor), {}, {}};
  std::string columns;
  if (cursor.is('(')) {
    for (const CodeToken& token : cursor.take_parentheses()) {
      columns += token.text == "," ? ", " : written(name_of(token));
    }
    columns = "(" + columns + ")";
  }
  if (!cursor.take("AS") || cursor.has_failed() || cursor.is_at_end()) {
    return std::nullopt;
  }
  add_fact(view, "definition", rest_of(sql, tokens, cursor, scope));
  add_fact(view, "options", columns);
  return view;
}

std::optional<CatalogObject> parse_trigger(std::string_view sql, const NameScope& scope) {
  const CodeTokens tokens = code_tokens(sql);
  Cursor cursor(tokens);
  if (!cursor.take("CREATE") || !cursor.take("TRIGGER")) {
    return std::nullopt;
  }
  CatalogObject trigger = {"trigger", read_name(cursor), {}, {}};
  add_fact(trigger, "timing", timing_of(cursor));
  add_fact(trigger, "events", events_of(cursor));
  std::string table;
  if (!cursor.take("ON") || !cursor.take_name(table)) {
    return std::nullopt;
  }
  if (cursor.take("FOR", "EACH") && !cursor.take("ROW")) {
    return std::nullopt;
  }
  add_fact(trigger, "level", "row");
  if (cursor.take("WHEN")) {
    CodeTokens when;
    for (; !cursor.is_at_end() && !cursor.is("BEGIN"); cursor.advance()) {
      when.push_back(cursor.here());
    }
    add_fact(trigger, "when", normal_expression(when, {{"new", "NEW"}, {"old", "OLD"}}));
  }
  if (cursor.has_failed() || !cursor.is("BEGIN")) {
    return std::nullopt;
  }
  add_fact(trigger, "body", rest_of(sql, tokens, cursor, scope));
  return trigger;
}

}  // namespace toolkit::sqlite

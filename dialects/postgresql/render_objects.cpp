#include <algorithm>

#include "catalog_names.hpp"
#include "names.hpp"
#include "render_parts.hpp"

// Everything at the top but tables.

namespace toolkit::postgresql {

namespace {

std::string text_of(const CatalogObject& object, std::string_view property) {
  return std::string(object.property(property));
}

/// A dollar quote that does not stand in the body.
std::string dollar_quoted(const std::string& body) {
  std::string tag = "$$";
  for (int n = 1; body.find(tag.substr(0, tag.size() - 1)) != std::string::npos; ++n) {
    tag = "$body" + (n == 1 ? std::string() : std::to_string(n)) + "$";
  }
  return tag + body + tag;
}

/// `search_path="$user", public` as SET wants it: lists are kept quoted, other values are one text.
std::string setting(const std::string& line) {
  constexpr const char* lists[] = {"local_preload_libraries",   "search_path",
                                   "session_preload_libraries", "shared_preload_libraries",
                                   "temp_tablespaces",          "unix_socket_directories"};
  const std::size_t at = line.find('=');
  const std::string name = line.substr(0, at);
  const std::string value = line.substr(at + 1);
  const bool is_list = std::find(std::begin(lists), std::end(lists), name) != std::end(lists);
  const std::string written = value == "\"\"" || value.empty() ? "''" : is_list ? value : literal(value);
  return "\nSET " + name + " TO " + written;
}

std::string settings_of(const CatalogObject& routine) {
  std::string all;
  std::string lines = text_of(routine, "set");
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    all += setting(lines.substr(0, end));
    lines.erase(0, end == std::string::npos ? end : end + 1);
  }
  return all;
}

std::string body_of(const CatalogObject& routine) {
  if (has(routine, "sql-body")) {
    return "\n" + text_of(routine, "sql-body");
  }
  const std::string body = text_of(routine, "body");
  if (has(routine, "library")) {
    return "\nAS " + literal(text_of(routine, "library")) + ", " + literal(body);
  }
  return "\nAS " + dollar_quoted(body);
}

/// The name as CREATE takes it: the identity arguments stay out.
std::string routine_name(const CatalogObject& routine) { return sql_top_name(routine.name); }

/// `name(types)`, for COMMENT and GRANT.
std::string routine_identity(std::string_view name) {
  std::size_t at = 0;
  while (at < name.size() && name[at] != '(') {
    at = name[at] == '"' ? name.find('"', at + 1) : at;
    at = at == std::string_view::npos ? name.size() : at + 1;
  }
  return sql_top_name(name.substr(0, at)) + std::string(name.substr(at));
}

std::string routine_word(const CatalogObject& routine) {
  const std::string_view kind = routine.property("kind");
  return kind == "procedure" ? "PROCEDURE" : kind == "aggregate" ? "AGGREGATE" : "FUNCTION";
}

/// An aggregate without arguments is written with a star.
std::string aggregate_arguments(const std::string& arguments) { return arguments.empty() ? "*" : arguments; }

std::string sequence_clauses(const CatalogObject& sequence) {
  return clause(sequence, "type", " AS ") + clause(sequence, "increment", " INCREMENT BY ") +
         clause(sequence, "minimum", " MINVALUE ") + clause(sequence, "maximum", " MAXVALUE ") +
         clause(sequence, "start", " START WITH ") + clause(sequence, "cache", " CACHE ") +
         (has(sequence, "cycle") ? " CYCLE" : "");
}

}  // namespace

void make_schema(const CatalogObject& schema, Statements& statements) {
  const std::string name = sql_name(split_top_name(schema.name).name);
  if (schema.name == "public") {  // it is there, with a comment
    statements.push_back("COMMENT ON SCHEMA public IS NULL");
  } else {
    statements.push_back("CREATE SCHEMA " + name);
  }
  add_comment(schema, "SCHEMA " + name, statements);
}

void make_extension(const CatalogObject& extension, Statements& statements) {
  const std::string schema = text_of(extension, "schema");
  statements.push_back(
      "CREATE EXTENSION " + sql_name(split_top_name(extension.name).name) +
      (schema.empty() || schema == "pg_catalog" ? "" : " SCHEMA " + sql_name(split_top_name(schema).name)));
}

void make_enum(const CatalogObject& type, Statements& statements) {
  const std::string name = sql_top_name(type.name);
  statements.push_back("CREATE TYPE " + name + " AS ENUM (" + text_of(type, "labels") + ")");
  add_comment(type, "TYPE " + name, statements);
}

void make_domain(const CatalogObject& domain, Statements& statements) {
  const std::string name = sql_top_name(domain.name);
  std::string text = "CREATE DOMAIN " + name + " AS " + text_of(domain, "type") +
                     clause(domain, "collation", " COLLATE ") + clause(domain, "default", " DEFAULT ") +
                     (domain.property("nullable") == "no" ? " NOT NULL" : "");
  Statements later;
  for (const CatalogObject& check : domain.children) {
    if (has(check, "not-valid")) {
      later.push_back("ALTER DOMAIN " + name + " ADD " + constraint_text(check));
    } else {
      text += "\n  " + constraint_text(check);
    }
    add_comment(check, "CONSTRAINT " + sql_name(check.name) + " ON DOMAIN " + name, later);
  }
  statements.push_back(text);
  statements.insert(statements.end(), later.begin(), later.end());
  add_comment(domain, "DOMAIN " + name, statements);
}

void make_type(const CatalogObject& type, Statements& statements) {
  const std::string name = sql_top_name(type.name);
  if (has(type, "range")) {
    statements.push_back("CREATE TYPE " + name + " AS RANGE (" + text_of(type, "range") + ")");
  } else {
    std::string columns;
    for (const CatalogObject& column : type.children) {
      columns += (columns.empty() ? "\n  " : ",\n  ") + sql_name(column.name) + " " +
                 text_of(column, "type") + clause(column, "collation", " COLLATE ");
    }
    statements.push_back("CREATE TYPE " + name + " AS (" + columns + (columns.empty() ? ")" : "\n)"));
  }
  add_comment(type, "TYPE " + name, statements);
}

void make_sequence(const CatalogObject& sequence, Statements& statements) {
  const std::string name = sql_top_name(sequence.name);
  statements.push_back(std::string("CREATE ") + (has(sequence, "unlogged") ? "UNLOGGED " : "") + "SEQUENCE " +
                       name + sequence_clauses(sequence));
  add_comment(sequence, "SEQUENCE " + name, statements);
}

void make_routine(const CatalogObject& routine, Statements& statements) {
  const std::string word = routine_word(routine);
  const std::string arguments = text_of(routine, "arguments");
  std::string text = "CREATE " + word + " " + routine_name(routine);
  if (word == "AGGREGATE") {
    text += "(" + aggregate_arguments(arguments) + ") (" + text_of(routine, "body") +
            clause(routine, "parallel", ", parallel = ") + ")";
    statements.push_back(text);
    const std::string identity = routine_identity(routine.name);
    add_comment(routine, "AGGREGATE " + (arguments.empty() ? routine_name(routine) + "(*)" : identity),
                statements);
    return;
  }
  text += "(" + arguments + ")" + (word == "FUNCTION" ? clause(routine, "returns", "\nRETURNS ") : "") +
          "\nLANGUAGE " + sql_name(routine.property("language"));
  text += routine.property("kind") == "window function" ? " WINDOW" : "";
  text += upper(clause(routine, "volatility", " ")) + (has(routine, "strict") ? " STRICT" : "") +
          (has(routine, "security") ? " SECURITY DEFINER" : "") +
          (has(routine, "leakproof") ? " LEAKPROOF" : "") + upper(clause(routine, "parallel", " PARALLEL ")) +
          clause(routine, "cost", " COST ") + clause(routine, "rows", " ROWS ") +
          clause(routine, "support", " SUPPORT ");
  statements.push_back(text + settings_of(routine) + body_of(routine));
  add_comment(routine, word + " " + routine_identity(routine.name), statements);
}

void make_view(const CatalogObject& view, Statements& statements) {
  const bool is_materialized = has(view, "materialized");
  const std::string word = is_materialized ? "MATERIALIZED VIEW " : "VIEW ";
  const std::string name = sql_top_name(view.name);
  std::string options = text_of(view, "options");
  options += view.property("security") == "invoker"
                 ? std::string(options.empty() ? "" : ", ") + "security_invoker=true"
                 : "";
  const std::string check = upper(clause(view, "check-option", "\n  WITH ", " CHECK OPTION"));
  statements.push_back("CREATE " + word + name + clause(view, "access-method", " USING ") +
                       (options.empty() ? "" : " WITH (" + options + ")") + " AS\n" +
                       text_of(view, "definition") + check);
  add_comment(view, word + name, statements);
  for (const CatalogObject& column : view.children) {
    if (column.kind == "column" && has(column, "default")) {
      statements.push_back("ALTER VIEW " + name + " ALTER COLUMN " + sql_name(column.name) + " SET DEFAULT " +
                           text_of(column, "default"));
    }
  }
}

/// `role on table apps column id`: what it is on says the object behind ON, and the column stands behind the
/// privileges.
void add_grant(const CatalogObject& grant, Statements& statements) {
  const std::string on = text_of(grant, "on");
  const std::string kind = on.substr(0, on.find(' '));
  std::string name = on.substr(kind.size() + 1);
  const std::string role = text_of(grant, "to");
  std::string column;
  if (const std::size_t at = name.rfind(" column "); at != std::string::npos && kind != "routine") {
    column = " (" + sql_list(name.substr(at + 8)) + ")";
    name.erase(at);
  }
  const std::string word = kind == "enum" || kind == "domain" ? "TYPE"
                           : kind == "view"                   ? "TABLE"
                                                              : upper(kind);
  const std::string object = word + " " + (kind == "routine" ? routine_identity(name) : sql_top_name(name));
  std::string plain;
  std::string with_option;
  for (SpelledPart& part : split_list(text_of(grant, "privileges"))) {
    std::string privilege = part.name + part.rest;
    const std::size_t at = privilege.find(" with grant option");
    std::string& list = at == std::string::npos ? plain : with_option;
    list += (list.empty() ? "" : ", ") + upper(privilege.substr(0, at)) + column;
  }
  // Rights that PUBLIC has from the start are taken, so that what is listed is all there is.
  if (role == "public") {
    statements.push_back("REVOKE ALL ON " + object + " FROM PUBLIC");
    plain = plain == "NONE" ? "" : plain;
  }
  const std::string to = " ON " + object + " TO " + (role == "public" ? "PUBLIC" : role);
  if (!plain.empty()) {
    statements.push_back("GRANT " + plain + to);
  }
  if (!with_option.empty()) {
    statements.push_back("GRANT " + with_option + to + " WITH GRANT OPTION");
  }
}

}  // namespace toolkit::postgresql

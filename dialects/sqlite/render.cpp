#include "render.hpp"

#include "expression.hpp"
#include "schema_tokens.hpp"
#include "toolkit/error.hpp"

namespace toolkit::sqlite {

namespace {

std::string fact(const CatalogObject& object, std::string_view name, std::string_view words) {
  const std::string_view value = object.property(name);
  return value.empty() ? std::string() : " " + std::string(words) + std::string(value);
}

std::string capitals(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return result;
}

std::string conflict_of(const CatalogObject& object) {
  const std::string_view word = object.property("on-conflict");
  return word.empty() ? std::string() : " ON CONFLICT " + capitals(word);
}

std::string constraint_name(const CatalogObject& constraint) {
  return constraint.property("name-origin") == "generated" ? std::string()
                                                           : "CONSTRAINT " + written(constraint.name) + " ";
}

/// INTEGER PRIMARY KEY is the rowid; with DESC behind the column, and only there, it is not (manual, "ROWIDs
/// and the INTEGER PRIMARY KEY"). Both are written with the column.
const CatalogObject* key_of_column(const CatalogObject& table, const CatalogObject& column) {
  for (const CatalogObject& child : table.children) {
    const std::string name = written(column.name);
    const bool is_it = child.kind == "primary key" &&
                       (child.property("columns") == name || child.property("columns") == name + " desc");
    const bool is_rowid = column.property("identity") == "rowid";
    const bool is_other = column.property("type") == "INTEGER" && table.property("without-rowid").empty();
    if (is_it && (is_rowid || is_other)) {
      return &child;
    }
  }
  return nullptr;
}

std::string default_of(const CatalogObject& column) {
  const std::string value(column.property("default"));
  if (value.empty()) {
    return {};
  }
  return is_plain_default(value) ? " DEFAULT " + value : " DEFAULT (" + value + ")";
}

std::string generated_of(const CatalogObject& column) {
  const std::string value(column.property("generated"));
  if (value.empty()) {
    return {};
  }
  const bool is_stored = value.starts_with("stored ");
  return " GENERATED ALWAYS AS " + value.substr(value.find('(')) + (is_stored ? " STORED" : " VIRTUAL");
}

std::string column_text(const CatalogObject& table, const CatalogObject& column) {
  std::string text = written(column.name) + fact(column, "type", "");
  if (column.property("nullable") == "no") {
    text += " NOT NULL" + conflict_of(column);
  }
  text += default_of(column) + fact(column, "collation", "COLLATE ") + generated_of(column);
  if (const CatalogObject* key = key_of_column(table, column)) {
    const bool is_descending = key->property("columns").ends_with(" desc");
    text += " " + constraint_name(*key) + "PRIMARY KEY" + (is_descending ? " DESC" : "") + conflict_of(*key) +
            (column.property("auto-increment").empty() ? "" : " AUTOINCREMENT");
  }
  return text;
}

std::string constraint_text(const CatalogObject& constraint) {
  std::string text = constraint_name(constraint);
  const std::string columns = " (" + std::string(constraint.property("columns")) + ")";
  if (constraint.kind == "primary key") {
    return text + "PRIMARY KEY" + columns + conflict_of(constraint);
  }
  if (constraint.kind == "unique") {
    return text + "UNIQUE" + columns + conflict_of(constraint);
  }
  if (constraint.kind == "check") {
    return text + "CHECK (" + std::string(constraint.property("expression")) + ")";
  }
  text += "FOREIGN KEY" + columns + fact(constraint, "references", "REFERENCES ");
  for (const auto& [name, words] : {std::pair("on-update", " ON UPDATE "),
                                    {"on-delete", " ON DELETE "},
                                    {"match", " MATCH "},
                                    {"deferrable", " DEFERRABLE "}}) {
    const std::string_view value = constraint.property(name);
    text += value.empty() ? "" : words + capitals(value);
  }
  return text;
}

bool is_constraint(const CatalogObject& child) {
  return child.kind == "primary key" || child.kind == "unique" || child.kind == "foreign key" ||
         child.kind == "check";
}

std::string table_text(const CatalogObject& table) {
  if (!table.property("options").empty()) {
    return "CREATE VIRTUAL TABLE " + written(table.name) + fact(table, "options", "");
  }
  std::string body;
  const CatalogObject* written_key = nullptr;
  for (const CatalogObject& child : table.children) {
    if (child.kind == "column") {
      body += (body.empty() ? "  " : ",\n  ") + column_text(table, child);
      const CatalogObject* key = key_of_column(table, child);
      written_key = key != nullptr ? key : written_key;
    }
  }
  for (const CatalogObject& child : table.children) {
    if (is_constraint(child) && &child != written_key) {
      body += ",\n  " + constraint_text(child);
    }
  }
  const bool is_strict = !table.property("strict").empty();
  const bool without_rowid = !table.property("without-rowid").empty();
  return "CREATE TABLE " + written(table.name) + " (\n" + body + "\n)" + (is_strict ? " STRICT" : "") +
         (is_strict && without_rowid ? "," : "") + (without_rowid ? " WITHOUT ROWID" : "");
}

std::string index_text(const CatalogObject& table, const CatalogObject& index) {
  return std::string("CREATE ") + (index.property("unique").empty() ? "" : "UNIQUE ") + "INDEX " +
         written(index.name) + " ON " + written(table.name) + " (" + std::string(index.property("columns")) +
         ")" + fact(index, "where", "WHERE ");
}

std::string trigger_text(const CatalogObject& table, const CatalogObject& trigger) {
  std::string events(trigger.property("events"));
  const std::size_t list = events.find(" of ");
  events = list == std::string::npos ? capitals(events) : "UPDATE OF " + events.substr(list + 4);
  const std::string when(trigger.property("when"));
  return "CREATE TRIGGER " + written(trigger.name) + " " + capitals(trigger.property("timing")) + " " +
         events + " ON " + written(table.name) + " FOR EACH ROW" + (when.empty() ? "" : "\nWHEN " + when) +
         "\n" + std::string(trigger.property("body"));
}

std::string view_text(const CatalogObject& view) {
  return "CREATE VIEW " + written(view.name) + fact(view, "options", "") + " AS\n" +
         std::string(view.property("definition"));
}

}  // namespace

// SQLite looks at what a view or a foreign key names only when it is used; a trigger needs its own table or
// view.
std::vector<std::string> render(const Catalog& catalog) {
  std::vector<std::string> statements;
  std::vector<std::string> triggers;
  for (const bool is_virtual : {false, true}) {
    for (const auto& object : catalog.objects) {
      const bool is_table = object->kind == "table";
      if (!is_table && object->kind != "view") {
        throw Error(ErrorKind::server, "SQLite has no " + object->kind + " (" + object->name + ")");
      }
      if (!is_table || object->property("options").empty() == is_virtual) {
        continue;
      }
      statements.push_back(table_text(*object));
      for (const CatalogObject& child : object->children) {
        if (child.kind == "index") {
          statements.push_back(index_text(*object, child));
        }
      }
    }
  }
  for (const auto& object : catalog.objects) {
    if (object->kind == "view") {
      statements.push_back(view_text(*object));
    }
    for (const CatalogObject& child : object->children) {
      if (child.kind == "trigger") {
        triggers.push_back(trigger_text(*object, child));
      }
    }
  }
  statements.insert(statements.end(), triggers.begin(), triggers.end());
  return statements;
}

}  // namespace toolkit::sqlite

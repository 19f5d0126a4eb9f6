#include <string>

#include "catalog_column.hpp"
#include "history_sql.hpp"
#include "render_parts.hpp"

namespace toolkit::mysql {

namespace {

std::string capitals(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  return upper;
}

std::string fact(const CatalogObject& object, std::string_view property, const std::string& before) {
  const std::string_view value = object.property(property);
  return value.empty() ? std::string() : before + std::string(value);
}

// Behind the name at `at`, which is moved along: a word, or what stands between backquotes.
std::string take_name(std::string_view text, std::size_t& at) {
  const std::size_t start = at;
  if (text[at] != '`') {
    at = std::min(text.find_first_of("(, .", at), text.size());
    return mysql::quoted(text.substr(start, at - start));
  }
  for (++at; at < text.size(); ++at) {
    if (text[at] == '`' && (at + 1 == text.size() || text[at + 1] != '`')) {
      break;
    }
    at += text[at] == '`' ? 1 : 0;
  }
  ++at;
  return std::string(text.substr(start, at - start));
}

// Behind the parenthesis that closes the one at `at`; strings and names between may hold others.
std::size_t behind_parentheses(std::string_view text, std::size_t at) {
  int depth = 0;
  char quote = '\0';
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quote != '\0') {
      at += c == '\\' && quote != '`' ? 1 : 0;
      quote = c == quote ? '\0' : quote;
      continue;
    }
    quote = c == '\'' || c == '"' || c == '`' ? c : '\0';
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (depth == 0) {
      return at + 1;
    }
  }
  return text.size();
}

std::string generated(const CatalogObject& column) {
  const std::string value(column.property("generated"));
  if (value.empty()) {
    return {};
  }
  if (value.starts_with("row ")) {
    return " GENERATED ALWAYS AS " + capitals(value);
  }
  const std::size_t open = value.find('(');
  return " GENERATED ALWAYS AS " + value.substr(open) + " " + capitals(value.substr(0, open - 1));
}

std::string column_check(const CatalogObject& column, const CatalogObject& table) {
  for (const CatalogObject& child : table.children) {
    if (child.kind == "check" && child.property("column") == column.name) {
      return " CHECK (" + std::string(child.property("expression")) + ")";
    }
  }
  return {};
}

std::string check_line(const CatalogObject& check) {
  return "CONSTRAINT " + mysql::quoted(check.name) + " CHECK (" + std::string(check.property("expression")) +
         ")" + (check.property("not-enforced").empty() ? "" : " NOT ENFORCED");
}

// The period that belongs to columns which name its start and end.
std::string system_period(const CatalogObject& table) {
  std::string start;
  std::string end;
  for (const CatalogObject& child : table.children) {
    start = child.property("generated") == "row start" ? mysql::quoted(child.name) : start;
    end = child.property("generated") == "row end" ? mysql::quoted(child.name) : end;
  }
  return start.empty() ? std::string() : "PERIOD FOR SYSTEM_TIME (" + start + ", " + end + ")";
}

std::string table_options(const CatalogObject& table) {
  constexpr std::string_view versioning = "system_versioning";
  std::string options(table.property("options"));
  const bool is_versioned = options.starts_with(versioning);
  if (is_versioned) {
    options.erase(0, versioning.size());
  }
  return fact(table, "engine", " ENGINE=") + fact(table, "charset", " DEFAULT CHARSET=") +
         fact(table, "collation", " COLLATE=") + fact(table, "row-format", " ROW_FORMAT=") +
         (options.empty() || options.front() == ' ' ? options : " " + options) + rendered_comment(table) +
         (is_versioned ? " WITH SYSTEM VERSIONING" : "");
}

}  // namespace

std::string rendered_columns(std::string_view columns) {
  std::string result;
  for (std::size_t at = 0; at < columns.size();) {
    result += result.empty() ? "" : ", ";
    if (columns[at] == '(') {
      const std::size_t end = behind_parentheses(columns, at);
      result += columns.substr(at, end - at);
      at = end;
    } else {
      result += take_name(columns, at);
    }
    const std::size_t end = std::min(columns.find(", ", at), columns.size());
    result += capitals(columns.substr(at, end - at));
    at = end + 2;
  }
  return result;
}

std::string rendered_reference(std::string_view references) {
  std::size_t at = 0;
  std::string result = take_name(references, at);
  if (at < references.size() && references[at] == '.') {
    result += "." + take_name(references, ++at);
  }
  return result + " (" + rendered_columns(references.substr(at + 2, references.size() - at - 3)) + ")";
}

std::string rendered_comment(const CatalogObject& object) {
  const std::string_view comment = object.property("comment");
  return comment.empty() ? std::string() : " COMMENT " + literal(comment);
}

std::string rendered_column(const CatalogObject& column, const CatalogObject& table, bool is_mariadb) {
  const std::string made = generated(column);
  const bool is_nullable = column.property("nullable") == "yes";
  const bool says_null = made.empty() || (!is_nullable && !made.ends_with("START") && !made.ends_with("END"));
  const std::string versioning = column.property("options").empty() ? "" : " WITHOUT SYSTEM VERSIONING";
  return mysql::quoted(column.name) + " " + std::string(column.property("type")) +
         fact(column, "srid", is_mariadb ? " REF_SYSTEM_ID=" : " SRID ") +
         fact(column, "charset", " CHARACTER SET ") + fact(column, "collation", " COLLATE ") + made +
         (says_null ? (is_nullable ? " NULL" : " NOT NULL") : "") +
         (column.property("auto-increment").empty() ? "" : " AUTO_INCREMENT") +
         (column.property("invisible").empty() ? "" : " INVISIBLE") + fact(column, "default", " DEFAULT ") +
         fact(column, "on-update", " ON UPDATE ") + versioning + rendered_comment(column) +
         column_check(column, table);
}

std::string rendered_index(const CatalogObject& index, bool is_mariadb) {
  const std::string method(index.property("method"));
  const bool is_class = method == "fulltext" || method == "spatial" || method == "vector";
  std::string text = index.kind == "unique" ? "UNIQUE KEY " : is_class ? capitals(method) + " KEY " : "KEY ";
  text = index.kind == "primary key" ? "PRIMARY KEY" : text + mysql::quoted(index.name);
  text += " (" + rendered_columns(index.property("columns")) + ")";
  text += method.empty() || is_class ? "" : " USING " + capitals(method);
  const std::string options(index.property("options"));
  text += options.starts_with("parser ") ? " WITH PARSER " + mysql::quoted(options.substr(7))
          : options.empty()              ? ""
                                         : " " + options;
  text += rendered_comment(index);
  return text + (index.property("invisible").empty() ? "" : is_mariadb ? " IGNORED" : " INVISIBLE");
}

std::string rendered_table(const CatalogObject& table, bool is_mariadb) {
  std::string lines;
  const auto add = [&lines](const std::string& line) {
    lines += (lines.empty() ? "\n  " : line.empty() ? "" : ",\n  ") + line;
  };
  for (const CatalogObject& child : table.children) {
    if (child.kind == "column") {
      add(rendered_column(child, table, is_mariadb));
    } else if (child.kind == "primary key" || child.kind == "unique" || child.kind == "index") {
      add(rendered_index(child, is_mariadb));
    } else if (child.kind == "check" && child.property("column").empty()) {
      add(check_line(child));
    }
  }
  add(system_period(table));
  return "CREATE TABLE " + mysql::quoted(table.name) + " (" + lines + "\n)" + table_options(table) +
         rendered_partitions(table);
}

std::string rendered_foreign_keys(const CatalogObject& table) {
  std::string lines;
  for (const CatalogObject& child : table.children) {
    if (child.kind == "foreign key") {
      lines += (lines.empty() ? "\n  ADD CONSTRAINT " : ",\n  ADD CONSTRAINT ") + mysql::quoted(child.name) +
               " FOREIGN KEY (" + rendered_columns(child.property("columns")) + ") REFERENCES " +
               rendered_reference(child.property("references")) +
               capitals(fact(child, "on-delete", " on delete ") + fact(child, "on-update", " on update "));
    }
  }
  return lines.empty() ? lines : "ALTER TABLE " + mysql::quoted(table.name) + lines;
}

std::string rendered_partitions(const CatalogObject& table) {
  const std::string_view by = table.property("partitioned-by");
  if (by.empty()) {
    return {};
  }
  std::string list;
  for (const CatalogObject& child : table.children) {
    if (child.kind != "partition") {
      continue;
    }
    std::string parts;
    for (const CatalogObject& part : child.children) {
      parts += (parts.empty() ? " (SUBPARTITION " : ", SUBPARTITION ") + mysql::quoted(part.name);
    }
    list += (list.empty() ? "\n  PARTITION " : ",\n  PARTITION ") + mysql::quoted(child.name) +
            fact(child, "values", " VALUES ") + rendered_comment(child) + parts + (parts.empty() ? "" : ")");
  }
  return "\nPARTITION BY " + std::string(by) + " (" + list + "\n)";
}

}  // namespace toolkit::mysql

#include "render_parts.hpp"

#include <algorithm>

#include "catalog_names.hpp"

// What follows when all tables and views stand.

namespace toolkit::postgresql {

namespace {

std::string text_of(const CatalogObject& object, std::string_view property) {
  return std::string(object.property(property));
}

std::string relation_word(const CatalogObject& object) {
  return object.kind == "table" ? "TABLE " : has(object, "materialized") ? "MATERIALIZED VIEW " : "VIEW ";
}

bool is_relation(const CatalogObject& object) { return object.kind == "table" || object.kind == "view"; }

/// An index is made in its table's schema.
std::string beside(const CatalogObject& object, const std::string& name) {
  const std::string schema = split_top_name(object.name).schema;
  return (schema == "public" ? "" : sql_name(schema) + ".") + sql_name(name);
}

std::string index_text(const CatalogObject& object, const CatalogObject& index) {
  // An index on a partitioned table that is invalid has parts that are missing: it is made for the table
  // alone.
  const bool only = has(index, "invalid") && has(object, "partitioned-by");
  return std::string("CREATE ") + (has(index, "unique") ? "UNIQUE " : "") + "INDEX " + sql_name(index.name) +
         " ON " + (only ? "ONLY " : "") + sql_top_name(object.name) + clause(index, "method", " USING ") +
         " (" + sql_list(index.property("columns")) + ")" +
         (has(index, "include") ? " INCLUDE (" + sql_list(index.property("include")) + ")" : "") +
         (has(index, "nulls") ? " NULLS NOT DISTINCT" : "") + clause(index, "options", " WITH (", ")") +
         clause(index, "where", " WHERE ");
}

std::string trigger_text(const CatalogObject& object, const CatalogObject& trigger) {
  std::string events = text_of(trigger, "events");
  std::string text = std::string("CREATE ") + (has(trigger, "constraint") ? "CONSTRAINT " : "") + "TRIGGER " +
                     sql_name(trigger.name) + " " + upper(text_of(trigger, "timing")) + " " + events +
                     " ON " + sql_top_name(object.name) + clause(trigger, "from", " FROM ");
  text += has(trigger, "deferrable") ? " DEFERRABLE " + upper(text_of(trigger, "deferrable")) : "";
  return text + clause(trigger, "transition-tables", " REFERENCING ") + " FOR EACH " +
         upper(text_of(trigger, "level")) + clause(trigger, "when", " WHEN (", ")") + " " +
         text_of(trigger, "body");
}

std::string policy_text(const CatalogObject& object, const CatalogObject& policy) {
  return "CREATE POLICY " + sql_name(policy.name) + " ON " + sql_top_name(object.name) +
         (has(policy, "permissive") ? " AS RESTRICTIVE" : "") + upper(clause(policy, "command", " FOR ")) +
         clause(policy, "roles", " TO ") + clause(policy, "using", " USING (", ")") +
         clause(policy, "check", " WITH CHECK (", ")");
}

/// `ENABLE ALWAYS TRIGGER t`
void set_enabled(const CatalogObject& object, const CatalogObject& part, const std::string& word,
                 Statements& statements) {
  if (has(part, "disabled")) {
    const std::string how = text_of(part, "disabled");
    statements.push_back("ALTER TABLE " + sql_top_name(object.name) +
                         (how == "yes" ? " DISABLE " : " ENABLE " + upper(how) + " ") + word + " " +
                         sql_name(part.name));
  }
}

void add_row_security(const CatalogObject& table, Statements& statements) {
  const std::string_view how = table.property("row-security");
  const std::string alter = "ALTER TABLE " + sql_top_name(table.name);
  if (how == "enabled" || how == "forced") {
    statements.push_back(alter + " ENABLE ROW LEVEL SECURITY");
  }
  if (how.starts_with("forced")) {
    statements.push_back(alter + " FORCE ROW LEVEL SECURITY");
  }
}

void add_replica_identity(const CatalogObject& table, Statements& statements) {
  const std::string how = text_of(table, "replica-identity");
  if (!how.empty()) {
    const bool by_index = how.starts_with("index ");
    statements.push_back("ALTER TABLE " + sql_top_name(table.name) + " REPLICA IDENTITY " +
                         (by_index ? "USING INDEX " + sql_list(how.substr(6)) : upper(how)));
  }
}

}  // namespace

void add_indexes(const CatalogObject& object, Statements& statements) {
  for (const CatalogObject& child : object.children) {
    if (child.kind == "index") {
      statements.push_back(index_text(object, child));
    }
    if (has(child, "clustered")) {
      statements.push_back("ALTER " + relation_word(object) + sql_top_name(object.name) + " CLUSTER ON " +
                           sql_name(child.name));
    }
  }
}

void add_foreign_keys(const CatalogObject& table, Statements& statements) {
  for (const CatalogObject& child : table.children) {
    if (child.kind == "foreign key") {
      statements.push_back("ALTER TABLE " + sql_top_name(table.name) + " ADD " + constraint_text(child));
    }
  }
}

void add_behaviour(const CatalogObject& object, Statements& statements) {
  if (!is_relation(object)) {
    return;
  }
  for (const CatalogObject& child : object.children) {
    if (child.kind == "trigger") {
      statements.push_back(trigger_text(object, child));
      set_enabled(object, child, "TRIGGER", statements);
    } else if (child.kind == "rule") {
      statements.push_back(text_of(child, "definition"));
      set_enabled(object, child, "RULE", statements);
    } else if (child.kind == "policy") {
      statements.push_back(policy_text(object, child));
    } else if (child.kind == "statistics") {
      statements.push_back(text_of(child, "definition"));
      if (has(child, "target")) {
        statements.push_back("ALTER STATISTICS " + sql_top_name(child.name) + " SET STATISTICS " +
                             text_of(child, "target"));
      }
    }
  }
  add_row_security(object, statements);
  add_replica_identity(object, statements);
}

void add_comments(const CatalogObject& object, Statements& statements) {
  if (!is_relation(object) && object.kind != "type") {
    return;
  }
  const std::string name = sql_top_name(object.name);
  for (const CatalogObject& child : object.children) {
    const std::string on = sql_name(child.name) + " ON " + name;
    if (child.kind == "column") {
      add_comment(child, "COLUMN " + name + "." + sql_name(child.name), statements);
    } else if (child.kind == "index") {
      add_comment(child, "INDEX " + beside(object, child.name), statements);
    } else if (child.kind == "trigger" || child.kind == "policy" || child.kind == "rule") {
      add_comment(child, upper(child.kind) + " " + on, statements);
    } else if (child.kind == "statistics") {
      add_comment(child, "STATISTICS " + sql_top_name(child.name), statements);
    } else {
      add_comment(child, "CONSTRAINT " + on, statements);
      add_comment(child, "INDEX " + beside(object, child.name), statements, "index-comment");
    }
  }
}

}  // namespace toolkit::postgresql

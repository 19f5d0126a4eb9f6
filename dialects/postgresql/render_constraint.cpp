#include "catalog_names.hpp"
#include "render_parts.hpp"

// Constraints of tables and domains.

namespace toolkit::postgresql {

namespace {

std::string text_of(const CatalogObject& object, std::string_view property) {
  return std::string(object.property(property));
}

std::string deferrable_text(const CatalogObject& constraint) {
  return has(constraint, "deferrable") ? " DEFERRABLE " + upper(text_of(constraint, "deferrable")) : "";
}

/// `a, valid_at without overlaps`; `a, valid_at period` of a foreign key is `a, PERIOD valid_at`.
std::string key_columns(std::string_view list) {
  std::string all;
  for (const SpelledPart& part : split_list(list)) {
    const bool is_period = part.rest == " period";
    all += (all.empty() ? "" : ", ") + std::string(is_period ? "PERIOD " : "") + sql_name(part.name) +
           (is_period ? "" : upper(part.rest));
  }
  return all;
}

std::string options_text(const CatalogObject& object) { return clause(object, "options", " WITH (", ")"); }

std::string key_text(const CatalogObject& key) {
  return std::string(key.kind == "unique" ? "UNIQUE" : "PRIMARY KEY") +
         (has(key, "nulls") ? " NULLS NOT DISTINCT" : "") + " (" + key_columns(key.property("columns")) +
         ")" + (has(key, "include") ? " INCLUDE (" + sql_list(key.property("include")) + ")" : "") +
         options_text(key) + deferrable_text(key);
}

/// `set null (a, b)` -> `SET NULL (a, b)`
std::string action_text(const std::string& value) {
  const std::size_t at = value.find(" (");
  return upper(value.substr(0, at)) +
         (at == std::string::npos ? "" : " (" + sql_list(value.substr(at + 2, value.size() - at - 3)) + ")");
}

std::string foreign_key_text(const CatalogObject& key) {
  const std::string references = text_of(key, "references");
  const std::size_t at = references.rfind(" (");
  std::string text = "FOREIGN KEY (" + key_columns(key.property("columns")) + ") REFERENCES " +
                     sql_top_name(references.substr(0, at)) + " (" +
                     key_columns(references.substr(at + 2, references.size() - at - 3)) + ")";
  text += has(key, "match") ? " MATCH FULL" : "";
  text += has(key, "on-update") ? " ON UPDATE " + action_text(text_of(key, "on-update")) : "";
  text += has(key, "on-delete") ? " ON DELETE " + action_text(text_of(key, "on-delete")) : "";
  return text + deferrable_text(key) + (has(key, "not-enforced") ? " NOT ENFORCED" : "") +
         (has(key, "not-valid") ? " NOT VALID" : "");
}

}  // namespace

std::string constraint_text(const CatalogObject& constraint) {
  std::string text = "CONSTRAINT " + sql_name(constraint.name) + " ";
  if (constraint.kind == "foreign key") {
    return text + foreign_key_text(constraint);
  }
  if (constraint.kind == "exclusion") {
    return text + text_of(constraint, "definition");
  }
  if (constraint.kind != "check") {
    return text + key_text(constraint);
  }
  return text + "CHECK (" + text_of(constraint, "expression") + ")" +
         (has(constraint, "no-inherit") ? " NO INHERIT" : "") +
         (has(constraint, "not-enforced") ? " NOT ENFORCED" : "") +
         (has(constraint, "not-valid") ? " NOT VALID" : "");
}

}  // namespace toolkit::postgresql

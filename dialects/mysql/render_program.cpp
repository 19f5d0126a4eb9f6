#include <string>

#include "catalog_expression.hpp"
#include "history_sql.hpp"
#include "render_parts.hpp"

namespace toolkit::mysql {

namespace {

std::string words_of(const CatalogObject& object, std::string_view property, const std::string& before) {
  const std::string_view value = object.property(property);
  return value.empty() ? std::string() : before + std::string(value);
}

std::string security(const CatalogObject& object) {
  return object.property("security") == "invoker" ? "SQL SECURITY INVOKER" : "";
}

}  // namespace

std::string rendered_definer(const CatalogObject& object) {
  const std::string definer(object.property("definer"));
  const std::size_t at = definer.rfind('@');
  if (definer.empty()) {
    return {};
  }
  const bool has_host = at != std::string::npos && at + 1 < definer.size();
  return "DEFINER=" + mysql::quoted(definer.substr(0, at)) +
         (has_host ? "@" + mysql::quoted(definer.substr(at + 1)) : "") + " ";
}

std::string rendered_sequence(const CatalogObject& sequence) {
  const std::string type(sequence.property("type"));
  return "CREATE SEQUENCE " + mysql::quoted(sequence.name) + (type == "bigint" ? "" : " AS " + type) +
         words_of(sequence, "start", " START WITH ") + words_of(sequence, "increment", " INCREMENT BY ") +
         words_of(sequence, "minimum", " MINVALUE ") + words_of(sequence, "maximum", " MAXVALUE ") +
         (sequence.property("cache") == "0" ? " NOCACHE" : words_of(sequence, "cache", " CACHE ")) +
         (sequence.property("cycle").empty() ? "" : " CYCLE");
}

std::string rendered_view(const CatalogObject& view) {
  std::string columns;
  for (const CatalogObject& child : view.children) {
    if (child.kind == "column") {
      columns += (columns.empty() ? " (" : ", ") + mysql::quoted(child.name);
    }
  }
  const std::string secured = security(view);
  const std::string option(view.property("check-option"));
  return "CREATE " + words_of(view, "algorithm", "ALGORITHM=") +
         (view.property("algorithm").empty() ? "" : " ") + rendered_definer(view) + secured +
         (secured.empty() ? "" : " ") + "VIEW " + mysql::quoted(view.name) + columns +
         (columns.empty() ? "" : ")") + " AS " + std::string(view.property("definition")) +
         (option.empty() ? "" : " WITH " + option + " CHECK OPTION");
}

std::string rendered_trigger(const CatalogObject& trigger, std::string_view table) {
  return "CREATE " + rendered_definer(trigger) + "TRIGGER " + mysql::quoted(trigger.name) + " " +
         std::string(trigger.property("timing")) + " " + std::string(trigger.property("events")) + " ON " +
         mysql::quoted(table) + " FOR EACH ROW " + std::string(trigger.property("body"));
}

std::string rendered_routine(const CatalogObject& routine) {
  const std::string kind(routine.property("kind"));
  const std::string secured = security(routine);
  return "CREATE " + rendered_definer(routine) + kind + " " +
         mysql::quoted(routine.name.substr(kind.size() + 1)) + " (" +
         std::string(routine.property("arguments")) + ")" + words_of(routine, "returns", " RETURNS ") +
         words_of(routine, "data-access", "\n  ") +
         (routine.property("deterministic").empty() ? "" : "\n  DETERMINISTIC") +
         (secured.empty() ? "" : "\n  " + secured) + rendered_comment(routine) + "\n" +
         std::string(routine.property("body"));
}

std::string rendered_event(const CatalogObject& event) {
  const std::string status(event.property("status"));
  const std::string state = status.empty() ? "" : status == "disabled" ? " DISABLE" : " DISABLE ON SLAVE";
  return "CREATE " + rendered_definer(event) + "EVENT " + mysql::quoted(event.name) + " ON SCHEDULE " +
         std::string(event.property("schedule")) + " ON COMPLETION " +
         (event.property("preserve").empty() ? "NOT PRESERVE" : "PRESERVE") + state +
         rendered_comment(event) + " DO " + std::string(event.property("body"));
}

std::string rendered_grant(const CatalogObject& grant) {
  const std::string privileges(grant.property("privileges"));
  const std::string on(grant.property("on"));
  const std::string table = on == "*" ? on : on.front() == '`' ? on : mysql::quoted(on);
  return "GRANT " + (privileges.empty() ? "USAGE" : privileges) + " ON " + table + " TO " +
         std::string(grant.property("to")) +
         (grant.property("grant-option").empty() ? "" : " WITH GRANT OPTION");
}

}  // namespace toolkit::mysql

#include "render.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "catalog_expression.hpp"
#include "history_sql.hpp"
#include "render_parts.hpp"
#include "script_syntax.hpp"
#include "toolkit/error.hpp"
#include "toolkit/script.hpp"

namespace toolkit::mysql {

namespace {

// Allows what any mode allowed when the tables were made: dates of zeroes, defaults that do not fit.
constexpr std::string_view table_mode = "NO_ENGINE_SUBSTITUTION";

class Statements {
 public:
  explicit Statements(const Catalog& catalog)
      : catalog_(catalog), is_mariadb_(catalog.dialect == "mariadb") {}

  std::vector<std::string> all() {
    set("sql_mode", std::string(table_mode));
    each("sequence", [this](const CatalogObject& object) { add(rendered_sequence(object)); });
    each("table", [this](const CatalogObject& object) { add(rendered_table(object, is_mariadb_)); });
    each("table", [this](const CatalogObject& object) { add(rendered_foreign_keys(object)); });
    each("routine", [this](const CatalogObject& object) { add_program(object, rendered_routine(object)); });
    set("sql_mode", std::string(table_mode));
    for (const CatalogObject* const view : views_in_order()) {
      add(rendered_view(*view));
    }
    each("table", [this](const CatalogObject& object) { add_triggers(object); });
    each("event", [this](const CatalogObject& object) {
      set("time_zone", std::string(object.property("time-zone")));
      add_program(object, rendered_event(object));
    });
    each("grant", [this](const CatalogObject& object) { add(rendered_grant(object)); });
    for (const auto& [variable, value] : settings_) {
      add("SET SESSION " + variable + " = DEFAULT");
    }
    return std::move(statements_);
  }

 private:
  void each(std::string_view kind, const std::function<void(const CatalogObject&)>& write) {
    for (const auto& object : catalog_.objects) {
      if (object->kind == kind) {
        write(*object);
      }
    }
  }

  void add(std::string statement) {
    if (!statement.empty()) {
      statements_.push_back(std::move(statement));
    }
  }

  void set(const std::string& variable, const std::string& value) {
    if (settings_[variable] != value) {
      settings_[variable] = value;
      add("SET SESSION " + variable + " = " + literal(value));
    }
  }

  void add_program(const CatalogObject& object, std::string statement) {
    const std::string_view mode = object.property("sql-mode");
    set("sql_mode", mode == "none" ? std::string() : std::string(mode));
    add(std::move(statement));
  }

  // Of one time and event each stands behind those that run before it.
  void add_triggers(const CatalogObject& table) {
    std::vector<const CatalogObject*> triggers;
    for (const CatalogObject& child : table.children) {
      if (child.kind == "trigger") {
        triggers.push_back(&child);
      }
    }
    const auto place = [](const CatalogObject* trigger) {
      const std::string order(trigger->property("order"));
      return order.empty() ? 1 : std::stoi(order);
    };
    std::stable_sort(triggers.begin(), triggers.end(),
                     [&place](const auto* a, const auto* b) { return place(a) < place(b); });
    for (const CatalogObject* const trigger : triggers) {
      add_program(*trigger, rendered_trigger(*trigger, table.name));
    }
  }

  // Names in a definition are in backquotes: those of other views are what it needs.
  std::vector<const CatalogObject*> views_in_order() const {
    std::map<std::string, const CatalogObject*> by_name;
    for (const auto& object : catalog_.objects) {
      if (object->kind == "view") {
        by_name[mysql::quoted(object->name)] = object.get();
      }
    }
    std::vector<const CatalogObject*> ordered;
    std::set<std::string> seen;
    // A chain of views has a few links, and the server itself stops at a depth.
    const std::function<void(const std::string&)> visit = [&](const std::string& name) {
      if (!seen.insert(name).second) {
        return;
      }
      const std::string_view definition = by_name.at(name)->property("definition");
      for (const Token& token : tokenize(definition, script_syntax(catalog_.dialect, ""))) {
        const std::string part(definition.substr(token.begin, token.end - token.begin));
        if (token.kind == TokenKind::quoted_identifier && by_name.contains(part)) {
          visit(part);
        }
      }
      ordered.push_back(by_name.at(name));
    };
    for (const auto& [name, view] : by_name) {
      visit(name);
    }
    return ordered;
  }

  const Catalog& catalog_;
  bool is_mariadb_;
  std::map<std::string, std::string> settings_;
  std::vector<std::string> statements_;
};

}  // namespace

std::vector<std::string> render(const Catalog& catalog) {
  if (!catalog.unsupported.empty()) {
    std::string names;
    for (const std::string& name : catalog.unsupported) {
      names += (names.empty() ? "" : ", ") + name;
    }
    throw Error(ErrorKind::server, "these parts of the catalog cannot be written as statements: " + names,
                "docs/catalog.md tells why; keep them in migrations");
  }
  return Statements(catalog).all();
}

}  // namespace toolkit::mysql

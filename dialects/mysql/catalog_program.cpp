#include "catalog_program.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "catalog_column.hpp"
#include "history_sql.hpp"

namespace toolkit::mysql {

namespace {

void add_definer(CatalogObject& object, const std::string& definer, const ProgramSource& source) {
  add_fact(object, "definer", definer == source.account ? std::string() : definer);
}

// In the order of the alphabet: servers list modes in the order in which they came to be. A mode that
// servers dropped later and that means nothing for a body is left out.
std::string modes(const std::string& sql_mode) {
  std::set<std::string> sorted;
  for (std::size_t at = 0; at < sql_mode.size();) {
    const std::size_t end = std::min(sql_mode.find(',', at), sql_mode.size());
    sorted.insert(sql_mode.substr(at, end - at));
    at = end + 1;
  }
  sorted.erase("NO_AUTO_CREATE_USER");
  std::string text;
  for (const std::string& mode : sorted) {
    text += (text.empty() ? "" : ",") + mode;
  }
  return text.empty() ? "none" : text;
}

std::string parameter_type(const Row& row, const ProgramSource& source) {
  std::string type = normal_type(field(row, 4));
  const std::string collation = field(row, 6);
  if (!collation.empty() && collation != source.collation) {
    type += " charset " + field(row, 5) + " collate " + collation;
  }
  return type;
}

std::string arguments(const Rows& parameters, const ProgramSource& source) {
  std::string text;
  for (const Row& row : parameters) {
    if (!row[3]) {
      continue;  // what a function returns
    }
    const bool is_in = field(row, 2) == "IN";
    text += (text.empty() ? "" : ", ") + (is_in ? std::string() : lower_case(field(row, 2)) + " ") +
            mysql::quoted(field(row, 3)) + " " + parameter_type(row, source);
  }
  return text;
}

std::string moment(const Row& row, std::size_t i) {
  std::string text = field(row, i);
  const std::size_t point = text.find('.');
  return point == std::string::npos ? text : text.substr(0, point);
}

std::string schedule(const Row& row) {
  if (field(row, 3) == "ONE TIME") {
    return "at " + literal(moment(row, 4));
  }
  std::string text = "every " + field(row, 5) + " " + lower_case(field(row, 6));
  // Without STARTS the server notes when the event came to be.
  if (row[7] && moment(row, 7) != moment(row, 14)) {
    text += " starts " + literal(moment(row, 7));
  }
  return text + (row[8] ? " ends " + literal(moment(row, 8)) : "");
}

}  // namespace

CatalogObject view_object(const Row& row, const Rows& columns, const std::string& algorithm,
                          const ProgramSource& source) {
  CatalogObject object{"view", field(row, 0), {}, {}};
  add_fact(object, "definition", without_database(field(row, 1), source.server));
  const std::string check = lower_case(field(row, 2));
  add_fact(object, "check-option", check == "none" ? std::string() : check);
  add_fact(object, "security", field(row, 4) == "INVOKER" ? "invoker" : "");
  add_definer(object, field(row, 3), source);
  add_fact(object, "algorithm", algorithm);
  for (const Row& column : columns) {
    CatalogObject child{"column", field(column, 1), {}, {}};
    const std::string type = normal_type(field(column, 4));
    add_fact(child, "type", type);
    add_fact(child, "logical", logical_type(type));
    add_fact(child, "nullable", field(column, 3) == "YES" ? "yes" : "no");
    object.children.push_back(std::move(child));
  }
  return object;
}

CatalogObject trigger_object(const Row& row, const std::string& body, const ProgramSource& source) {
  CatalogObject object{"trigger", field(row, 1), {}, {}};
  add_fact(object, "timing", lower_case(field(row, 2)));
  add_fact(object, "events", lower_case(field(row, 3)));
  add_fact(object, "body", body);
  add_fact(object, "order", field(row, 4) == "1" ? std::string() : field(row, 4));
  add_fact(object, "sql-mode", modes(field(row, 6)));
  add_definer(object, field(row, 7), source);
  return object;
}

CatalogObject routine_object(const Row& row, const Rows& parameters, const std::string& body,
                             const ProgramSource& source) {
  const std::string kind = lower_case(field(row, 1));
  CatalogObject object{"routine", kind + " " + field(row, 0), {}, {}};
  add_fact(object, "kind", kind);
  add_fact(object, "arguments", arguments(parameters, source));
  for (const Row& parameter : parameters) {
    add_fact(object, "returns", parameter[3] ? std::string() : parameter_type(parameter, source));
  }
  add_fact(object, "security", field(row, 5) == "INVOKER" ? "invoker" : "");
  add_fact(object, "deterministic", field(row, 3) == "YES" ? "yes" : "");
  const std::string access = lower_case(field(row, 4));
  add_fact(object, "data-access", access == "contains sql" ? std::string() : access);
  add_definer(object, field(row, 8), source);
  add_fact(object, "sql-mode", modes(field(row, 6)));
  add_fact(object, "body", body);
  add_fact(object, "comment", field(row, 7));
  return object;
}

CatalogObject event_object(const Row& row, const std::string& body, const ProgramSource& source) {
  CatalogObject object{"event", field(row, 0), {}, {}};
  add_fact(object, "schedule", schedule(row));
  add_fact(object, "time-zone", field(row, 2));
  const std::string status = lower_case(field(row, 9));
  add_fact(object, "status", status == "enabled" ? std::string() : status);
  add_fact(object, "preserve", field(row, 10) == "PRESERVE" ? "yes" : "");
  add_definer(object, field(row, 1), source);
  add_fact(object, "sql-mode", modes(field(row, 13)));
  add_fact(object, "body", body);
  add_fact(object, "comment", field(row, 11));
  return object;
}

CatalogObject sequence_object(const Row& row, const std::string& type) {
  CatalogObject object{"sequence", field(row, 0), {}, {}};
  add_fact(object, "type", normal_type(type));
  add_fact(object, "start", field(row, 1));
  add_fact(object, "increment", field(row, 2));
  add_fact(object, "minimum", field(row, 3));
  add_fact(object, "maximum", field(row, 4));
  add_fact(object, "cache", field(row, 5));
  add_fact(object, "cycle", field(row, 6) == "1" ? "yes" : "");
  return object;
}

std::vector<CatalogObject> grant_objects(const Rows& rows) {
  struct Grant {
    std::map<std::string, std::set<std::string>> privileges;  // with the columns they are for
    bool with_option = false;
  };
  std::map<std::pair<std::string, std::string>, Grant> grants;
  for (const Row& row : rows) {
    const std::string privilege = lower_case(field(row, 3));
    Grant& grant = grants[{field(row, 0), row[1] ? plain_name(*row[1]) : "*"}];
    if (privilege != "usage") {
      std::set<std::string>& columns = grant.privileges[privilege];
      if (row[2]) {
        columns.insert(plain_name(*row[2]));
      }
    }
    grant.with_option = grant.with_option || field(row, 4) == "YES";
  }
  std::vector<CatalogObject> objects;
  for (const auto& [key, grant] : grants) {
    CatalogObject object{"grant", key.first + " on " + key.second, {}, {}};
    add_fact(object, "to", key.first);
    add_fact(object, "on", key.second);
    std::string text;
    for (const auto& [privilege, columns] : grant.privileges) {
      std::string list;
      for (const std::string& column : columns) {
        list += (list.empty() ? " (" : ", ") + column;
      }
      text += (text.empty() ? "" : ", ") + privilege + list + (list.empty() ? "" : ")");
    }
    add_fact(object, "privileges", text);
    add_fact(object, "grant-option", grant.with_option ? "yes" : "");
    objects.push_back(std::move(object));
  }
  return objects;
}

}  // namespace toolkit::mysql

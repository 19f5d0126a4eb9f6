#include <algorithm>

#include "engines.hpp"
#include "executed_text.hpp"
#include "statement_words.hpp"
#include "toolkit/error.hpp"

namespace toolkit::mysql {

namespace {

// More names than a person writes: rather ask than send a query of any size.
constexpr std::size_t most_names = 400;

bool is_ascii(const std::string& name) {
  return std::all_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80U; });
}

// Binds a list of names; each value is written once and used in several places.
std::string bound(const Names& names, const std::string& prefix, Parameters& values) {
  std::string list;
  for (const std::string& name : names) {
    const std::string parameter = prefix + std::to_string(values.size());
    list += (list.empty() ? ":" : ", :") + parameter;
    values[parameter] = name;
  }
  return list;
}

// The databases whose triggers this user may not be shown. Rights that come by a role are not found here.
std::string unseen_query(const std::string& schemas) {
  const std::string me =
      "CONCAT('''', SUBSTRING_INDEX(CURRENT_USER(), '@', 1), '''@''', "
      "SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''')";
  return "SELECT 'unseen', s.schema_name, NULL, '', '', '' FROM information_schema.schemata s WHERE "
         "UPPER(s.schema_name) IN (" +
         schemas +
         ") AND NOT EXISTS (SELECT 1 FROM information_schema.user_privileges u WHERE u.privilege_type = "
         "'TRIGGER' AND u.grantee = " +
         me +
         ") AND NOT EXISTS (SELECT 1 FROM information_schema.schema_privileges p WHERE p.privilege_type = "
         "'TRIGGER' AND p.grantee = " +
         me + " AND s.schema_name LIKE p.table_schema)";
}

// Triggers of tables, views and routines of these names: kind, database, body, definer, this user, sql_mode.
std::string programs_query(const std::string& schemas, const std::string& names) {
  return " UNION ALL SELECT 'trigger', trigger_schema, action_statement, definer, CURRENT_USER(), sql_mode "
         "FROM information_schema.triggers WHERE UPPER(event_object_schema) IN (" +
         schemas + ") AND UPPER(event_object_table) IN (" + names +
         ") UNION ALL SELECT 'view', table_schema, view_definition, definer, CURRENT_USER(), '' FROM "
         "information_schema.views WHERE UPPER(table_schema) IN (" +
         schemas + ") AND UPPER(table_name) IN (" + names +
         ") UNION ALL SELECT 'routine', routine_schema, routine_definition, definer, CURRENT_USER(), "
         "sql_mode FROM information_schema.routines WHERE UPPER(routine_schema) IN (" +
         schemas + ") AND UPPER(routine_name) IN (" + names + ")";
}

/// Follows the names of a statement into the programs that they may stand for.
class Reach {
 public:
  Reach(Session& session, const RowChange& change) : session_(session), change_(change) {}

  /// Every name that counts; nothing when one of the programs cannot be looked into.
  std::optional<Names> all() {
    Names names = names_in(change_.code, change_.is_mariadb, change_.sql_mode);
    while (names.size() <= most_names && std::all_of(names.begin(), names.end(), is_ascii)) {
      const std::size_t known = names.size();
      if (!add_programs(names)) {
        break;
      }
      if (names.size() == known) {
        return names;
      }
    }
    return std::nullopt;
  }

 private:
  bool add_programs(Names& names) {
    Names schemas = names;
    schemas.insert(upper_case(change_.default_schema));
    Parameters values;
    const std::string in_schemas = bound(schemas, "s", values);
    const std::string in_names = bound(names, "n", values);
    const Rows rows =
        session_.query(unseen_query(in_schemas) + programs_query(in_schemas, in_names), values, 6);
    return std::all_of(rows.begin(), rows.end(), [&](const auto& row) { return add(row, names); });
  }

  bool add(const std::vector<std::optional<std::string>>& row, Names& names) const {
    const bool is_shown = row.at(2) && !row[2]->empty();
    const bool is_own = row.at(3) == row.at(4);
    if (row.at(0) == "unseen" || !is_shown || !is_own) {
      return false;
    }
    const std::string body = executed_text(*row[2], change_.is_mariadb, latest_version);
    names.merge(names_in(body, change_.is_mariadb, row.at(5).value_or("")));
    return true;
  }

  // Bodies are kept without the markers of executable comments; what is left of them counts as code.
  static constexpr int latest_version = 999'999;

  Session& session_;
  const RowChange& change_;
};

}  // namespace

bool touches_none(Session& session, const RowChange& change, const std::vector<PlainTable>& tables) {
  if (tables.empty()) {
    return true;
  }
  try {
    const std::optional<Names> names = Reach(session, change).all();
    return names && !named_table(*names, tables, change.default_schema);
  } catch (const Error& error) {
    // What the server does not tell is not certain.
    if (error.details().connection_lost || error.kind() == ErrorKind::interrupted) {
      throw;
    }
    return false;
  }
}

}  // namespace toolkit::mysql

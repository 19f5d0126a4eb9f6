#include "sandbox_copy.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "toolkit/error.hpp"

namespace toolkit::mysql {

namespace {

using Row = std::vector<std::string>;  ///< NULL is empty

/// What comes after the tables, and the settings that its text was written under.
struct Definition {
  std::string text;
  std::string sql_mode;
  std::string character_set;
  std::string collation;
};

/// Where SHOW CREATE puts what; -1 for what it does not tell.
struct Places {
  std::size_t text;
  int sql_mode;
  std::size_t character_set;
};
constexpr Places of_view = {1, -1, 2};
constexpr Places of_routine = {2, 1, 3};  // triggers too
constexpr Places of_event = {3, 1, 4};

std::string name_of(const std::string& name) {
  std::string result = "`";
  for (const char character : name) {
    result += character == '`' ? "``" : std::string(1, character);
  }
  return result + '`';
}

class Copy {
 public:
  Copy(MYSQL* session, const std::string& from, const std::string& to)
      : session_(session), from_(from), to_(to) {}

  bool run() {
    execute("SET NAMES utf8mb4");
    execute("SET foreign_key_checks = 0, unique_checks = 0, time_zone = '+00:00'");
    set_sql_mode("NO_AUTO_VALUE_ON_ZERO");
    execute("USE " + name_of(from_));
    read_relations();
    read_routines();
    read_events();
    if (is_bent_ || has_grants()) {
      return false;
    }
    copy_default_collation();
    execute("USE " + name_of(to_));
    make_all();
    return true;
  }

 private:
  void execute(const std::string& sql) {
    if (mysql_real_query(session_, sql.data(), sql.size()) != 0) {
      throw Error(ErrorKind::server, "copying a database: " + std::string(mysql_error(session_)));
    }
    const std::unique_ptr<MYSQL_RES, decltype(&mysql_free_result)> rest(mysql_store_result(session_),
                                                                        mysql_free_result);
  }

  std::vector<Row> query(const std::string& sql) {
    if (mysql_real_query(session_, sql.data(), sql.size()) != 0) {
      throw Error(ErrorKind::server, "copying a database: " + std::string(mysql_error(session_)));
    }
    const std::unique_ptr<MYSQL_RES, decltype(&mysql_free_result)> result(mysql_store_result(session_),
                                                                          mysql_free_result);
    std::vector<Row> rows;
    while (const MYSQL_ROW cells = result ? mysql_fetch_row(result.get()) : nullptr) {
      const unsigned long* lengths = mysql_fetch_lengths(result.get());
      Row row;
      for (unsigned i = 0; i < mysql_num_fields(result.get()); ++i) {
        row.emplace_back(cells[i] == nullptr ? "" : std::string(cells[i], lengths[i]));
      }
      rows.push_back(std::move(row));
    }
    return rows;
  }

  /// From is a name that Sandbox::create_database took: no quote in it.
  std::vector<Row> about(const std::string& columns, const std::string& view, const std::string& schema,
                         const std::string& rest = {}) {
    return query("SELECT " + columns + " FROM information_schema." + view + " WHERE " + schema + " = '" +
                 from_ + "' " + rest);
  }

  void read_relations() {
    for (const Row& row : about("table_name, table_type", "tables", "table_schema", "ORDER BY table_name")) {
      const std::string name = name_of(row[0]);
      if (row[1] == "VIEW") {
        views_.push_back(show("VIEW " + name, of_view));
      } else if (row[1] == "BASE TABLE" || row[1] == "SEQUENCE") {
        (row[1] == "SEQUENCE" ? sequences_ : tables_).emplace_back(name, checked(show_table(name)));
      } else {
        is_bent_ = true;  // SYSTEM VERSIONED: the rows' past would be lost
      }
    }
    // What is generated cannot be inserted.
    for (const Row& row :
         about("table_name, column_name", "columns", "table_schema",
               "AND COALESCE(generation_expression, '') = '' ORDER BY table_name, ordinal_position")) {
      std::string& columns = columns_[name_of(row[0])];
      columns += (columns.empty() ? "" : ", ") + name_of(row[1]);
    }
  }

  void read_routines() {
    for (const Row& row :
         about("routine_type, routine_name", "routines", "routine_schema", "ORDER BY routine_name")) {
      if (row[0] != "PROCEDURE" && row[0] != "FUNCTION") {
        is_bent_ = true;
        return;
      }
      routines_.push_back(show(row[0] + " " + name_of(row[1]), of_routine));
    }
    for (const Row& row : about("trigger_name", "triggers", "trigger_schema",
                                "ORDER BY event_object_table, action_timing, event_manipulation, "
                                "action_order")) {
      behind_rows_.push_back(show("TRIGGER " + name_of(row[0]), of_routine));
    }
  }

  void read_events() {
    for (const Row& row : about("event_name", "events", "event_schema", "ORDER BY event_name")) {
      behind_rows_.push_back(show("EVENT " + name_of(row[0]), of_event));
    }
  }

  std::string show_table(const std::string& name) { return query("SHOW CREATE TABLE " + name).at(0).at(1); }

  Definition show(const std::string& what, const Places& places) {
    const Row row = query("SHOW CREATE " + what).at(0);
    return {checked(row.at(places.text)),
            places.sql_mode < 0 ? "" : row.at(static_cast<std::size_t>(places.sql_mode)),
            row.at(places.character_set), row.at(places.character_set + 1)};
  }

  /// A text that names this database would go on naming it.
  std::string checked(std::string text) {
    is_bent_ = is_bent_ || text.find(name_of(from_)) != std::string::npos;
    return text;
  }

  bool has_grants() {
    const std::string here = " WHERE Db = '" + from_ + "'";
    return !query("SELECT 1 FROM mysql.tables_priv" + here + " UNION ALL SELECT 1 FROM mysql.procs_priv" +
                  here + " UNION ALL SELECT 1 FROM mysql.db" + here + " AND User <> 'toolkit' LIMIT 1")
                .empty();
  }

  void copy_default_collation() {
    const Row row =
        about("default_character_set_name, default_collation_name", "schemata", "schema_name").at(0);
    execute("ALTER DATABASE " + name_of(to_) + " CHARACTER SET " + row[0] + " COLLATE " + row[1]);
  }

  void make_all() {
    for (const auto& [name, text] : sequences_) {
      execute(text);
      const std::string next =
          query("SELECT next_not_cached_value FROM " + name_of(from_) + "." + name).at(0).at(0);
      execute("SELECT SETVAL(" + name + ", " + next + ", 0)");
    }
    for (const auto& [name, text] : tables_) {
      execute(text);
    }
    copy_rows();
    for (const Definition& routine : routines_) {
      make(routine);
    }
    make_views();
    for (const Definition& definition : behind_rows_) {
      make(definition);
    }
  }

  void copy_rows() {
    execute("START TRANSACTION");
    for (const auto& [name, text] : tables_) {
      const std::string& columns = columns_[name];
      execute("INSERT INTO " + name + " (" + columns + ") SELECT " + columns + " FROM " + name_of(from_) +
              "." + name);
    }
    execute("COMMIT");
  }

  /// One that reads another comes after it: whatever fails is tried again behind the rest.
  void make_views() {
    std::vector<Definition> left = views_;
    while (!left.empty()) {
      std::vector<Definition> failed;
      for (const Definition& view : left) {
        try {
          make(view);
        } catch (const Error&) {
          if (left.size() == 1) {
            throw;
          }
          failed.push_back(view);
        }
      }
      if (failed.size() == left.size()) {
        make(failed.front());  // throws what stands against it
      }
      left = std::move(failed);
    }
  }

  void make(const Definition& definition) {
    set_sql_mode(definition.sql_mode);
    execute("SET character_set_client = '" + definition.character_set + "', collation_connection = '" +
            definition.collation + "'");
    execute(definition.text);
  }

  void set_sql_mode(const std::string& mode) { execute("SET sql_mode = '" + mode + "'"); }

  MYSQL* session_;
  std::string from_;
  std::string to_;
  std::vector<std::pair<std::string, std::string>> tables_;  ///< quoted name, text
  std::vector<std::pair<std::string, std::string>> sequences_;
  std::map<std::string, std::string> columns_;  ///< of each table, those that can be inserted
  std::vector<Definition> routines_;
  std::vector<Definition> views_;
  std::vector<Definition> behind_rows_;  ///< triggers, which rows must not set off, and events
  bool is_bent_ = false;
};

}  // namespace

bool copy_into(MYSQL* session, const std::string& from, const std::string& to) {
  return Copy(session, from, to).run();
}

}  // namespace toolkit::mysql

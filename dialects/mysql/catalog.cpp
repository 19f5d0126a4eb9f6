#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <utility>

#include "catalog_fetch.hpp"
#include "catalog_program.hpp"
#include "catalog_query.hpp"
#include "catalog_tables.hpp"
#include "connection.hpp"
#include "history_sql.hpp"
#include "toolkit/error.hpp"

namespace toolkit::mysql {

namespace {

using Object = std::shared_ptr<const CatalogObject>;

std::map<std::string, Rows> by_name(Rows rows, const std::function<std::string(const Row&)>& name) {
  std::map<std::string, Rows> groups;
  for (Row& row : rows) {
    const std::string key = name(row);
    groups[key].push_back(std::move(row));
  }
  return groups;
}

/// MySQL shows the algorithm of a view in SHOW CREATE alone: a round trip for each. Where there are more of
/// them, only those are asked for again whose definition has changed.
constexpr std::size_t most_views_asked = 50;

class MysqlCatalogReader final : public CatalogReader {
 public:
  MysqlCatalogReader(std::shared_ptr<Session> session, const ServerInfo& server, const HistoryPlace& place)
      : session_(std::move(session)),
        server_(server),
        left_out_{place.table, place.log_table},
        source_{{server.flavour == "mariadb", server.database}, "", ""},
        tables_(*session_, source_.server, left_out_) {}

  Catalog read() override {
    if (!session_->first_sql_mode()) {
      session_->note_first_sql_mode(
          session_->query("SELECT @@SESSION.sql_mode", {}, 1).at(0).at(0).value_or(""));
    }
    Session::Settings settings;
    settings.is_mariadb = source_.server.is_mariadb;
    session_->prepare(settings);
    const Rows who = session_->query("SELECT CURRENT_USER(), @@collation_database", {}, 2);
    source_.account = field(who.at(0), 0);
    source_.collation = field(who.at(0), 1);
    catalog_ = {server_.flavour, server_.product + " " + server_.version, {}, {}};
    tables_.refresh();
    add_sequences();
    add_tables();
    add_routines();
    add_views();
    add_events();
    add_grants();
    std::sort(catalog_.unsupported.begin(), catalog_.unsupported.end());
    sort_catalog(catalog_);
    return std::exchange(catalog_, {});
  }

 private:
  Rows ask(const CatalogQuery& query) {
    return session_->query(query.sql, {{"db", source_.server.database}}, query.columns);
  }

  // What is equal to what the last read found keeps its pointer.
  void add(CatalogObject object) {
    Object& known = known_[object.kind][object.name];
    if (!known || *known != object) {
      known = std::make_shared<const CatalogObject>(std::move(object));
    }
    catalog_.objects.push_back(known);
  }

  void add_all(std::vector<CatalogObject> objects) {
    for (CatalogObject& object : objects) {
      add(std::move(object));
    }
  }

  // One field of what SHOW CREATE answers; asked again only when what information_schema shows has changed.
  std::string created(const std::string& kind, const std::string& name, const Row& row, std::size_t column) {
    auto& known = created_[kind + " " + name];
    if (known.first != row) {
      const Rows rows = fetch(*session_, "SHOW CREATE " + kind + " " + mysql::quoted(name));
      known = {row, rows.empty() ? "" : field(rows.front(), column)};
    }
    return known.second;
  }

  void add_sequences() {
    const std::vector<std::string>& names = tables_.sequences();
    if (names.empty()) {
      return;
    }
    std::vector<CatalogObject> objects;
    for (const Row& row : fetch(*session_, sequences_query(names).sql)) {
      const auto table = tables_.tables().find(field(row, 0));
      objects.push_back(
          sequence_object(row, table == tables_.tables().end() ? "bigint" : table->second.type_of_values));
    }
    add_all(std::move(objects));
  }

  std::string trigger_text(const Row& row) {
    const std::string shown = field(row, 5);
    return is_body_certain(shown) ? shown
                                  : trigger_body(created("TRIGGER", field(row, 1), row, 2), source_.server);
  }

  void add_tables() {
    std::map<std::string, Rows> triggers =
        by_name(ask(triggers_query()), [](const Row& row) { return field(row, 0); });
    const std::vector<std::string>& sequences = tables_.sequences();
    for (const auto& [name, table] : tables_.tables()) {
      catalog_.unsupported.insert(catalog_.unsupported.end(), table.unsupported.begin(),
                                  table.unsupported.end());
      if (std::find(sequences.begin(), sequences.end(), name) != sequences.end()) {
        continue;
      }
      const auto found = triggers.find(name);
      if (found == triggers.end()) {
        catalog_.objects.push_back(table.object);
        continue;
      }
      auto& known = with_triggers_[name];
      if (known.bare != table.object || known.rows != found->second) {
        CatalogObject object = *table.object;
        for (const Row& row : found->second) {
          object.children.push_back(trigger_object(row, trigger_text(row), source_));
        }
        sort_children(object);
        known.whole = known.whole && *known.whole == object ? known.whole
                                                            : std::make_shared<const CatalogObject>(object);
        known.bare = table.object;
        known.rows = found->second;
      }
      catalog_.objects.push_back(known.whole);
    }
  }

  void add_views() {
    const bool lists = tables_.views().size() <= longest_list;
    const std::vector<std::string> names = lists ? tables_.views() : std::vector<std::string>();
    Rows rows;
    if (!tables_.views().empty()) {
      rows = ask(views_query(source_.server.is_mariadb, names));
      std::sort(rows.begin(), rows.end());
    }
    // The columns of a view have the types of what it selects: of tables, and of what functions return.
    if (rows != view_rows_ || tables_.has_changed() || routines_have_changed_) {
      std::map<std::string, Rows> columns;
      if (!rows.empty()) {
        columns = by_name(ask(table_queries(source_.server.is_mariadb, names).columns),
                          [](const Row& row) { return field(row, 0); });
      }
      view_columns_ = std::move(columns);
      view_rows_ = std::move(rows);
    }
    for (const Row& row : view_rows_) {
      const std::string name = field(row, 0);
      if (field(row, 1).empty() || view_columns_[name].empty()) {
        catalog_.unsupported.push_back("view " + name);  // without the right SHOW VIEW, or broken
        continue;
      }
      if (view_rows_.size() <= most_views_asked) {
        created_.erase("VIEW " + name);  // nothing else shows that the algorithm alone has changed
      }
      std::string algorithm = row[5] ? *row[5] : view_algorithm(created("VIEW", name, row, 1));
      std::transform(algorithm.begin(), algorithm.end(), algorithm.begin(),
                     [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
      add(view_object(row, view_columns_[name], algorithm == "undefined" ? "" : algorithm, source_));
    }
  }

  void add_routines() {
    const auto key = [](const Row& row) { return field(row, 1) + " " + field(row, 0); };
    std::map<std::string, Rows> parameters;
    std::vector<CatalogObject> objects;
    Rows rows = ask(routines_query(source_.server.is_mariadb));
    if (!rows.empty()) {
      parameters = by_name(ask(parameters_query()), key);
    }
    routines_have_changed_ = rows != routine_rows_;
    routine_rows_ = rows;
    for (const Row& row : rows) {
      const std::string kind = field(row, 1);
      const bool is_known = kind == "PROCEDURE" || kind == "FUNCTION";
      const bool is_sql = !row[10] || *row[10] == "SQL";
      std::string body = field(row, 2);
      if (is_known && is_sql && !is_body_certain(body)) {
        body = routine_body(created(kind, field(row, 0), row, 2), source_.server);
      }
      // Packages, other languages, ORACLE's grammar, and bodies that the account may not see.
      if (!is_known || !is_sql || body.empty() || field(row, 6).find("ORACLE") != std::string::npos) {
        catalog_.unsupported.push_back(key(row));
        continue;
      }
      objects.push_back(routine_object(row, parameters[key(row)], body, source_));
    }
    add_all(std::move(objects));
  }

  void add_events() {
    std::vector<CatalogObject> objects;
    for (const Row& row : ask(events_query())) {
      std::string body = field(row, 12);
      if (!is_body_certain(body)) {
        body = event_body(created("EVENT", field(row, 0), row, 3), source_.server);
      }
      objects.push_back(event_object(row, body, source_));
    }
    add_all(std::move(objects));
  }

  void add_grants() {
    Rows rows = ask(grants_query());
    std::erase_if(rows, [this](const Row& row) { return left_out_.contains(field(row, 1)); });
    add_all(grant_objects(rows));
  }

  struct WithTriggers {
    Object bare;
    Rows rows;
    Object whole;
  };

  std::shared_ptr<Session> session_;
  ServerInfo server_;
  std::set<std::string> left_out_;
  ProgramSource source_;
  KnownTables tables_;
  Catalog catalog_;
  std::map<std::string, std::map<std::string, Object>> known_;
  std::map<std::string, std::pair<Row, std::string>> created_;
  std::map<std::string, WithTriggers> with_triggers_;
  Rows routine_rows_;
  bool routines_have_changed_ = false;
  Rows view_rows_;
  std::map<std::string, Rows> view_columns_;
};

}  // namespace

std::unique_ptr<CatalogReader> MysqlConnection::catalog_reader(const CatalogScope& scope) {
  return std::make_unique<MysqlCatalogReader>(session_, server_, scope.place);
}

}  // namespace toolkit::mysql

#include "toolkit/catalog.hpp"

#include <algorithm>
#include <utility>

#include "catalog_names.hpp"
#include "catalog_reader.hpp"

namespace toolkit::postgresql {

namespace {

/// What changes how the server writes expressions, and the value under which they are read. A name in public
/// is then said without its schema.
constexpr std::pair<const char*, const char*> settings[] = {
    {"search_path", "public"},       {"DateStyle", "ISO, MDY"},
    {"IntervalStyle", "postgres"},   {"TimeZone", "UTC"},
    {"bytea_output", "hex"},         {"extra_float_digits", "1"},
    {"quote_all_identifiers", "off"}};

/// Sets them for a while. In a transaction that fails meanwhile the server restores them itself.
class [[nodiscard]] ReadSettings {
 public:
  explicit ReadSettings(PostgresqlConnection& connection) : connection_(connection) {
    std::string text;
    Parameters values;
    for (const auto& [name, value] : settings) {
      text += (text.empty() ? "SELECT current_setting('" : ", current_setting('") + std::string(name) + "')";
    }
    for (const auto& [name, value] : settings) {
      text += ", set_config('" + std::string(name) + "', '" + value + "', false)";
    }
    const int columns = 2 * static_cast<int>(std::size(settings));
    before_ = connection_.query(text, values, columns).at(0);
  }
  ~ReadSettings() {
    std::string text;
    Parameters values;
    for (std::size_t i = 0; i < std::size(settings); ++i) {
      const std::string parameter = "v" + std::to_string(i);
      text += (text.empty() ? "SELECT set_config('" : ", set_config('") + std::string(settings[i].first) +
              "', :" + parameter + ", false)";
      values[parameter] = before_[i].value_or("");
    }
    try {
      connection_.query(text, values, static_cast<int>(std::size(settings)));
    } catch (const Error&) {  // the session or its transaction is gone, and the settings with it
    }
  }
  ReadSettings(const ReadSettings&) = delete;
  ReadSettings& operator=(const ReadSettings&) = delete;

 private:
  PostgresqlConnection& connection_;
  Row before_;
};

std::string array_literal(const std::vector<std::string>& texts) {
  std::string all = "{";
  for (const std::string& text : texts) {
    all += all.size() > 1 ? ",\"" : "\"";
    for (const char c : text) {
      all += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    }
    all += '"';
  }
  return all + "}";
}

std::string names_of(const Draft& draft) {
  std::string names = draft.object.name;
  for (const std::string& column : draft.columns) {
    names += '\n' + column;
  }
  return names;
}

/// The objects as pointers; the pointer from before where the same was read again.
std::vector<std::shared_ptr<const CatalogObject>> shared(
    std::vector<CatalogObject> objects, const std::vector<std::shared_ptr<const CatalogObject>>& before) {
  std::vector<std::shared_ptr<const CatalogObject>> pointers;
  for (CatalogObject& object : objects) {
    const auto same =
        std::find_if(before.begin(), before.end(), [&](const auto& old) { return *old == object; });
    pointers.push_back(same != before.end() ? *same
                                            : std::make_shared<const CatalogObject>(std::move(object)));
  }
  return pointers;
}

/// Whether a text that spoke of `before` may say something else now. New columns at the end change none.
bool is_renamed(const std::string& before, const std::string& now) {
  return !before.empty() && now != before && !now.starts_with(before + '\n');
}

}  // namespace

std::unique_ptr<CatalogReader> PostgresqlConnection::catalog_reader(const CatalogScope& scope) {
  return std::make_unique<PostgresqlCatalogReader>(*this, scope);
}

PostgresqlCatalogReader::PostgresqlCatalogReader(PostgresqlConnection& connection, const CatalogScope& scope)
    : connection_(connection), scope_(scope), sql_(catalog_sql(connection.server().version_number)) {
  scope_.place.schema = scope.place.schema.empty() ? connection.server().default_schema : scope.place.schema;
  catalog_.dialect = connection.server().flavour;
  catalog_.server = connection.server().product + " " + connection.server().version;
}

Rows PostgresqlCatalogReader::ask(const std::string& sql, const std::string& oids, int columns) {
  const Parameters all = {{"oids", oids},
                          {"schemas", array_literal(scope_.schemas)},
                          {"history_schema", scope_.place.schema},
                          {"history_table", scope_.place.table},
                          {"log_table", scope_.place.log_table}};
  return connection_.query(sql, all, columns);
}

Rows PostgresqlCatalogReader::ask(const std::string& sql, const Keys& keys, char letter, int columns) {
  std::string oids = "{";
  for (const std::string& key : keys) {
    if (key[0] == letter || letter == '*') {
      oids += (oids.size() > 1 ? "," : "") + key.substr(1);
    }
  }
  return oids == "{" ? Rows() : ask(sql, oids + "}", columns);
}

std::map<std::string, std::string> PostgresqlCatalogReader::stamps() {
  std::map<std::string, std::string> now;
  for (const Row& row : connection_.query(sql_.stamps, {}, 3)) {
    now[text_of(row, 0) + text_of(row, 1)] = text_of(row, 2);
  }
  return now;
}

/// The keys to read; those that are gone leave. `everything` comes in as "something else changed".
PostgresqlCatalogReader::Keys PostgresqlCatalogReader::take_changes(
    const std::map<std::string, std::string>& now, bool& everything) {
  Keys changed;
  everything = globals_.stamp != now.at("G0");
  globals_.stamp = now.at("G0");
  std::erase_if(tops_, [&now](const auto& top) { return now.count(top.first) == 0; });
  for (const auto& [key, stamp] : now) {
    Top* top = key == "G0" ? nullptr : &tops_[key];
    if (top != nullptr && (everything || top->stamp != stamp)) {
      changed.insert(key);
      top->stamp = stamp;
    }
  }
  return changed;
}

Catalog PostgresqlCatalogReader::read() {
  const std::size_t before = tops_.size();
  bool everything = false;
  std::map<std::string, std::string> now = stamps();
  try {
    const Keys changed = take_changes(now, everything);
    if (everything || !changed.empty()) {
      const ReadSettings guard(connection_);
      Keys renamed;
      read_tops(changed, renamed);
      if (everything) {
        read_globals();
      } else if (!renamed.empty()) {
        Keys ignored;
        read_tops(dependents(renamed), ignored);
      }
    }
    if (everything || !changed.empty() || before != tops_.size()) {
      assemble();
    }
  } catch (...) {
    tops_.clear();  // a half-finished reading is none
    globals_ = {};
    throw;
  }
  return catalog_;
}

PostgresqlCatalogReader::Keys PostgresqlCatalogReader::dependents(const Keys& keys) {
  Keys found;
  for (const Row& row : ask(sql_.dependents, keys, '*', 2)) {
    const std::string key = text_of(row, 0) + text_of(row, 1);
    if (tops_.count(key) != 0 && keys.count(key) == 0) {
      found.insert(key);
    }
  }
  return found;
}

Drafts PostgresqlCatalogReader::gather(const Keys& keys) {
  Drafts drafts;
  gather_relations(ask(sql_.relations, keys, 'R', 17), drafts);
  gather_types(ask(sql_.types, keys, 'T', 12), drafts);
  gather_routines(ask(sql_.routines, keys, 'P', 23), drafts);
  Keys found;
  for (const auto& [key, draft] : drafts) {
    found.insert(key);
  }
  gather_aggregates(ask(sql_.aggregates, found, 'P', 21), drafts);
  gather_columns(ask(sql_.columns, found, 'R', 18), drafts);
  gather_sequences(ask(sql_.sequences, found, 'R', 9), drafts);
  gather_constraints(ask(sql_.constraints, found, '*', 25), drafts);
  gather_indexes(ask(sql_.indexes, found, 'R', 13), drafts);
  gather_triggers(ask(sql_.triggers, found, 'R', 5), drafts);
  gather_policies(ask(sql_.policies, found, 'R', 8), drafts);
  gather_rules(ask(sql_.rules, found, 'R', 5), drafts);
  gather_statistics(ask(sql_.statistics, found, 'R', 6), drafts);
  gather_requirements(ask(sql_.requirements, found, '*', 6), drafts);
  gather_grants(ask(sql_.grants, found, '*', 5), drafts);
  return drafts;
}

void PostgresqlCatalogReader::keep(const std::string& key, Draft& draft) {
  Top& top = tops_[key];
  finish(draft);
  top.names = names_of(draft);
  top.unsupported = draft.unsupported;
  std::vector<CatalogObject> objects;
  if (!draft.object.kind.empty()) {
    sort_children(draft.object);
    objects.push_back(std::move(draft.object));
    objects.insert(objects.end(), draft.grants.begin(), draft.grants.end());
  }
  top.objects = shared(std::move(objects), top.objects);
}

void PostgresqlCatalogReader::read_tops(const Keys& keys, Keys& renamed) {
  if (keys.empty()) {
    return;
  }
  Drafts drafts = gather(keys);
  for (const std::string& key : keys) {
    const std::string names = std::exchange(tops_[key].names, "");
    const auto found = drafts.find(key);
    if (found == drafts.end()) {
      tops_[key].objects.clear();
      tops_[key].unsupported.clear();
    } else {
      keep(key, found->second);
    }
    if (is_renamed(names, tops_[key].names)) {
      renamed.insert(key);
    }
  }
}

void PostgresqlCatalogReader::read_globals() {
  std::vector<CatalogObject> objects;
  for (const Row& row : ask(sql_.schemas, "{}", 2)) {
    // Every database has schema public: it is said only where its comment is not the one that it came with.
    const bool is_as_made = text_of(row, 0) == "public" && text_of(row, 1) == "standard public schema";
    if (!is_as_made) {
      CatalogObject& schema = objects.emplace_back();
      schema.kind = "schema";
      schema.name = spelled(text_of(row, 0));
      add(schema, "comment", text_of(row, 1));
    }
  }
  for (const Row& row : ask(sql_.schema_grants, "{}", 3)) {
    objects.push_back(grant_of(text_of(row, 1), "schema " + spelled(text_of(row, 0)), text_of(row, 2)));
  }
  for (const Row& row : ask(sql_.extensions, "{}", 2)) {
    CatalogObject& extension = objects.emplace_back();
    extension.kind = "extension";
    extension.name = spelled(text_of(row, 0));
    add(extension, "schema", text_of(row, 1) == "public" ? "" : spelled(text_of(row, 1)));
  }
  globals_.objects = shared(std::move(objects), globals_.objects);
  globals_.unsupported.clear();
  for (const Row& row : ask(sql_.unsupported, "{}", 1)) {
    globals_.unsupported.push_back(text_of(row, 0));
  }
}

void PostgresqlCatalogReader::assemble() {
  catalog_.objects = globals_.objects;
  catalog_.unsupported = globals_.unsupported;
  for (const auto& [key, top] : tops_) {
    catalog_.objects.insert(catalog_.objects.end(), top.objects.begin(), top.objects.end());
    catalog_.unsupported.insert(catalog_.unsupported.end(), top.unsupported.begin(), top.unsupported.end());
  }
  std::sort(catalog_.unsupported.begin(), catalog_.unsupported.end());
  sort_catalog(catalog_);
}

}  // namespace toolkit::postgresql

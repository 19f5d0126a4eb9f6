#include "toolkit/generate.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "../support/servers.hpp"
#include "../support/temp_folder.hpp"
#include "toolkit/error.hpp"
#include "toolkit/migrate.hpp"

#ifdef TOOLKIT_WITH_SQLITE
#include <sqlite3.h>
#endif

using namespace toolkit;
using namespace toolkit::test;

namespace {

/// A set that grows by `generate`, and a database that it runs on.
class GeneratedSet {
 public:
  explicit GeneratedSet(const TestServer& server) : database_(server) {}

  void add(const std::string& name, std::vector<std::string> columns = {}) {
    GenerateRequest request;
    request.name = name;
    request.columns = std::move(columns);
    add(request);
  }

  void add(const GenerateRequest& request) {
    const MigrationFolder folder = read_folder_to_extend(options().folder);
    write_new_files(generate(folder, request, std::chrono::system_clock::now()).files);
  }

  /// The error's text; empty when all went well.
  std::string run(const Request& request) const {
    const Registry dialects = builtin_dialects();
    try {
      const RunReport report = Migrator(dialects, database_.url(), options()).run(request);
      return report.failed ? describe(*report.failed, true) : "";
    } catch (const Error& failure) {
      return describe(failure.details(), true);
    }
  }

  std::string up() const { return run(Request::up()); }
  std::string down() const { return run({RequestKind::down, {}, {}, false}); }

  /// Whether the query runs: a test for tables and columns that is the same for every engine.
  bool answers(const std::string& sql) const {
    try {
      static_cast<void>(database_.rows(sql));
      return true;
    } catch (const std::runtime_error&) {
      return false;
    }
  }

  const TestDatabase& database() const { return database_; }

 private:
  MigratorOptions options() const {
    MigratorOptions options;
    options.folder.path = (folder_ / "set").string();
    return options;
  }

  TempFolder folder_;
  TestDatabase database_;
};

std::string column_of(const ColumnTypeHelp& type) { return "c_" + type.word; }

/// `c_TYPE:TYPE` for every type but id; with `!` where a NOT NULL column may be added.
std::vector<std::string> columns_of_all_types(bool not_null) {
  std::vector<std::string> columns;
  for (const ColumnTypeHelp& type : column_types()) {
    if (type.word != "id") {
      columns.push_back(column_of(type) + ":" + type.word + (not_null && !type.neutral.empty() ? "!" : ""));
    }
  }
  return columns;
}

/// A row of values that differ from every default.
std::string insert_into(const std::string& table, const std::string& engine) {
  const std::string bytes = engine == "postgresql" ? "'\\x0102'" : "X'0102'";
  return "INSERT INTO " + table +
         " (c_string, c_text, c_int, c_bigint, c_decimal, c_bool, c_timestamp, c_date, c_json, c_uuid, "
         "c_bytes)"
         " VALUES ('s', 't', 2147483647, 9223372036854775807, 12345678.91, TRUE, '2026-11-21 "
         "11:30:59.123456',"
         " '2026-11-21', '{\"a\": 1}', '6f2b4b0e-2d3c-4a5f-8b1e-0123456789ab', " +
         bytes + ")";
}

/// The key words that the server itself lists, as far as they could be names here.
std::vector<std::string> key_words(const TestDatabase& database) {
  std::set<std::string> words;
  const std::string& engine = database.server().engine;
  if (engine == "sqlite") {
#ifdef TOOLKIT_WITH_SQLITE
    for (int i = 0; i < sqlite3_keyword_count(); ++i) {
      const char* word = nullptr;
      int length = 0;
      sqlite3_keyword_name(i, &word, &length);
      std::string lower;
      for (int at = 0; at < length; ++at) {
        lower.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(word[at]))));
      }
      words.insert(lower);
    }
#endif
  } else {
    const std::string query = engine == "postgresql" ? "SELECT lower(word) FROM pg_get_keywords()"
                                                     : "SELECT lower(word) FROM information_schema.keywords";
    for (const TextRow& row : database.rows(query)) {
      words.insert(row.at(0));
    }
  }
  std::vector<std::string> names;
  for (const std::string& word : words) {
    if (word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos &&
        word.front() >= 'a') {
      names.push_back(word);
    }
  }
  return names;
}

}  // namespace

TEST_CASE("create_TABLE: every type applies, holds its values, reverts and applies again") {
  FOR_EACH_SERVER(server) {
    GeneratedSet set(server);
    std::vector<std::string> columns = columns_of_all_types(true);
    columns.insert(columns.begin(), "id:id");
    set.add("create_things", columns);
    set.add("create_plain", columns_of_all_types(false));
    REQUIRE(set.up() == "");
    for (const std::string table : {"things", "plain"}) {
      set.database().run(insert_into(table, server.engine));
      CHECK(set.database().value("SELECT count(*) FROM " + table +
                                 " WHERE c_decimal = 12345678.91 AND c_bigint = 9223372036854775807") == "1");
    }
    set.database().run("INSERT INTO plain (c_string) VALUES (NULL)");
    CHECK(set.database().value("SELECT count(*) FROM plain WHERE c_json IS NULL AND c_bytes IS NULL") == "1");
    set.database().run(insert_into("things", server.engine));
    CHECK(set.database().rows("SELECT id FROM things ORDER BY id") == std::vector<TextRow>{{"1"}, {"2"}});
    CHECK_THROWS_AS(set.database().run("INSERT INTO things (c_string) VALUES (NULL)"), std::runtime_error);
    REQUIRE(set.down() == "");
    CHECK_FALSE(set.answers("SELECT * FROM plain"));
    CHECK(set.answers("SELECT * FROM things"));
    REQUIRE(set.down() == "");
    CHECK_FALSE(set.answers("SELECT * FROM things"));
    REQUIRE(set.up() == "");
    CHECK(set.database().value("SELECT count(*) FROM things") == "0");
  }
}

TEST_CASE("add_TABLE_COLUMN: every type, NULL and NOT NULL, on a table with rows") {
  FOR_EACH_SERVER(server) {
    GeneratedSet set(server);
    set.add("create_things", {"id:id", "kept:string"});
    REQUIRE(set.up() == "");
    set.database().run("INSERT INTO things (kept) VALUES ('one'), ('two')");
    for (const ColumnTypeHelp& type : column_types()) {
      if (type.word == "id") {
        continue;
      }
      CAPTURE(type.word);
      for (const bool not_null : {false, true}) {
        if (not_null && type.neutral.empty()) {
          continue;
        }
        const std::string column = column_of(type) + (not_null ? "_nn" : "");
        set.add("add_things_" + column, {column + ":" + type.word + (not_null ? "!" : "")});
        REQUIRE(set.up() == "");
        CHECK(set.database().value("SELECT count(*) FROM things WHERE " + column + " IS NULL") ==
              (not_null ? "0" : "2"));
        REQUIRE(set.down() == "");
        CHECK_FALSE(set.answers("SELECT things." + column + " FROM things"));
        REQUIRE(set.up() == "");
      }
    }
    set.add("add_first_and_last_to_things", {"first:string:80!", "last:string:80"});
    REQUIRE(set.up() == "");
    CHECK(set.database().rows("SELECT kept, first, last FROM things ORDER BY kept") ==
          std::vector<TextRow>{{"one", "", "NULL"}, {"two", "", "NULL"}});
    REQUIRE(set.down() == "");
    CHECK_FALSE(set.answers("SELECT things.first FROM things"));
    CHECK_FALSE(set.answers("SELECT things.last FROM things"));
    CHECK(set.database().value("SELECT count(*) FROM things") == "2");
  }
}

TEST_CASE("remove_TABLE_COLUMN: every type goes and comes back") {
  FOR_EACH_SERVER(server) {
    GeneratedSet set(server);
    std::vector<std::string> columns = columns_of_all_types(true);
    columns.insert(columns.begin(), {"id:id", "kept:string"});
    set.add("create_things", columns);
    REQUIRE(set.up() == "");
    set.database().run(insert_into("things", server.engine));
    columns.erase(columns.begin(), columns.begin() + 2);
    for (const std::string& column : columns) {
      const std::string name = column.substr(0, column.find(':'));
      CAPTURE(column);
      set.add("remove_" + name + "_from_things", {column});
      REQUIRE(set.up() == "");
      CHECK_FALSE(set.answers("SELECT things." + name + " FROM things"));
      REQUIRE(set.down() == "");
      CHECK(set.database().value("SELECT count(*) FROM things WHERE " + name + " IS NULL") ==
            (column.ends_with('!') ? "0" : "1"));
      REQUIRE(set.up() == "");
    }
    CHECK(set.database().value("SELECT count(*) FROM things") == "1");
  }
}

TEST_CASE("drop_TABLE: the down makes the table again") {
  FOR_EACH_SERVER(server) {
    GeneratedSet set(server);
    std::vector<std::string> columns = columns_of_all_types(true);
    columns.insert(columns.begin(), "id:id");
    set.add("create_things", columns);
    set.add("drop_things", columns);
    REQUIRE(set.up() == "");
    CHECK_FALSE(set.answers("SELECT * FROM things"));
    REQUIRE(set.down() == "");
    set.database().run(insert_into("things", server.engine));
    CHECK(set.database().value("SELECT id FROM things") == "1");
    REQUIRE(set.up() == "");
    CHECK_FALSE(set.answers("SELECT * FROM things"));
  }
}

TEST_CASE("reserved words as names are quoted as each dialect wants it") {
  FOR_EACH_SERVER(server) {
    GeneratedSet set(server);
    set.add("create_order", {"id:id", "user:int", "group:string"});
    set.add("add_order_select", {"select:text!"});
    set.add("remove_order_group", {"group:string"});
    set.add("drop_order", {"id:id", "user:int", "select:text!"});
    REQUIRE(set.up() == "");
    for (int version = 4; version > 0; --version) {
      CAPTURE(version);
      REQUIRE(set.down() == "");
    }
    REQUIRE(set.up() == "");
  }
}

TEST_CASE("every key word that the server lists can name a column") {
  FOR_EACH_SERVER(server) {
    GeneratedSet set(server);
    std::vector<std::string> columns;
    for (const std::string& word : key_words(set.database())) {
      columns.push_back(word + ":int");
    }
    REQUIRE(columns.size() > 100);
    set.add("create_words", columns);
    REQUIRE(set.up() == "");
    CHECK(set.database().value("SELECT count(*) FROM words") == "0");
    REQUIRE(set.down() == "");
  }
}

TEST_CASE("an irreversible one goes up and is refused on the way down") {
  FOR_EACH_SERVER(server) {
    GeneratedSet set(server);
    set.add("create_things", {"id:id"});
    GenerateRequest request;
    request.name = "drop_things";
    request.irreversible = "archived elsewhere";
    set.add(request);
    REQUIRE(set.up() == "");
    CHECK_FALSE(set.answers("SELECT * FROM things"));
    CHECK(set.down().find("archived elsewhere") != std::string::npos);
  }
}

TEST_CASE("a pair without statements is refused before anything runs") {
  FOR_EACH_SERVER(server) {
    GeneratedSet set(server);
    set.add("create_things", {"id:id"});
    set.add("backfill_things");
    CHECK(set.up().find("0002_backfill_things.up.sql:1:1: a shared file needs a statement") !=
          std::string::npos);
    CHECK_FALSE(set.answers("SELECT * FROM things"));
  }
}

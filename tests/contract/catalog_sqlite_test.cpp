#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "../support/catalogs.hpp"
#include "../support/golden.hpp"
#include "project.hpp"
#include "toolkit/diff.hpp"
#include "toolkit/registry.hpp"
#include "toolkit/script.hpp"
#include "toolkit/url.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

namespace fs = std::filesystem;

#define CATALOG_TEST(name) TEST_CASE("catalog sqlite: " name* doctest::skip(!is_server_expected("sqlite")))

/// An empty database with a connection that is looked at again and again.
class Subject {
 public:
  Subject() : database_(test_servers("sqlite").at(0)) {
    connection_ = dialect().open(parse_url(database_.url()), {});
    reader_ = connection_->catalog_reader({});
  }

  static const Dialect& dialect() {
    static const Registry all = builtin_dialects();
    return all.for_flavour("sqlite");
  }

  void run(const std::string& sql) const { connection_->execute(sql); }
  void run_all(const std::vector<std::string>& statements) const {
    for (const std::string& each : statements) {
      run(each);
    }
  }
  Catalog read() const { return reader_->read(); }
  /// By a reader that knows nothing yet.
  Catalog read_afresh() const { return connection_->catalog_reader({})->read(); }
  std::vector<TextRow> rows(const std::string& sql) const { return database_.rows(sql); }
  const std::string& url() const { return database_.url(); }
  int version() const { return connection_->server().version_number; }

 private:
  TestDatabase database_;
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<CatalogReader> reader_;
};

std::vector<std::string> statements_of(const fs::path& path) {
  const std::string text = read_file(path);
  std::vector<std::string> statements;
  for (const StatementRange& range :
       scan_script(text, Subject::dialect().script_syntax("sqlite", ""), path.string()).statements) {
    statements.push_back(text.substr(range.begin, range.end - range.begin));
  }
  return statements;
}

std::vector<fs::path> fixtures() {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(TOOLKIT_SOURCE_DIR "/tests/fixtures/schemas/sqlite")) {
    if (entry.path().extension() == ".sql") {
      paths.push_back(entry.path());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

/// A first line `-- SQLite 3.37` asks for that version.
bool is_too_new(const fs::path& path, int version) {
  const std::string text = read_file(path);
  const std::string begin = "-- SQLite 3.";
  return text.starts_with(begin) && version < 30'000 + 100 * std::stoi(text.substr(begin.size()));
}

std::string told(const Catalog& expected, const Catalog& actual) {
  std::string text;
  for (const Difference& difference : diff(expected, actual)) {
    text.append(to_string(difference.difference_class))
        .append(": ")
        .append(describe(difference))
        .append("\n");
  }
  return text;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    text += line + ";\n";
  }
  return text;
}

/// Catalog -> statements -> fresh database -> the same catalog, the same text, the same statements.
void check_proves_itself(const Catalog& catalog) {
  const std::vector<std::string> statements = Subject::dialect().render(catalog);
  CAPTURE(joined(statements));
  Subject again;
  again.run_all(statements);
  const Catalog second = again.read();
  CHECK(told(catalog, second) == "");
  CHECK(text_difference(catalog_text(catalog), catalog_text(second)) == "");
  CHECK(text_difference(joined(statements), joined(Subject::dialect().render(second))) == "");
  CHECK(are_equal(read_catalog_text(catalog_text(catalog), "x"), catalog));
}

/// What SQLite says of a table itself: `name type notnull default hidden` of each column, in order.
void check_columns(const Subject& subject, const CatalogObject& table) {
  const std::vector<TextRow> rows = subject.rows(
      "SELECT name, \"notnull\", dflt_value IS NOT NULL AND upper(dflt_value) <> 'NULL', hidden, pk FROM "
      "pragma_table_xinfo('" +
      table.name + "') ORDER BY cid");
  std::string expected;
  for (const TextRow& row : rows) {
    expected += row[0] + " " + (row[1] == "1" ? "not null" : "") + (row[2] == "1" ? " default" : "") +
                (row[3] == "2"   ? " virtual"
                 : row[3] == "3" ? " stored"
                                 : "") +
                "\n";
  }
  std::string actual;
  for (const CatalogObject& child : table.children) {
    if (child.kind == "column") {
      const bool by_rowid = child.property("identity") == "rowid";
      const std::size_t at = static_cast<std::size_t>(&child - table.children.data());
      const bool says_so = by_rowid ? rows.at(at)[1] == "1" : child.property("nullable") == "no";
      const std::string generated(child.property("generated"));
      actual += child.name + " " + (says_so ? "not null" : "") +
                (child.property("default").empty() ? "" : " default") +
                (generated.empty() ? "" : " " + generated.substr(0, generated.find(' '))) + "\n";
    }
  }
  CHECK(actual == expected);
}

std::string count_of(const CatalogObject& table, std::initializer_list<std::string_view> kinds) {
  return std::to_string(
      std::count_if(table.children.begin(), table.children.end(), [&](const CatalogObject& child) {
        return std::find(kinds.begin(), kinds.end(), child.kind) != kinds.end();
      }));
}

std::size_t count_in(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + part.size())) {
    ++count;
  }
  return count;
}

/// `name unique partial descending-columns` of each index that a statement made.
void check_indexes(const Subject& subject, const CatalogObject& table) {
  std::string expected;
  for (const TextRow& row : subject.rows("SELECT name, \"unique\", partial, (SELECT sum(desc) FROM "
                                         "pragma_index_xinfo(l.name) WHERE key) FROM "
                                         "pragma_index_list('" +
                                         table.name + "') AS l WHERE origin = 'c' ORDER BY name")) {
    expected += row[0] + " " + row[1] + " " + row[2] + " " + row[3] + "\n";
  }
  std::string actual;
  for (const CatalogObject& child : table.children) {
    if (child.kind == "index") {
      const std::string columns = std::string(child.property("columns")) + ",";
      actual += child.name + (child.property("unique").empty() ? " 0" : " 1") +
                (child.property("where").empty() ? " 0 " : " 1 ") +
                std::to_string(count_in(columns, " desc,")) + "\n";
    }
  }
  CHECK(actual == expected);
}

}  // namespace

CATALOG_TEST("every fixture proves itself") {
  CHECK(fixtures().size() >= 20);
  for (const fs::path& path : fixtures()) {
    const std::string name = path.stem().string();
    CAPTURE(name);
    Subject subject;
    if (is_too_new(path, subject.version())) {
      MESSAGE(name << " needs a newer SQLite");
      continue;
    }
    subject.run_all(statements_of(path));
    const Catalog catalog = subject.read();
    CHECK(catalog.unsupported.empty());
    CHECK(golden_difference(path.parent_path() / "catalogs" / (name + ".catalog"), catalog_text(catalog)) ==
          "");
    check_proves_itself(catalog);
  }
}

CATALOG_TEST("SQLite itself says the same of every fixture") {
  for (const fs::path& path : fixtures()) {
    const std::string name = path.stem().string();
    CAPTURE(name);
    Subject subject;
    if (is_too_new(path, subject.version())) {
      continue;
    }
    subject.run_all(statements_of(path));
    for (const auto& table : subject.read().objects) {
      if (table->kind != "table" || !table->property("options").empty()) {
        continue;
      }
      CAPTURE(table->name);
      check_columns(subject, *table);
      CHECK(subject.rows("SELECT count(DISTINCT id) FROM pragma_foreign_key_list('" + table->name +
                         "')")[0][0] == count_of(*table, {"foreign key"}));
      check_indexes(subject, *table);
    }
  }
}

CATALOG_TEST("the reference set: migrated, installed at once, and rendered are one") {
  Subject fresh;
  fresh.run_all(statements_of(TOOLKIT_SOURCE_DIR "/migrations/schema.sqlite.sql"));
  const Catalog catalog = fresh.read();
  CHECK(catalog.unsupported.empty());
  CHECK(catalog.find("table", "apps") != nullptr);
  CHECK(catalog.find("view", "app_activity") != nullptr);
  Subject migrated;
  migrated.run("PRAGMA user_version");  // makes the file, which a mere reader would not look for again
  MigratorOptions options;
  options.folder.path = TOOLKIT_SOURCE_DIR "/migrations";
  Listener listener;
  REQUIRE_FALSE(Migrator(Project::dialects(), migrated.url(), options).run(Request::up(), listener).failed);
  CHECK(told(catalog, migrated.read()) == "");
  check_proves_itself(catalog);
}

CATALOG_TEST("two ways to one structure") {
  Subject direct;
  direct.run_all(
      {"CREATE TABLE apps (id VARCHAR(36) NOT NULL, title TEXT, n INT NOT NULL DEFAULT 0 CHECK (n >= 0), "
       "CONSTRAINT apps_pk PRIMARY KEY (id))",
       "CREATE TABLE calls (app VARCHAR(36) REFERENCES apps (id) ON DELETE CASCADE)",
       "CREATE UNIQUE INDEX apps_title ON apps (title DESC) WHERE title <> ''",
       "CREATE VIEW busy AS SELECT apps.id, title FROM apps, calls WHERE calls.app = apps.id",
       "CREATE TRIGGER watch AFTER INSERT ON apps WHEN NEW.title IS NULL BEGIN UPDATE apps SET n = 1; END"});
  Subject altered;
  altered.run_all(
      {"create table old_apps ( \"id\" varchar ( 36 ) not null /* key */, name text, constraint apps_pk "
       "primary "
       "key(ID) )",
       "CREATE TABLE calls (app VARCHAR(36), FOREIGN KEY (app) REFERENCES old_apps ON DELETE CASCADE)",
       "CREATE UNIQUE INDEX apps_title ON old_apps (name DESC) WHERE (name != '')",
       "CREATE VIEW busy AS SELECT old_apps.id, name FROM old_apps, calls WHERE calls.app = old_apps.id",
       "CREATE TRIGGER watch AFTER INSERT ON old_apps WHEN new.name is null BEGIN UPDATE old_apps SET n = 1; "
       "END",
       "ALTER TABLE old_apps ADD COLUMN n INT NOT NULL DEFAULT 0 CHECK (n>=0)",
       "ALTER TABLE old_apps RENAME COLUMN name TO title", "ALTER TABLE old_apps RENAME TO apps"});
  CHECK(told(direct.read(), altered.read()) == "");
  CHECK(text_difference(catalog_text(direct.read()), catalog_text(altered.read())) == "");
}

CATALOG_TEST("a rebuilt table is the table that it replaces") {
  Subject subject;
  subject.run_all({"CREATE TABLE t (a INT, b TEXT)", "CREATE INDEX i ON t (b)"});
  const Catalog before = subject.read();
  subject.run_all({"CREATE TABLE t_new (a INT, b TEXT)", "INSERT INTO t_new SELECT * FROM t", "DROP TABLE t",
                   "ALTER TABLE t_new RENAME TO t", "CREATE INDEX i ON t (b)"});
  CHECK(told(before, subject.read()) == "");
}

CATALOG_TEST("only what changed is read again") {
  Subject subject;
  for (const char* name : {"a", "b", "c", "d"}) {
    subject.run(std::string("CREATE TABLE ") + name + " (id INTEGER PRIMARY KEY, n INT REFERENCES a)");
  }
  const Catalog before = subject.read();
  CHECK(subject.read().objects == before.objects);
  CHECK(Subject().read().objects.empty());
  subject.run("CREATE INDEX c_n ON c (n)");
  const Catalog after = subject.read();
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK((before.objects[i] == after.objects[i]) == (i != 2));
  }
  subject.run("DROP INDEX c_n");
  CHECK(told(before, subject.read()) == "");
  // Another key of a parent is another meaning of `REFERENCES a`.
  subject.run_all({"DROP TABLE a", "CREATE TABLE a (other INTEGER PRIMARY KEY)"});
  CHECK(subject.read().find("table", "d")->children.back().property("references") == "a (other)");
  CHECK(text_difference(catalog_text(subject.read()), catalog_text(subject.read_afresh())) == "");
}

CATALOG_TEST("texts that hold the character which joins them") {
  Subject subject;
  const std::string separator(1, 30);
  subject.run_all(
      {"CREATE TABLE plain (a INT)",
       "CREATE TABLE \"odd" + separator + "name\" (a TEXT DEFAULT 'x" + separator + "CREATE TABLE y')"});
  const Catalog before = subject.read();
  CHECK(catalog_text(before) ==
        "catalog 1 sqlite\n\ntable \"odd\\x1ename\"\n  column a\n    type: TEXT\n    logical: text\n    "
        "nullable: yes\n"
        "    default: \"'x\\x1eCREATE TABLE y'\"\n\ntable plain\n  column a\n    type: INT\n    logical: "
        "integer 32\n"
        "    nullable: yes\n");
  check_proves_itself(before);
  subject.run("DROP TABLE \"odd" + separator + "name\"");
  CHECK(subject.read().objects.at(0) == before.objects.at(1));
}

CATALOG_TEST("in a transaction, and after it was rolled back and another took its place") {
  Subject subject;
  subject.run_all({"CREATE TABLE a (x INT)", "BEGIN", "ALTER TABLE a ADD COLUMN y INT"});
  CHECK(subject.read().find("table", "a")->children.size() == 2);
  subject.run_all({"ROLLBACK", "ALTER TABLE a ADD COLUMN z INT"});
  CHECK(subject.read().find("table", "a")->children[1].name == "z");
}

CATALOG_TEST("our own tables, SQLite's and those of virtual ones are left out") {
  Subject subject;
  subject.run_all({"CREATE TABLE toolkit_history (version BIGINT)", "CREATE TABLE TOOLKIT_LOG (id INT)",
                   "CREATE INDEX of_ours ON toolkit_history (version)",
                   "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)", "CREATE INDEX t_i ON t (id)",
                   "ANALYZE", "CREATE VIRTUAL TABLE s USING fts5(a)"});
  CHECK(catalog_text(subject.read()) ==
        "catalog 1 sqlite\n\ntable s\n  options: using fts5(a)\n\ntable t\n  column id\n    type: INTEGER\n"
        "    logical: integer\n    nullable: no\n    identity: rowid\n    auto-increment: yes\n  primary key "
        "\"\"\n"
        "    columns: id\n    name-origin: generated\n  index t_i\n    columns: id\n");
}

CATALOG_TEST("differences that a forgotten statement leaves are named") {
  Subject subject;
  subject.run_all(
      {"CREATE TABLE t (a INT NOT NULL DEFAULT 1, b TEXT REFERENCES t (a) ON DELETE CASCADE, CHECK (a > 0))",
       "CREATE INDEX i ON t (a DESC)", "CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END"});
  const Catalog before = subject.read();
  subject.run_all({"DROP TABLE t", "CREATE TABLE t (b TEXT REFERENCES t (a), a INT DEFAULT 2)",
                   "CREATE INDEX i ON t (a)"});
  CHECK(told(before, subject.read()) ==
        "logical: table t, column a: nullable is yes, expected no\n"
        "logical: table t, column a: default is 2, expected 1\n"
        "physical: table t, column a: position is after b, expected first\n"
        "logical: table t, foreign key (b): on-delete is none, expected cascade\n"
        "logical: table t, check (a > 0): missing, expected a > 0\n"
        "logical: table t, index i: columns is a, expected a desc\n"
        "logical: table t, trigger tr: missing, expected after insert\n");
}

CATALOG_TEST("a thousand tables") {
  Subject subject;
  subject.run("BEGIN");
  for (int i = 0; i < 1000; ++i) {
    const std::string name = "table_" + std::to_string(i);
    subject.run("CREATE TABLE " + name +
                " (id VARCHAR(36) NOT NULL, name TEXT NOT NULL DEFAULT '', amount DECIMAL(12, 4), created_at "
                "DATETIME, "
                "CONSTRAINT pk PRIMARY KEY (id), CHECK (amount > 0))");
    subject.run("CREATE INDEX " + name + "_i ON " + name + " (name, created_at DESC)");
  }
  subject.run("COMMIT");
  const auto milliseconds = [](const auto& call) {
    const auto begin = std::chrono::steady_clock::now();
    call();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  };
  Catalog before;
  Catalog after;
  std::vector<Difference> differences;
  const double first = milliseconds([&] { before = subject.read(); });
  const double same = milliseconds([&] { after = subject.read(); });
  subject.run("ALTER TABLE table_500 ADD COLUMN n INT");
  const double one = milliseconds([&] { after = subject.read(); });
  const double compared = milliseconds([&] { differences = diff(before, after); });
  MESSAGE("1000 tables, ms: first " << first << ", unchanged " << same << ", one changed " << one << ", diff "
                                    << compared);
  CHECK(before.objects.size() == 1000);
  REQUIRE(differences.size() == 1);
  CHECK(describe(differences[0]) == "table table_500, column n: unexpected, is INT");
  std::size_t shared = 0;
  for (std::size_t i = 0; i < 1000; ++i) {
    shared += before.objects[i] == after.objects[i] ? 1U : 0U;
  }
  CHECK(shared == 999);
}

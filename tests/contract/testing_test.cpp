#include "toolkit/testing.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>
#include <thread>

#include "../support/files.hpp"
#include "../support/native.hpp"
#include "../support/servers.hpp"
#include "../support/temp_folder.hpp"
#include "toolkit/error.hpp"
#include "toolkit/process.hpp"

using namespace toolkit::test;
namespace tt = toolkit::testing;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

const std::string reference = TOOLKIT_SOURCE_DIR "/migrations";

/// A variable of the environment for a scope.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    if (const char* before = std::getenv(name)) {
      before_ = before;
    }
    setenv(name, value.c_str(), 1);
  }
  ~Variable() {
    if (before_) {
      setenv(name_, before_->c_str(), 1);
    } else {
      unsetenv(name_);
    }
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_;
};

/// Two versions that hold, on every engine.
class Set {
 public:
  Set() {
    write("0001_create_items.up.sql",
          "CREATE TABLE items (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL)");
    write("0001_create_items.down.sql", "DROP TABLE items");
    write("0002_seed_items.up.sql", "INSERT INTO items (id, name) VALUES (1, 'first')");
    write("0002_seed_items.down.sql", "DELETE FROM items WHERE id = 1");
  }
  std::string path() const { return folder_.path().string(); }
  void write(const std::string& name, const std::string& text) const {
    write_file(folder_ / name, text + "\n");
  }

 private:
  TempFolder folder_;
};

/// Without the folder, which differs from run to run, and without the library's version.
std::string stable(std::string message, const Set& set) {
  for (std::size_t at = message.find(set.path()); at != std::string::npos; at = message.find(set.path())) {
    message.replace(at, set.path().size(), "FOLDER");
  }
  const std::size_t version = message.find("(SQLite ");
  if (version != std::string::npos) {
    message.replace(version, message.find(')', version) - version, "(SQLite V");
  }
  return message;
}

#define FOR_EACH_TESTING_ENGINE(engine)                        \
  for (const std::string& engine : tt::engines()) /* NOLINT */ \
  SUBCASE((engine).c_str())

bool ends_within(const toolkit::ProcessIdentity& process, std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (toolkit::is_running(process) && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(5ms);
  }
  return !toolkit::is_running(process);
}

}  // namespace

TEST_CASE("testing: each test has a database of its own, with the rows and the history of the migrations") {
  FOR_EACH_TESTING_ENGINE(engine) {
    const Set set;
    const tt::Database first = tt::at_newest(set.path(), engine);
    first.execute("INSERT INTO items VALUES (2, 'of the first test')");
    first.execute("CREATE TABLE scratch (n INTEGER)");
    const tt::Database second = tt::at_newest(set.path(), engine);
    CHECK(first.url() != second.url());
    CHECK(second.value("SELECT count(*) FROM items") == "1");
    CHECK(second.value("SELECT name FROM items") == "first");
    CHECK(tt::snapshot(second).find("table", "scratch") == nullptr);
    CHECK(tt::snapshot(first).find("table", "scratch") != nullptr);
    CHECK(tt::snapshot(second).find("table", "toolkit_history") == nullptr);
    CHECK(second.engine() == engine);

    toolkit::MigratorOptions options;
    options.folder.path = set.path();
    const toolkit::Registry dialects = toolkit::builtin_dialects();
    const toolkit::StatusReport status = toolkit::Migrator(dialects, second.url(), options).status();
    CHECK(status.current == 2);
    CHECK(status.counts == std::map<std::string, std::int64_t>{{"applied", 2}});
    CHECK(status.problems.empty());
  }
}

TEST_CASE("testing: a database stands at the version that was asked for, and goes on from there") {
  FOR_EACH_TESTING_ENGINE(engine) {
    const tt::Database at_8 = tt::at_version(reference, engine, 8);
    CHECK(tt::snapshot(at_8).find("table", "apps") != nullptr);
    CHECK(tt::snapshot(at_8).find("table", "settings") == nullptr);
    at_8.go_to(reference, 13);
    CHECK(at_8.value("SELECT count(*) FROM settings") != "0");
    const tt::Database at_13 = tt::at_version(reference, engine, 13);  // made from a copy of the one at 8
    CHECK(diff(tt::snapshot(at_13), tt::snapshot(at_8)).empty());
    CHECK(at_13.value("SELECT count(*) FROM settings") == at_8.value("SELECT count(*) FROM settings"));
    CHECK(tt::snapshot(tt::at_version(reference, engine, 0)).objects.empty());
    CHECK(tt::snapshot(tt::empty_database(engine)).objects.empty());
    CHECK_THROWS_AS(tt::at_version(reference, engine, 4711), toolkit::Error);
  }
}

TEST_CASE("testing: a copy of the reference set differs in nothing from a database that was migrated") {
  FOR_EACH_TESTING_ENGINE(engine) {
    const tt::Database migrated = tt::empty_database(engine);
    migrated.go_to(reference, 29);
    const tt::Database copied = tt::at_newest(reference, engine);
    const tt::Database copied_again = tt::at_newest(reference, engine);
    for (const tt::Database* copy : {&copied, &copied_again}) {
      for (const toolkit::Difference& difference : diff(tt::snapshot(migrated), tt::snapshot(*copy))) {
        FAIL_CHECK(describe(difference));
      }
    }
    // The template is a copy of its own: going down in one leaves the others.
    copied.go_to(reference, 22);
    CHECK(diff(tt::snapshot(migrated), tt::snapshot(copied_again)).empty());
  }
}

TEST_CASE("testing: files that have changed are seen") {
  const Set set;
  CHECK(tt::at_newest(set.path(), "sqlite").value("SELECT name FROM items") == "first");
  CHECK(tt::check_round_trip(set.path(), "sqlite"));
  set.write("0002_seed_items.up.sql", "INSERT INTO items (id, name) VALUES (1, 'other')");
  set.write("0002_seed_items.down.sql", "DROP TABLE items");
  CHECK(tt::at_newest(set.path(), "sqlite").value("SELECT name FROM items") == "other");
  CHECK_FALSE(tt::check_round_trip(set.path(), "sqlite"));
}

TEST_CASE("testing: threads each get a database of their own") {
  FOR_EACH_TESTING_ENGINE(engine) {
    const Set set;
    std::mutex mutex;
    std::set<std::string> urls;
    std::string failures;
    {
      std::vector<std::jthread> threads;
      threads.reserve(8);
      for (int number = 0; number < 8; ++number) {
        threads.emplace_back([&, number] {
          try {
            const tt::Database database = tt::at_newest(set.path(), engine);
            database.execute("INSERT INTO items VALUES (" + std::to_string(10 + number) + ", 'of a thread')");
            const auto rows = database.value("SELECT count(*) FROM items");
            const std::lock_guard guard(mutex);
            urls.insert(database.url());
            failures += rows == "2" ? "" : "rows: " + rows.value_or("none") + "\n";
          } catch (const std::exception& failure) {
            const std::lock_guard guard(mutex);
            failures += failure.what();
          }
        });
      }
    }
    CHECK(failures == "");
    CHECK(urls.size() == 8);
  }
}

TEST_CASE("testing: a killed test process leaves no server and no folder behind") {
  FOR_EACH_TESTING_ENGINE(engine) {
    if (engine == "sqlite") {
      return;  // no server; what is left of the folder goes with the next sandbox
    }
    const TempFolder notes;
    const pid_t owner = fork();
    if (owner == 0) {
      try {
        const tt::Database database = tt::empty_database(engine);
        const auto& options = database.parts().options;
        write_file(notes / "new", engine == "postgresql"
                                      ? options.at("host") + "/data/postmaster.pid"
                                      : fs::path(options.at("socket")).parent_path().string() + "/pid");
        fs::rename(notes / "new", notes / "pid");
        pause();
      } catch (const std::exception& failure) {
        write_file(notes / "pid", failure.what());
      }
      std::_Exit(1);
    }
    for (int turn = 0; turn < 10000 && !fs::exists(notes / "pid"); ++turn) {
      std::this_thread::sleep_for(2ms);
    }
    const std::string pid_file = read_file(notes / "pid");
    CAPTURE(pid_file);
    const toolkit::ProcessIdentity server = toolkit::identify_process(std::stoi(read_file(pid_file)));
    CHECK(toolkit::is_running(server));
    kill(owner, SIGKILL);
    waitpid(owner, nullptr, 0);
    CHECK(ends_within(server, 5s));
    for (int turn = 0; turn < 1000 && fs::exists(pid_file); ++turn) {
      std::this_thread::sleep_for(5ms);
    }
    CHECK_FALSE(fs::exists(pid_file));
  }
}

TEST_CASE("testing: a child by fork has a server of its own, and ends without touching its parent's") {
  FOR_EACH_TESTING_ENGINE(engine) {
    tt::Database database = tt::empty_database(engine);
    database.execute("CREATE TABLE t (n INTEGER)");
    const pid_t child = fork();
    if (child == 0) {
      int result = 1;
      try {
        const tt::Database inherited(std::move(database));
        const tt::Database own = tt::empty_database(engine);
        const bool is_same_server = own.parts().options == inherited.parts().options && engine != "sqlite";
        own.execute("CREATE TABLE t (n INTEGER)");
        result = is_same_server ? 2 : 0;
      } catch (const std::exception&) {
      }
      exit(result);  // destructors of the process too, NOLINT(concurrency-mt-unsafe)
    }
    int status = -1;
    waitpid(child, &status, 0);
    CHECK(status == 0);
    CHECK(tt::snapshot(database).find("table", "t") != nullptr);
  }
}

TEST_CASE("testing: on a server given by its URL the migrations run for each test, and nothing stays") {
  const Set set;
  for (const std::string& engine : tt::engines()) {
    if (engine == "sqlite") {
      continue;
    }
    CAPTURE(engine);
    toolkit::SandboxOptions options;
    options.tcp = true;  // so with a password
    const auto sandbox = start_sandbox(engine, options);
    const auto administrator = open_native(sandbox->url());
    const std::string count = engine == "postgresql"
                                  ? "SELECT count(*) FROM pg_database WHERE datname LIKE 'toolkit_v_%'"
                                  : "SELECT count(*) FROM information_schema.schemata WHERE schema_name LIKE "
                                    "'toolkit_v_%'";
    std::unique_ptr<NativeSession> forgotten;
    {
      const tt::Database first = tt::at_newest(set.path(), sandbox->url());
      forgotten = open_native(first.url());
      const tt::Database second = tt::at_newest(set.path(), sandbox->url());
      first.execute("INSERT INTO items VALUES (2, 'of the first')");
      CHECK(open_native(second.url())->value("SELECT count(*) FROM items") == "1");
      CHECK(administrator->value(count) == "2");
    }
    CHECK(administrator->value(count) == "0");
  }
}

TEST_CASE("testing: the base file comes before the migrations, and a copy has it too") {
  FOR_EACH_TESTING_ENGINE(engine) {
    const Set set;
    set.write("base.sql", "CREATE TABLE old (id INTEGER PRIMARY KEY); INSERT INTO old VALUES (5)");
    const tt::Database at_0 = tt::at_version(set.path(), engine, 0);
    const tt::Database newest = tt::at_newest(set.path(), engine);
    CHECK(at_0.value("SELECT count(*) FROM old") == "1");
    CHECK(tt::snapshot(at_0).find("table", "items") == nullptr);
    CHECK(newest.value("SELECT id FROM old") == "5");
  }
}

TEST_CASE("testing: the engines that were asked for must be there") {
  const auto message = [](const auto& action) -> std::string {
    try {
      action();
      return "nothing thrown";
    } catch (const toolkit::Error& failure) {
      return failure.what();
    }
  };
  using Names = std::vector<std::string>;
  {
    const Variable variable("TOOLKIT_TEST_ENGINES", "sqlite");
    CHECK(tt::engines() == Names{"sqlite"});
    CHECK(tt::engines({"postgresql", "sqlite"}) == Names{"sqlite"});
    CHECK(tt::engines({"postgresql"}).empty());
  }
  {
    const Variable variable("TOOLKIT_TEST_ENGINES", "sqlite, postgresql:/nowhere/bin");
    const std::string expected =
        "TOOLKIT_TEST_ENGINES asks for postgresql:/nowhere/bin, and no server of it can be started here: its "
        "programs are not in /nowhere/bin";
    CHECK(message([] { static_cast<void>(tt::engines()); }) == expected);
    CHECK(message([] { static_cast<void>(tt::engines({"sqlite"})); }) == expected);
  }
  {
    const Variable variable("TOOLKIT_TEST_ENGINES", "oracle");
    CHECK(message([] { static_cast<void>(tt::engines()); }) == "'oracle' is no engine");
  }
  {
    const Variable variable("TOOLKIT_TEST_ENGINES", "");
    CHECK(
        message([] { static_cast<void>(tt::engines({"mysql:/nowhere/bin"})); }) ==
        "the test asks for mysql:/nowhere/bin, and no server of it can be started here: its programs are not "
        "in /nowhere/bin");
  }
}

TEST_CASE("testing: a round trip that fails says what, where, and which file") {
  const Set set;
  set.write("0003_index_items.up.sql", "CREATE INDEX items_by_name ON items (name)");
  set.write("0003_index_items.down.sql", "DROP INDEX items_by_name");
  const tt::Result good = tt::check_round_trip(set.path(), "sqlite");
  CHECK(good.ok);
  CHECK(stable(good.message, set) == "round trip on sqlite (SQLite V): 12 checks passed");
  set.write("0003_index_items.down.sql", "DROP INDEX IF EXISTS items_by_nam");
  const std::string finding =
      "\n  0003_index_items, down: the way back does not restore the schema: 1 difference"
      "\n    table items, index items_by_name: unexpected, is (name)"
      "\n    look at FOLDER/0003_index_items.down.sql";
  const tt::Result all = tt::check_round_trip(set.path(), "sqlite");
  CHECK_FALSE(all.ok);
  CHECK(stable(all.message, set) == "round trip on sqlite (SQLite V): 1 of 11 checks failed" + finding);
  CHECK(stable(tt::check_round_trip(set.path(), "sqlite", 3).message, set) ==
        "round trip of 0003_index_items on sqlite (SQLite V): 1 of 3 checks failed" + finding);
  CHECK(stable(tt::check_round_trip(set.path(), "sqlite", 1).message, set) ==
        "round trip of 0001_create_items on sqlite (SQLite V): 3 checks passed");
  CHECK(tt::check_round_trip(set.path(), "sqlite", 1));
  CHECK(stable(tt::check_round_trip(set.path(), "sqlite", 99).message, set) ==
        "round trip of 99 on sqlite (SQLite V): there is no such version");
  std::ostringstream shown;
  shown << all;
  CHECK(shown.str() == all.message);
}

TEST_CASE("testing: a version behind one that fails is not proven") {
  const Set set;
  set.write("0003_break.up.sql", "CREATE TABLE items (id INTEGER)");
  set.write("0003_break.down.sql", "SELECT 1");
  set.write("0004_more.up.sql", "CREATE TABLE more (id INTEGER)");
  set.write("0004_more.down.sql", "DROP TABLE more");
  const tt::Result result = tt::check_round_trip(set.path(), "sqlite", 4);
  CHECK_FALSE(result.ok);
  CHECK(stable(result.message, set).starts_with("round trip of 0004_more on sqlite (SQLite V)"));
  CHECK(stable(result.message, set).find("0003_break.up.sql") != std::string::npos);
  CHECK_FALSE(tt::check_fresh(set.path(), "sqlite"));
  CHECK_FALSE(tt::check_parity(set.path(), {"sqlite", "sqlite"}));
  CHECK(tt::check_round_trip(set.path(), "sqlite", 2));
}

TEST_CASE("testing: what cannot be checked fails, and says why") {
  CHECK(tt::check_round_trip("/nowhere", "sqlite").message ==
        "round trip on sqlite: /nowhere: no such migrations folder\n    next: create it, or name another one "
        "with "
        "--migrations DIR");
  const Set set;
  CHECK(
      stable(tt::check_fresh(set.path(), "sqlite").message, set) ==
      "fresh schema on sqlite (SQLite V): there is no schema.sqlite.sql or schema.sql beside the migrations");
  CHECK(tt::check_parity(set.path(), {"sqlite"}).message ==
        "parity of sqlite: there is nothing to hold against each other: name two engines or more");
  const tt::Result missing = tt::check_round_trip(set.path(), "postgresql:/nowhere/bin");
  CHECK_FALSE(missing.ok);
  CHECK(missing.message.find("/nowhere/bin") != std::string::npos);
}

TEST_CASE("testing: the fresh schema of a set is held against it") {
  const Set set;
  set.write("schema.sql",
            "-- toolkit: schema-version 0002\nCREATE TABLE items (id INTEGER PRIMARY KEY, name VARCHAR(30))");
  const tt::Result result = tt::check_fresh(set.path(), "sqlite");
  CHECK_FALSE(result.ok);
  CHECK(stable(result.message, set) ==
        "fresh schema on sqlite (SQLite V): a fresh installation differs from a migrated one: 3 differences"
        "\n  table items, column name: type is VARCHAR(30), expected VARCHAR(40)"
        "\n  table items, column name: logical is varchar 30, expected varchar 40"
        "\n  table items, column name: nullable is yes, expected no"
        "\n  look at FOLDER/schema.sql");
}

TEST_CASE("testing: the reference set is proven on every engine, and its dialects agree") {
  tt::Migrations migrations = tt::Migrations::configured(reference + "/toolkit.toml");
  migrations.migrator.folder.path = reference;
  for (const std::string& engine : tt::engines()) {
    CAPTURE(engine);
    CHECK(tt::check_round_trip(migrations, engine));
    CHECK(tt::check_round_trip(migrations, engine, 15));
    CHECK(tt::check_fresh(migrations, engine));
  }
  if (tt::engines().size() > 1) {
    CHECK(tt::check_parity(migrations, tt::engines()));
  }
}

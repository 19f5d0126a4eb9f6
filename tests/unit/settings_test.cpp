#include "toolkit/settings.hpp"

#include <doctest/doctest.h>

#include <map>

#include "../support/files.hpp"
#include "../support/temp_folder.hpp"
#include "../support/thrown.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

using Environment = std::map<std::string, std::string>;

/// A toolkit.toml in a folder of its own, and an environment of this test alone.
struct Sources {
  explicit Sources(const std::string& toml) {
    write_file(folder / "toolkit.toml", toml);
    flags.config = (folder / "toolkit.toml").string();
  }

  Settings resolve() const {
    return resolve_settings(flags, [this](const std::string& name) -> std::optional<std::string> {
      const auto found = environment.find(name);
      return found == environment.end() ? std::nullopt : std::optional(found->second);
    });
  }
  std::string refusal() const {
    return text_thrown_by([this] { resolve(); }, folder.path().string(), "DIR");
  }
  /// The URL for people, and where it came from.
  std::string database() const {
    const Settings settings = resolve();
    std::string origin = settings.database_origin;
    const std::size_t at = origin.find(folder.path().string());
    if (at != std::string::npos) {
      origin.replace(at, folder.path().string().size(), "DIR");
    }
    return settings.require_database().display() + " from " + origin;
  }
  std::string password() const { return resolve().require_database().password; }

  TempFolder folder;
  SettingFlags flags;
  Environment environment;
};

}  // namespace

TEST_CASE("the URL: flag, then environment, then toolkit.toml") {
  Sources sources("database = \"sqlite:file.db\"\n[env.test]\ndatabase = \"sqlite:test.db\"\n");
  CHECK(sources.database() == "sqlite:file.db from DIR/toolkit.toml");
  sources.environment["DATABASE_URL"] = "sqlite:plain.db";
  CHECK(sources.database() == "sqlite:plain.db from DATABASE_URL");
  sources.environment["TOOLKIT_DATABASE_URL"] = "sqlite:own.db";
  CHECK(sources.database() == "sqlite:own.db from TOOLKIT_DATABASE_URL");
  sources.environment["TOOLKIT_DATABASE_URL"] = "";
  CHECK(sources.database() == "sqlite:plain.db from DATABASE_URL");
  // --env is said on the command line.
  sources.flags.env = "test";
  CHECK(sources.database() == "sqlite:test.db from DIR/toolkit.toml [env.test]");
  sources.flags.database = "sqlite:flag.db";
  CHECK(sources.database() == "sqlite:flag.db from --database");
}

TEST_CASE("an environment without a URL of its own has the file's") {
  Sources sources("database = \"mysql://u@h/d\"\n[env.test]\npassword_file = \"secret\"\n");
  write_file(sources.folder / "secret", "pass word\r\nmore\n");
  sources.flags.env = "test";
  CHECK(sources.database() == "mysql://u:***@h/d from DIR/toolkit.toml");
  CHECK(sources.password() == "pass word");
}

TEST_CASE("the password: in the URL, then a file (flag, environment, toolkit.toml), then the environment") {
  Sources sources("database = \"mysql://u@h/d\"\npassword_file = \"of_toml\"\n");
  write_files(sources.folder.path(), {{"of_toml", "toml"}, {"of_env", "env\n"}, {"of_flag", "flag"}});
  sources.environment["TOOLKIT_DATABASE_PASSWORD"] = "plain";
  CHECK(sources.password() == "toml");
  sources.environment["TOOLKIT_DATABASE_PASSWORD_FILE"] = (sources.folder / "of_env").string();
  CHECK(sources.password() == "env");
  sources.flags.password_file = (sources.folder / "of_flag").string();
  CHECK(sources.password() == "flag");
  sources.flags.database = "mysql://u:url@h/d";
  CHECK(sources.password() == "url");
  Sources without("database = \"mysql://u@h/d\"\n");
  CHECK_FALSE(without.resolve().require_database().has_password);
  without.environment["TOOLKIT_DATABASE_PASSWORD"] = "plain";
  CHECK(without.password() == "plain");
}

TEST_CASE("everything that toolkit.toml can say is read; its paths are relative to it") {
  Sources sources(
      "[migrations]\nfolder = \"db\"\ndialects = [\"pg\", \"sqlite3\"]\npostgresql = \"db/pg\"\n"
      "file_size_limit = 1000\n"
      "[history]\nschema = \"ops\"\ntable = \"t\"\nlog_table = \"l\"\n"
      "[timeouts]\nconnect = \"3s\"\nobject_lock = \"250ms\"\nstatement = \"1m\"\nrunner_lock = \"2h\"\n"
      "[mysql]\nsql_mode = \"ANSI\"\nsingle_writer = true\n");
  const MigratorOptions options = sources.resolve().migrator;
  CHECK(options.folder.path == (sources.folder / "db").string());
  CHECK(options.folder.dialects == std::vector<std::string>{"postgresql", "sqlite"});
  CHECK(options.folder.folders ==
        std::map<std::string, std::string>{{"postgresql", (sources.folder / "db/pg").string()}});
  CHECK(options.folder.file_size_limit == 1000);
  CHECK(options.place.schema == "ops");
  CHECK(options.place.table == "t");
  CHECK(options.place.log_table == "l");
  CHECK(options.timeouts.connect == std::chrono::seconds(3));
  CHECK(options.timeouts.object_lock == std::chrono::milliseconds(250));
  CHECK(options.timeouts.statement == std::chrono::minutes(1));
  CHECK(options.timeouts.runner_lock == std::chrono::hours(2));
  CHECK(options.sql_mode == "ANSI");
  CHECK(options.single_writer);
}

TEST_CASE("flags stand above toolkit.toml; without either there are defaults") {
  Sources sources("[migrations]\nfolder = \"db\"\nsqlite = \"lite\"\n[history]\nschema = \"ops\"\n");
  sources.flags.migrations = "elsewhere";
  sources.flags.history_schema = "other";
  const MigratorOptions options = sources.resolve().migrator;
  CHECK(options.folder.path == "elsewhere");
  CHECK(options.folder.folders.empty());
  CHECK(options.place.schema == "other");
  const MigratorOptions plain = Sources("").resolve().migrator;
  CHECK(plain.folder.path == "migrations");
  CHECK(plain.folder.file_size_limit == 16U << 20U);
  CHECK(plain.place.table == "toolkit_history");
  CHECK(plain.place.log_table == "toolkit_log");
  CHECK(plain.timeouts.connect == std::chrono::seconds(10));
  CHECK(plain.timeouts.runner_lock == std::chrono::minutes(5));
}

TEST_CASE("durations of the command line stand above toolkit.toml") {
  Sources sources("[timeouts]\nconnect = \"3s\"\nrunner_lock = \"4s\"\n");
  sources.flags.lock_wait = "2m";
  sources.flags.connect_timeout = "500ms";
  const Timeouts timeouts = sources.resolve().migrator.timeouts;
  CHECK(timeouts.runner_lock == std::chrono::minutes(2));
  CHECK(timeouts.connect == std::chrono::milliseconds(500));
  sources.flags.lock_wait = "5";
  CHECK(sources.refusal() ==
        "error: --lock-wait: '5' is no duration\n"
        "  next: write 500ms, 30s or 2m\n");
}

TEST_CASE("retries: the command line, then toolkit.toml, then five; 0 is none") {
  Sources sources("[run]\nretries = 0\n");
  CHECK(Sources("").resolve().migrator.retries == 5);
  CHECK(sources.resolve().migrator.retries == 0);
  sources.flags.retries = "1000";
  CHECK(sources.resolve().migrator.retries == 1000);
  for (const std::string bad : {"1001", "-1", "five", "99999999999999999999", " 1"}) {
    sources.flags.retries = bad;
    CHECK(sources.refusal() == "error: --retries: '" + bad + "' is no number from 0 to 1000\n");
  }
  CHECK(Sources("[run]\nretries = 1001\n").refusal() ==
        "error: [run] retries of DIR/toolkit.toml is more than 1000\n");
  CHECK(Sources("[run]\nretries = -1\n").refusal() ==
        "DIR/toolkit.toml:2:11: 'retries' must be a whole number, 0 or more\n");
}

TEST_CASE("a command that needs a database says how to give one") {
  const Settings settings = Sources("").resolve();
  CHECK_FALSE(settings.database);
  CHECK(text_thrown_by([&] { settings.require_database(); }) ==
        "error: this command needs a database\n"
        "  next: give --database URL, set TOOLKIT_DATABASE_URL, or write database = \"URL\" into "
        "toolkit.toml; a "
        "URL looks like sqlite:app.db or postgresql://user@host/database\n");
}

TEST_CASE("mistakes in toolkit.toml are errors at their place") {
  CHECK(Sources("[migrations]\nfoldr = \"x\"\n").refusal() ==
        "DIR/toolkit.toml:2:1: unknown key 'foldr' in [migrations]\n  next: did you mean folder?\n");
  CHECK(Sources("[migrations]\nfolder = 5\n").refusal() ==
        "DIR/toolkit.toml:2:10: 'folder' must be a text\n");
  CHECK(Sources("[migrations]\ndialects = \"sqlite\"\n").refusal() ==
        "DIR/toolkit.toml:2:12: 'dialects' must be a list of texts\n");
  CHECK(Sources("[migrations]\ndialects = [\"oracle\"]\n").refusal() ==
        "error: unknown dialect 'oracle' in [migrations] dialects of DIR/toolkit.toml\n");
  CHECK(Sources("[migrations]\nfile_size_limit = 0\n").refusal() ==
        "DIR/toolkit.toml:2:19: 'file_size_limit' must be a whole number above 0\n");
  CHECK(Sources("[timeouts]\nconnect = 5\n").refusal() ==
        "DIR/toolkit.toml:2:11: 'connect' must be a duration such as \"5s\" or \"500ms\"\n");
  CHECK(Sources("migrations = 1\n").refusal() == "DIR/toolkit.toml:1:14: 'migrations' must be a table\n");
  CHECK(Sources("[env]\ntest = 1\n").refusal() == "DIR/toolkit.toml:2:8: 'test' must be a table\n");
  CHECK(
      Sources("[env.test]\nurl = \"x\"\n").refusal() ==
      "DIR/toolkit.toml:2:1: unknown key 'url' in [env.test]\n  next: known are: database, password_file\n");
  CHECK(thrown_by([] { Sources("a = \n").resolve(); }).kind == ErrorKind::configuration);
  CHECK(Sources("x = [1,\n").refusal().find("DIR/toolkit.toml:") == 0);
}

TEST_CASE("an environment that is not there is named") {
  Sources sources("[env.test]\ndatabase = \"sqlite:a\"\n");
  sources.flags.env = "prod";
  CHECK(sources.refusal() == "error: there is no [env.prod] in DIR/toolkit.toml\n");
  Sources none("");
  none.flags.env = "prod";
  CHECK(none.refusal() == "error: there is no [env.prod] in DIR/toolkit.toml\n");
}

TEST_CASE("a toolkit.toml or a password file that is not there is an error") {
  Sources sources("");
  sources.flags.config = (sources.folder / "absent.toml").string();
  CHECK(sources.refusal() == "DIR/absent.toml: cannot read the file: No such file or directory\n");
  Sources secret("database = \"mysql://u@h/d\"\npassword_file = \"absent\"\n");
  CHECK(secret.refusal() == "DIR/absent: cannot read the file: No such file or directory\n");
}

TEST_CASE(
    "what SQLite migrations may do beyond their file goes into the URL of a file, unless that says "
    "otherwise") {
  Sources sources("[sqlite]\nallow_vacuum_into = true\nallow_load_extension = false\n");
  sources.environment["DATABASE_URL"] = "sqlite:a.db?allow_load_extension=on";
  CHECK(sources.resolve().require_database().options ==
        std::map<std::string, std::string>{{"allow_load_extension", "on"}, {"allow_vacuum_into", "on"}});
  sources.environment["DATABASE_URL"] = "postgresql://h/d";
  CHECK(sources.resolve().require_database().options.empty());
  CHECK(Sources("[sqlite]\nallow_vacuum_into = 1\n").refusal().find("true or false") != std::string::npos);
  CHECK(Sources("[sqlite]\nallow_attach = true\n").refusal().find("allow_attach") != std::string::npos);
}

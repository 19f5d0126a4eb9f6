#include <doctest/doctest.h>

#include "../support/secrets.hpp"
#include "project.hpp"

using namespace toolkit::test;

// Settings need no server: SQLite stands for all.

namespace {

/// A folder without TOOLKIT_DATABASE_URL.
class Settings {
 public:
  Settings() { write_files(folder_ / "migrations", pairs({"1_a"})); }

  void toml(const std::string& text) const { write_file(folder_ / "toolkit.toml", text); }
  const TempFolder& folder() const { return folder_; }

  Outcome run(std::vector<std::string> arguments, std::map<std::string, std::string> environment = {}) const {
    Command command;
    command.arguments = std::move(arguments);
    command.environment = std::move(environment);
    command.working_folder = folder_.path();
    return run_command(command);
  }

  std::string first_line(std::vector<std::string> arguments,
                         std::map<std::string, std::string> environment = {}) const {
    const Outcome outcome = run(std::move(arguments), std::move(environment));
    const std::string text = outcome.out.empty() ? outcome.err : outcome.out;
    return text.substr(0, text.find('\n'));
  }

 private:
  TempFolder folder_;
};

}  // namespace

TEST_CASE("cli: flag before environment before toolkit.toml, and the first line says which") {
  const Settings settings;
  const std::map<std::string, std::string> both = {{"TOOLKIT_DATABASE_URL", "sqlite:tool.db"},
                                                   {"DATABASE_URL", "sqlite:general.db"}};
  CHECK(settings.first_line({"status"}) == "error: this command needs a database");
  CHECK(settings.run({"status"}).exit_code == 2);
  settings.toml("database = \"sqlite:top.db\"\n[env.test]\ndatabase = \"sqlite:test.db\"\n[env.bare]\n");
  CHECK(settings.first_line({"status"}) == "database: sqlite:top.db (from toolkit.toml)");
  CHECK(settings.first_line({"status", "--env", "test"}) ==
        "database: sqlite:test.db (from toolkit.toml [env.test])");
  CHECK(settings.first_line({"status", "--env", "bare"}) == "database: sqlite:top.db (from toolkit.toml)");
  CHECK(settings.first_line({"status"}, {{"DATABASE_URL", "sqlite:general.db"}}) ==
        "database: sqlite:general.db (from DATABASE_URL)");
  CHECK(settings.first_line({"status"}, both) == "database: sqlite:tool.db (from TOOLKIT_DATABASE_URL)");
  CHECK(settings.first_line({"status", "-d", "sqlite:flag.db"}, both) ==
        "database: sqlite:flag.db (from --database)");
  CHECK(settings.first_line({"status"}, {{"TOOLKIT_DATABASE_URL", ""}}) ==
        "database: sqlite:top.db (from toolkit.toml)");
  CHECK(settings.first_line({"status", "--env", "absent"}) ==
        "error: there is no [env.absent] in toolkit.toml");
}

TEST_CASE("cli: paths of toolkit.toml are relative to it, those of flags to the working folder") {
  const Settings settings;
  write_files(settings.folder() / "db", pairs({"7_seven"}));
  write_file(settings.folder() / "db/toolkit.toml",
             "database = \"sqlite:app.db\"\n[migrations]\nfolder = \".\"\n");
  CHECK(settings.run({"list", "--config", "db/toolkit.toml"}).out == "7_seven\n");
  CHECK(settings.run({"list", "--config", "db/toolkit.toml", "--migrations", "migrations"}).out == "1_a\n");
  CHECK(settings.run({"list", "--config", "absent.toml"}).exit_code == 2);
}

TEST_CASE("cli: a broken toolkit.toml is exit 2 with line and column") {
  const Settings settings;
  std::string text;
  for (const std::string toml :
       {"database = \n", "[migrations]\nfoldr = \"db\"\n", "databse = \"sqlite:a.db\"\n",
        "[migrations]\nfolder = 3\n", "[timeouts]\nconnect = \"soon\"\n", "[timeouts]\nconnect = 5\n",
        "[migrations]\ndialects = [\"oracle\"]\n", "[migrations]\nfile_size_limit = -1\n",
        "[env.test]\nurl = \"sqlite:a.db\"\n", "env = 3\n", "[migrations\n"}) {
    settings.toml(toml);
    const Outcome outcome = settings.run({"list"});
    CHECK(outcome.exit_code == 2);
    text += toml + "=> " + outcome.err + "\n";
  }
  CHECK(difference_from("toml", text) == "");
}

TEST_CASE("cli: a password comes from a file or the environment") {
  for (const std::string engine : {"mysql", "mariadb"}) {
    for (const TestServer& server : test_servers(engine)) {
      CAPTURE(server.label);
      Project project(server, pairs({"1_a"}));
      const std::string user = "p" + project.database().name().substr(1);
      const std::string account = "'" + user + "'@'%'";
      project.database().run("CREATE USER " + account + " IDENTIFIED BY '" + test_password() + "'");
      project.database().run("GRANT ALL ON " + project.database().name() + ".* TO " + account);
      const std::string& full = project.database().url();
      const auto begin = full.find("://") + 3;
      const std::string url = full.substr(0, begin) + user + full.substr(full.find('@', begin));
      write_file(project.folder() / "password", test_password() + "\nnot this line\n");
      write_file(project.folder() / "wrong", made_up_password("of-nobody") + "\n");
      const auto exit_code = [&](std::vector<std::string> arguments,
                                 std::map<std::string, std::string> environment) {
        environment["TOOLKIT_DATABASE_URL"] = url;
        arguments.insert(arguments.begin(), "status");
        return project.run(std::move(arguments), std::move(environment)).exit_code;
      };
      CHECK(exit_code({}, {}) == 1);
      CHECK(exit_code({"--password-file", "password"}, {}) == 0);
      CHECK(exit_code({}, {{"TOOLKIT_DATABASE_PASSWORD", test_password()}}) == 0);
      CHECK(exit_code({}, {{"TOOLKIT_DATABASE_PASSWORD_FILE", "password"}}) == 0);
      CHECK(exit_code({"--password-file", "password"}, {{"TOOLKIT_DATABASE_PASSWORD_FILE", "wrong"}}) == 0);
      CHECK(exit_code({"--password-file", "wrong"}, {}) == 1);
      CHECK(exit_code({"--password-file", "absent"}, {}) == 2);
      write_file(project.folder() / "toolkit.toml", "password_file = \"password\"\n");
      CHECK(exit_code({}, {}) == 0);
      project.database().run("DROP USER " + account);
    }
  }
}

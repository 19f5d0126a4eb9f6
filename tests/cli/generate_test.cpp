#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "../support/files.hpp"
#include "../support/run_command.hpp"
#include "project.hpp"

using namespace toolkit::test;

namespace {

Outcome run_in(const TempFolder& folder, std::vector<std::string> arguments) {
  Command command;
  command.arguments = std::move(arguments);
  command.working_folder = folder.path();
  return run_command(command);
}

}  // namespace

TEST_CASE("generate: writes the pair, says what and what to know, and numbers the next") {
  const TempFolder folder;
  const Outcome first = run_in(folder, {"generate", "create_tags", "name:string:40!"});
  CHECK(first.err == "");
  CHECK(first.out ==
        "wrote migrations/0001_create_tags.up.sql\n"
        "wrote migrations/0001_create_tags.down.sql\n"
        "note: tags has no column of type id, so no primary key\n");
  CHECK(first.exit_code == 0);
  CHECK(run_in(folder, {"generate", "-q", "add_color_to_tags", "color:int"}).out ==
        "wrote migrations/0002_add_color_to_tags.up.sql\n"
        "wrote migrations/0002_add_color_to_tags.down.sql\n");
  CHECK(read_files(folder.path()) ==
        FileTree{
            {"migrations/0001_create_tags.up.sql", "CREATE TABLE tags (\n  name VARCHAR(40) NOT NULL\n);\n"},
            {"migrations/0001_create_tags.down.sql", "DROP TABLE tags;\n"},
            {"migrations/0002_add_color_to_tags.up.sql", "ALTER TABLE tags ADD COLUMN color INTEGER;\n"},
            {"migrations/0002_add_color_to_tags.down.sql", "ALTER TABLE tags DROP COLUMN color;\n"}});
}

TEST_CASE("generate: --dry-run prints the files and writes nothing") {
  const TempFolder folder;
  const Outcome outcome =
      run_in(folder, {"generate", "drop_tags", "--irreversible", "moved to labels", "--dry-run"});
  CHECK(outcome.out ==
        "would write migrations/0001_drop_tags.up.sql\n"
        "DROP TABLE tags;\n"
        "would write migrations/0001_drop_tags.down.sql\n"
        "-- toolkit: irreversible moved to labels\n");
  CHECK(outcome.exit_code == 0);
  CHECK(read_files(folder.path()).empty());
}

TEST_CASE("generate: JSON") {
  const TempFolder folder;
  const Outcome outcome = run_in(folder, {"--format", "json", "-m", "db", "generate", "create_tags", "id:id",
                                          "--dialects", "sqlite,postgresql"});
  const auto document = nlohmann::ordered_json::parse(outcome.out);
  const std::string up = "CREATE TABLE tags (\n  id INTEGER NOT NULL PRIMARY KEY\n);\n";
  CHECK(document.begin().key() == "format");
  CHECK(document["format"] == 1);
  CHECK(document["version"] == "1");
  CHECK(document["name"] == "create_tags");
  CHECK(document["written"] == true);
  CHECK(document["notes"].empty());
  REQUIRE(document["files"].size() == 3);
  CHECK(document["files"][1]["path"] == "db/0001_create_tags.sqlite.up.sql");
  CHECK(document["files"][1]["text"] == up);
  CHECK(read_file(folder / "db/0001_create_tags.sqlite.up.sql") == up);
}

TEST_CASE("generate: the settings' folder and dialects hold") {
  const TempFolder folder;
  write_file(folder / "toolkit.toml", "[migrations]\nfolder = \"db\"\ndialects = [\"mysql\"]\n");
  CHECK(run_in(folder, {"generate", "create_tags", "id:id"}).out ==
        "wrote db/0001_create_tags.mysql.up.sql\nwrote db/0001_create_tags.down.sql\n");
}

TEST_CASE("generate: what does not fit is exit code 2, and nothing is written") {
  const TempFolder folder;
  const Outcome outcome = run_in(folder, {"generate", "create_tags", "name:strng"});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.out == "");
  CHECK(outcome.err ==
        "error: unknown type 'strng' of column name\n"
        "  next: did you mean string? types are id string text int bigint decimal bool timestamp date json "
        "uuid "
        "bytes\n");
  CHECK(run_in(folder, {"generate"}).exit_code == 2);
  CHECK(read_files(folder.path()).empty());
  write_file(folder / "migrations", "a file");
  const Outcome file = run_in(folder, {"generate", "create_tags", "id:id"});
  CHECK(file.exit_code == 2);
  CHECK(file.err.find("migrations: this is not a folder") == 0);
}

TEST_CASE("generate: every example of its help works") {
  const TempFolder folder;
  const std::string help = run_in(folder, {"generate", "--help"}).out;
  const std::string begin = "\n  toolkit generate ";
  int examples = 0;
  for (std::size_t at = help.find(begin); at != std::string::npos; at = help.find(begin, at + 1)) {
    const std::string line = help.substr(at + 3, help.find('\n', at + 1) - at - 3);
    CAPTURE(line);
    Command command;
    command.program = "/bin/sh";
    // The explanation stands after two blanks or more.
    command.arguments = {"-c", "'" + toolkit_binary().string() + "' " + line.substr(8, line.find("  ") - 8)};
    command.working_folder = folder.path();
    const Outcome outcome = run_command(command);
    CHECK(outcome.err == "");
    CHECK(outcome.exit_code == 0);
    ++examples;
  }
  CHECK(examples == 9);
}

TEST_CASE("generate ci: writes a workflow that proves the set, for what the set or the settings name") {
  const TempFolder folder;
  write_files(folder.path(), {{"migrations/1_a.up.sql", "CREATE TABLE a (id int);\n"},
                              {"migrations/1_a.down.sql", "DROP TABLE a;\n"}});
  CHECK(run_in(folder, {"generate", "ci", "github"}).out == "wrote .github/workflows/migrations.yml\n");
  CHECK(difference_from("generate.ci.github",
                        read_file(folder.path() / ".github/workflows/migrations.yml")) == "");
  CHECK(run_in(folder, {"generate", "ci", "gitlab", "--source", "https://git.example/toolkit.git", "-m",
                        "migrations"})
            .out == "wrote .gitlab-ci.yml\n");
  CHECK(difference_from("generate.ci.gitlab", read_file(folder.path() / ".gitlab-ci.yml")) == "");
  const Outcome again = run_in(folder, {"generate", "ci", "gitlab"});
  CHECK(again.exit_code == 2);
  CHECK(again.err.find(".gitlab-ci.yml") != std::string::npos);
  write_files(folder.path(),
              {{"toolkit.toml", "[verify]\nengines = [\"sqlite\", \"postgres:/opt/pg/bin\"]\n"}});
  const Outcome dry = run_in(folder, {"generate", "ci", "github", "--output", "x/y.yml", "--dry-run"});
  CHECK(difference_from("generate.ci.dry", dry.out + dry.err) == "");
  CHECK(run_in(folder, {"generate", "ci", "jenkins"}).exit_code == 2);
  CHECK(run_in(folder, {"generate", "ci", "github", "--source", "it's"}).exit_code == 2);
  CHECK(run_in(folder, {"generate", "create_x", "--source", "s"}).exit_code == 2);
}

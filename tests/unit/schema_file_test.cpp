#include "toolkit/schema_file.hpp"

#include <doctest/doctest.h>

#include "../support/files.hpp"
#include "../support/temp_folder.hpp"
#include "../support/thrown.hpp"
#include "script_syntaxes.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

std::string refusal(const std::string& text) {
  return text_thrown_by([&] { parse_schema_file(text, script_syntax_of("postgresql"), "schema.sql"); });
}

MigrationFolder folder_with(const std::vector<std::string>& reserved) {
  MigrationFolder folder;
  for (const std::string& name : reserved) {
    folder.reserved[name] = "db/" + name;
  }
  return folder;
}

}  // namespace

TEST_CASE("a fresh schema says its version and is split into statements") {
  const SchemaFile file = parse_schema_file(
      "\xEF\xBB\xBF-- toolkit: schema-version 0029\r\n-- what it is\r\nCREATE TABLE a (i int);\nSELECT "
      "';';\n",
      script_syntax_of("postgresql"), "db/schema.sql");
  CHECK(file.path == "db/schema.sql");
  CHECK(file.version == 29);
  CHECK(file.digits == "0029");
  REQUIRE(file.statements.size() == 2);
  const auto text_of = [&](const StatementRange& range) {
    return file.text.substr(range.begin, range.end - range.begin);
  };
  CHECK(text_of(file.statements[0]) == "CREATE TABLE a (i int)");
  CHECK(text_of(file.statements[1]) == "SELECT ';'");
}

TEST_CASE("a fresh schema without its version, or with a directive of migrations, is refused at the place") {
  CHECK(refusal("CREATE TABLE a (i int);\n") ==
        "schema.sql:1:1: the line '-- toolkit: schema-version V' is missing\n"
        "    CREATE TABLE a (i int);\n"
        "    ^\n"
        "  next: let the file begin with it; V is the newest version that this schema contains\n");
  CHECK(refusal("-- toolkit: schema-version 3\n-- toolkit: no-transaction\nSELECT 1;\n") ==
        "schema.sql:2:1: the directive 'no-transaction' belongs into a migration file only\n"
        "    -- toolkit: no-transaction\n"
        "    ^\n"
        "  next: a fresh schema is loaded as a whole; remove the line\n");
  CHECK(refusal("-- toolkit: schema-version v3\nSELECT 1;\n") ==
        "schema.sql:1:1: schema-version needs a version, not 'v3'\n"
        "    -- toolkit: schema-version v3\n"
        "    ^\n"
        "  next: write the highest version that this schema contains: 1 to 18 digits\n");
}

TEST_CASE("the version of a fresh schema is read alone") {
  const ScriptSyntax syntax = script_syntax_of("sqlite");
  CHECK(schema_version_of("-- toolkit: schema-version 12\nSELECT 1;", syntax, "s") == 12);
  CHECK(schema_version_of("-- nothing here\nSELECT 1;", syntax, "s") == std::nullopt);
  CHECK(schema_version_of("", syntax, "s") == std::nullopt);
}

TEST_CASE("the reserved file of a flavour: exact before fallback before shared") {
  const MigrationFolder all =
      folder_with({"schema.sql", "schema.mysql.sql", "schema.mariadb.sql", "base.sql"});
  CHECK(reserved_file(all, "schema", "mariadb") == "db/schema.mariadb.sql");
  CHECK(reserved_file(all, "schema", "mysql") == "db/schema.mysql.sql");
  CHECK(reserved_file(all, "schema", "sqlite") == "db/schema.sql");
  CHECK(reserved_file(all, "base", "mariadb") == "db/base.sql");
  CHECK(reserved_file(folder_with({"schema.mysql.sql"}), "schema", "mariadb") == "db/schema.mysql.sql");
  CHECK(reserved_file(folder_with({"schema.mariadb.sql"}), "schema", "mysql").empty());
  CHECK(reserved_file(folder_with({"schema.mysql.sql"}), "schema", "postgresql").empty());
}

TEST_CASE("reserved files are known by their dialect: aliases, and folders of one dialect") {
  const TempFolder folder;
  write_files(folder.path(), {{"all/0001_a.up.sql", "SELECT 1"},
                              {"all/0001_a.down.sql", "SELECT 1"},
                              {"all/schema.pg.sql", ""},
                              {"lite/0001_a.up.sql", "SELECT 1"},
                              {"lite/0001_a.down.sql", "SELECT 1"},
                              {"lite/schema.sql", ""}});
  FolderOptions options;
  options.path = (folder / "all").string();
  options.folders["sqlite"] = (folder / "lite").string();
  CHECK(read_folder(options).reserved ==
        std::map<std::string, std::string>{{"schema.postgresql.sql", (folder / "all/schema.pg.sql").string()},
                                           {"schema.sqlite.sql", (folder / "lite/schema.sql").string()}});
  const std::string dir = folder.path().string();
  write_files(folder.path(), {{"all/schema.postgresql.sql", ""}});
  CHECK(text_thrown_by([&] { read_folder(options); }, dir, "DIR") ==
        "DIR/all/schema.postgresql.sql: the same file is there twice, beside DIR/all/schema.pg.sql\n"
        "  next: keep one of them\n");
  write_files(folder.path(), {{"lite/schema.mysql.sql", ""}});
  std::filesystem::remove(folder / "all/schema.postgresql.sql");
  CHECK(text_thrown_by([&] { read_folder(options); }, dir, "DIR") ==
        "DIR/lite/schema.mysql.sql: this folder holds sqlite's files, the name says mysql\n");
}

#include "toolkit/migration_set.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "../support/files.hpp"
#include "../support/temp_folder.hpp"
#include "../support/thrown.hpp"
#include "script_syntaxes.hpp"
#include "toolkit/checksum.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

class Files {
 public:
  explicit Files(const FileTree& files) {
    write_files(folder_.path(), files);
    options.path = folder_.path().string();
  }

  MigrationSet load(const std::string& dialect = "sqlite") const {
    return load_set(read_folder(options), dialect, script_syntax_of(dialect));
  }
  std::string refusal(const std::string& dialect = "sqlite") const {
    return text_thrown_by([&] { load(dialect); }, folder_.path().string(), "DIR");
  }
  const TempFolder& folder() const { return folder_; }

  FolderOptions options;

 private:
  TempFolder folder_;
};

const std::string down = "DROP TABLE a";

}  // namespace

TEST_CASE("a set holds what is sent, where it stands, and its checksums") {
  const std::string up =
      "\xEF\xBB\xBF-- toolkit: lock-timeout 5s\r\n-- a comment\r\nCREATE TABLE a (n INTEGER) ; -- after\r\n";
  const Files files({{"0001_a.up.sql", up},
                     {"0001_a.down.1.sql", "DELETE FROM a;"},
                     {"0001_a.down.2.sql", "\nDROP TABLE a\n"},
                     {"0002_b.up.sql", "CREATE TABLE b (n INTEGER)"},
                     {"0002_b.down.sql", "DROP TABLE b"}});
  const MigrationSet set = files.load();
  CHECK(set.dialect == "sqlite");
  REQUIRE(set.migrations.size() == 2);
  const Migration& first = set.migrations[0];
  CHECK(first.version == 1);
  CHECK(first.digits == "0001");
  CHECK(first.name == "a");
  REQUIRE(first.up.steps.size() == 1);
  const Step& step = first.up.steps[0];
  CHECK(step.path == (files.folder() / "0001_a.up.sql").string());
  CHECK(step.file_text == up);
  CHECK(step.sql == "-- toolkit: lock-timeout 5s\r\n-- a comment\r\nCREATE TABLE a (n INTEGER)");
  CHECK(step.offset == 3);
  CHECK(step.sql.substr(step.first_token) == "CREATE TABLE a (n INTEGER)");
  CHECK(step.directives.lock_timeout == std::chrono::seconds(5));
  CHECK(step.checksum == "sha256:" + sha256_hex("-- a comment\nCREATE TABLE a (n INTEGER) ; -- after"));
  CHECK(step.number == 1);
  CHECK(first.up.checksum == step.checksum);
  CHECK(first.up.level == "shared");
  REQUIRE(first.down.steps.size() == 2);
  CHECK(first.down.steps[0].sql == "DELETE FROM a");
  CHECK(first.down.steps[1].number == 2);
  CHECK(first.down.checksum == "sha256:" + sha256_hex("sha256:" + sha256_hex("DELETE FROM a;") +
                                                      "\nsha256:" + sha256_hex("DROP TABLE a") + "\n"));
  CHECK(set.find(2) == &set.migrations[1]);
  CHECK(set.find(3) == nullptr);
  CHECK(set.find(0) == nullptr);
}

TEST_CASE("a shared file needs a statement; a dialect's own may say that there is nothing to do") {
  const Files shared({{"1_a.up.sql", "-- later\n"}, {"1_a.down.sql", down}});
  CHECK(shared.refusal() ==
        "DIR/1_a.up.sql:1:1: a shared file needs a statement\n"
        "    -- later\n"
        "    ^\n"
        "  next: only a dialect's own file may say 'nothing to do here'\n");
  const Files own({{"1_a.up.sql", "CREATE TABLE a (n INTEGER)"},
                   {"1_a.sqlite.up.sql", "-- not for SQLite"},
                   {"1_a.down.sql", down}});
  const MigrationSet set = own.load();
  CHECK(set.migrations[0].up.is_empty());
  CHECK(set.migrations[0].up.level == "sqlite");
  CHECK_FALSE(set.migrations[0].down.is_empty());
  CHECK(set.migrations[0].up.checksum == "sha256:" + sha256_hex("-- not for SQLite"));
}

TEST_CASE("a folder of a dialect holds that dialect's own files, which may be empty") {
  Files files({{"lite/1_a.up.sql", "-- nothing"}, {"lite/1_a.down.sql", "-- nothing"}});
  files.options.folders = {{"sqlite", files.options.path + "/lite"}};
  CHECK(files.load().migrations[0].up.is_empty());
}

TEST_CASE("irreversible stands in a down file without a statement") {
  const Files good({{"1_a.up.sql", "CREATE TABLE a (n INTEGER)"},
                    {"1_a.down.sql", "-- toolkit: irreversible the rows are gone\n"}});
  const MigrationSet set = good.load();
  CHECK(set.migrations[0].down.irreversible == "the rows are gone");
  CHECK(set.migrations[0].up.irreversible == std::nullopt);
  const Files with_statement({{"1_a.up.sql", "CREATE TABLE a (n INTEGER)"},
                              {"1_a.down.sql", "-- toolkit: irreversible no\n  DROP TABLE a;"}});
  CHECK(with_statement.refusal() ==
        "DIR/1_a.down.sql:1:1: a down that is irreversible holds no statement\n"
        "    -- toolkit: irreversible no\n"
        "    ^\n"
        "  next: remove the statement, or this line\n");
  const Files in_up({{"1_a.up.sql", "-- toolkit: irreversible no"}, {"1_a.down.sql", down}});
  CHECK(thrown_by([&] { in_up.load(); }).kind == ErrorKind::files);
}

TEST_CASE("no-transaction of one step is one of the direction") {
  const Files files({{"1_a.up.1.sql", "CREATE TABLE a (n INTEGER)"},
                     {"1_a.up.2.sql", "-- toolkit: no-transaction\nVACUUM"},
                     {"1_a.down.sql", down}});
  const MigrationSet set = files.load();
  CHECK(set.migrations[0].up.no_transaction());
  CHECK_FALSE(set.migrations[0].down.no_transaction());
}

TEST_CASE("the files of the flavour are scanned with its syntax; another dialect's are not read") {
  const Files files({{"1_a.mysql.up.sql", "CREATE TABLE a (n INT) # comment ; with a semicolon"},
                     {"1_a.sqlite.up.sql", "SELECT 'never closed"},
                     {"1_a.down.sql", down}});
  CHECK(files.load("mysql").migrations[0].up.steps[0].sql == "CREATE TABLE a (n INT)");
  CHECK(files.load("mariadb").migrations[0].up.level == "mysql");
  CHECK(thrown_by([&] { files.load("sqlite"); }).kind == ErrorKind::files);
}

TEST_CASE("a set that is not written for the database's dialect is refused") {
  Files files({{"1_a.up.sql", "CREATE TABLE a (n INTEGER)"}, {"1_a.down.sql", down}});
  files.options.dialects = {"postgresql", "mysql"};
  CHECK(files.refusal() ==
        "error: this set of migrations is not written for sqlite\n"
        "  next: add it to [migrations] dialects in toolkit.toml and write its files\n");
  CHECK(files.load("mariadb").migrations.size() == 1);
  const Files named({{"1_a.mysql.up.sql", "CREATE TABLE a (n INTEGER)"}, {"1_a.down.sql", down}});
  CHECK(named.refusal() ==
        "DIR/1_a.mysql.up.sql: version 1 has no up for sqlite\n"
        "  next: create 1_a.sqlite.up.sql, or a shared one\n");
}

TEST_CASE("files that cannot be read whole are refused") {
  Files files({{"1_a.up.sql", "CREATE TABLE a (n INTEGER)"}, {"1_a.down.sql", down}});
  const std::string root = files.options.path;
  files.options.file_size_limit = 20;
  CHECK(files.refusal() ==
        "DIR/1_a.up.sql: cannot read the file: it is larger than 20 bytes\n"
        "  next: split it, or raise [migrations] file_size_limit in toolkit.toml\n");
  files.options.file_size_limit = 26;  // exactly its size
  CHECK(files.load().migrations.size() == 1);
  const auto replaced = [&](const std::string& how) {
    std::filesystem::remove_all(root + "/1_a.up.sql");
    if (how == "folder") {
      std::filesystem::create_directory(root + "/1_a.up.sql");
    } else if (how == "pipe") {
      REQUIRE(mkfifo((root + "/1_a.up.sql").c_str(), 0600) == 0);
    } else {
      std::filesystem::create_symlink(how, root + "/1_a.up.sql");
    }
    return files.refusal();
  };
  CHECK(replaced("folder") ==
        "DIR/1_a.up.sql: cannot read the file: it is a folder\n"
        "  next: put a plain file in its place\n");
  CHECK(replaced("pipe") ==
        "DIR/1_a.up.sql: cannot read the file: it is no regular file\n"
        "  next: put a plain file in its place\n");
  CHECK(replaced("1_a.up.sql") ==
        "DIR/1_a.up.sql: cannot read the file: Too many levels of symbolic links\n"
        "  next: put the file itself in the place of this link\n");
  CHECK(replaced("absent") ==
        "DIR/1_a.up.sql: cannot read the file: No such file or directory\n"
        "  next: put the file itself in the place of this link\n");
}

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "../support/files.hpp"
#include "../support/temp_folder.hpp"
#include "../support/thrown.hpp"
#include "toolkit/migration_set.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

/// A folder with empty files of these names; only names count here.
class Folder {
 public:
  explicit Folder(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      write_files(folder_.path(), {{name, ""}});
    }
    options.path = folder_.path().string();
  }

  MigrationFolder read() const { return read_folder(options); }

  /// The whole text of the refusal, the folder written as DIR.
  std::string refusal() const {
    return text_thrown_by([this] { read(); }, folder_.path().string(), "DIR");
  }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  FolderOptions options;

 private:
  TempFolder folder_;
};

std::string names_of(const std::vector<MigrationFile>& files) {
  std::string names;
  for (const MigrationFile& file : files) {
    names += (names.empty() ? "" : " ") + std::filesystem::path(file.path).filename().string();
  }
  return names;
}

std::string chosen(const MigrationFolder& folder, const std::string& dialect, Version version,
                   Direction direction = Direction::up) {
  const Choice choice = choose_files(folder, dialect, version, direction);
  return choice.level + ": " + names_of(choice.files);
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a folder's names are read, by version, direction, dialect and step") {
  const Folder folder({"10_c.up.sql", "10_c.down.sql", "9_b.up.2.sql", "9_b.up.1.sql", "9_b.down.sql",
                       "9_b.mysql.up.sql", "001_a.up.sql", "001_a.down.sql", "README.md", ".hidden.sql",
                       "schema.sql", "base.sqlite.sql"});
  const MigrationFolder read = folder.read();
  CHECK(names_of(read.files) ==
        "001_a.up.sql 001_a.down.sql 9_b.up.1.sql 9_b.up.2.sql 9_b.mysql.up.sql 9_b.down.sql 10_c.up.sql "
        "10_c.down.sql");
  CHECK(read.files.front().path == folder.path("001_a.up.sql"));
  CHECK(read.reserved ==
        std::map<std::string, std::string>{{"base.sqlite.sql", folder.path("base.sqlite.sql")},
                                           {"schema.sql", folder.path("schema.sql")}});
}

TEST_CASE("a trailing slash of the folder is not doubled") {
  Folder folder({"1_a.up.sql", "1_a.down.sql"});
  const std::string plain = folder.options.path;
  folder.options.path += "/";
  CHECK(folder.read().files.front().path == plain + "/1_a.up.sql");
}

TEST_CASE("a folder that cannot be read is told") {
  Folder folder({"1_a.up.sql", "1_a.down.sql"});
  const std::string root = folder.options.path;
  folder.options.path = root + "/absent";
  CHECK(folder.refusal() ==
        "DIR/absent: no such migrations folder\n"
        "  next: create it, or name another one with --migrations DIR\n");
  folder.options.path = root + "/1_a.up.sql";
  CHECK(folder.refusal() ==
        "DIR/1_a.up.sql: this is not a folder\n"
        "  next: --migrations takes the folder that holds the pairs\n");
  std::filesystem::create_directory(root + "/empty");
  folder.options.path = root + "/empty";
  CHECK(folder.refusal() ==
        "DIR/empty: there is no migration in this folder\n"
        "  next: write the first pair, e.g. with 'toolkit generate create_users id:id name:string'\n");
  std::filesystem::create_symlink("loop", root + "/loop");
  folder.options.path = root + "/loop";
  CHECK(folder.refusal() ==
        "DIR/loop: cannot read the migrations folder: Too many levels of symbolic links\n");
  CHECK(thrown_by([&folder] { folder.read(); }).kind == ErrorKind::files);
}

TEST_CASE("an unreadable folder is told") {
  if (geteuid() == 0) {
    return;  // nothing is unreadable for root
  }
  const Folder folder({"1_a.up.sql", "1_a.down.sql"});
  std::filesystem::permissions(folder.options.path, std::filesystem::perms::none);
  const std::string refusal = folder.refusal();
  std::filesystem::permissions(folder.options.path, std::filesystem::perms::owner_all);
  CHECK(refusal == "DIR: cannot read the migrations folder: Permission denied\n");
}

TEST_CASE("a *.sql outside the grammar stops everything, with the nearest good name") {
  CHECK(Folder({"0001_a.up.sql", "0001_a.down.sql", "0002-b.up.sql"}).refusal() ==
        "DIR/0002-b.up.sql: this name does not fit the grammar: it does not begin with a version and an "
        "underscore\n"
        "  next: names look like <version>_<name>[.<dialect>].<up|down>[.<step>].sql; did you mean "
        "0002_b.up.sql?\n");
  CHECK(Folder({"0001_a.up.sql", "0001_a.down.sql", "notes.sql"}).refusal() ==
        "DIR/notes.sql: this name does not fit the grammar: it does not begin with a version and an "
        "underscore\n"
        "  next: names look like <version>_<name>[.<dialect>].<up|down>[.<step>].sql\n");
}

TEST_CASE("one version is there once") {
  const std::string next =
      "  next: every version has one number and one name; give one of them the next free number\n";
  CHECK(Folder({"1_a.up.sql", "1_a.down.sql", "1_b.up.sql", "1_b.down.sql"}).refusal() ==
        "DIR/1_b.up.sql: version 1 is there twice: 1_a.up.sql and 1_b.up.sql\n" + next);
  CHECK(Folder({"1_a.up.sql", "001_a.down.sql"}).refusal() ==
        "DIR/001_a.down.sql: version 1 is there twice: 1_a.up.sql and 001_a.down.sql\n" + next);
  CHECK(Folder({"1_a.up.sql", "1_a.down.sql", "1_A.up.sql"}).refusal() ==
        "DIR/1_A.up.sql: this name does not fit the grammar: names are written in lower case\n"
        "  next: names look like <version>_<name>[.<dialect>].<up|down>[.<step>].sql; did you mean "
        "1_a.up.sql?\n");
  // Two aliases of one dialect.
  CHECK(Folder({"1_a.up.sql", "1_a.down.sql", "1_a.pg.up.sql", "1_a.postgres.up.sql"}).refusal() ==
        "DIR/1_a.postgres.up.sql: the same file is there twice, beside 1_a.pg.up.sql\n");
}

TEST_CASE("steps are numbered without gaps, beside no unstepped file") {
  const std::string gaps = "  next: steps are numbered 1, 2, 3, … without gaps\n";
  CHECK(Folder({"1_a.up.1.sql", "1_a.up.3.sql", "1_a.down.sql"}).refusal() ==
        "DIR/1_a.up.3.sql: step 2 is missing before step 3\n" + gaps);
  CHECK(Folder({"1_a.up.2.sql", "1_a.down.sql"}).refusal() ==
        "DIR/1_a.up.2.sql: step 1 is missing before step 2\n" + gaps);
  CHECK(Folder({"1_a.up.sql", "1_a.up.1.sql", "1_a.down.sql"}).refusal() ==
        "DIR/1_a.up.1.sql: a step stands beside 1_a.up.sql, which has no step\n"
        "  next: number all of them 1, 2, 3, …, or keep one file\n");
  // Each level counts for itself.
  CHECK_NOTHROW(Folder({"1_a.up.sql", "1_a.sqlite.up.1.sql", "1_a.sqlite.up.2.sql", "1_a.down.sql"}).read());
  CHECK(Folder({"1_a.up.1.sql", "1_a.sqlite.up.2.sql", "1_a.down.sql"}).refusal() ==
        "DIR/1_a.sqlite.up.2.sql: step 1 is missing before step 2\n" + gaps);
  // 9 < 10: numbers, not text.
  Names ten = {"1_a.down.sql"};
  for (int step = 1; step <= 10; ++step) {
    ten.push_back("1_a.up." + std::to_string(step) + ".sql");
  }
  CHECK(choose_files(Folder(ten).read(), "sqlite", 1, Direction::up).files.back().name.step == 10);
}

TEST_CASE("the set's dialects: configured, else those that files name, else all three") {
  CHECK(Folder({"1_a.up.sql", "1_a.down.sql"}).read().dialects == Names{"postgresql", "mysql", "sqlite"});
  CHECK(Folder({"1_a.up.sql", "1_a.down.sql", "1_a.mariadb.up.sql"}).read().dialects == Names{"mariadb"});
  CHECK(Folder({"1_a.up.sql", "1_a.down.sql", "1_a.sqlite.up.sql", "1_a.pg.up.sql"}).read().dialects ==
        Names{"postgresql", "sqlite"});
  Folder configured({"1_a.up.sql", "1_a.down.sql", "1_a.sqlite.up.sql"});
  configured.options.dialects = {"mysql", "postgresql"};
  CHECK(configured.read().dialects == Names{"postgresql", "mysql"});
}

TEST_CASE("each dialect of the set needs both directions; the file to create is named") {
  const std::string reason =
      "; if there is no way back, let it hold the line '-- toolkit: irreversible REASON'\n";
  CHECK(Folder({"0001_a.up.sql"}).refusal() ==
        "DIR/0001_a.up.sql: version 0001 has no down for postgresql\n"
        "  next: create 0001_a.down.sql" +
            reason);
  CHECK(Folder({"0001_a.down.sql"}).refusal() ==
        "DIR/0001_a.down.sql: version 0001 has no up for postgresql\n"
        "  next: create 0001_a.up.sql\n");
  CHECK(Folder({"0001_a.mysql.up.sql", "0001_a.sqlite.up.sql", "0001_a.down.sql", "0002_b.mysql.up.sql",
                "0002_b.down.sql"})
            .refusal() ==
        "DIR/0002_b.mysql.up.sql: version 0002 has no up for sqlite\n"
        "  next: create 0002_b.sqlite.up.sql\n");
  // MySQL's files serve MariaDB, not the other way round.
  Folder both({"1_a.mysql.up.sql", "1_a.down.sql"});
  both.options.dialects = {"mysql", "mariadb"};
  CHECK_NOTHROW(both.read());
  Folder maria({"1_a.mariadb.up.sql", "1_a.down.sql"});
  maria.options.dialects = {"mysql", "mariadb"};
  CHECK(maria.refusal() ==
        "DIR/1_a.mariadb.up.sql: version 1 has no up for mysql\n"
        "  next: create 1_a.mysql.up.sql\n");
}

TEST_CASE("choice: exact, then fallback, then shared; levels never mix") {
  const MigrationFolder folder = Folder({"1_a.up.1.sql", "1_a.up.2.sql", "1_a.up.3.sql", "1_a.mysql.up.1.sql",
                                         "1_a.mysql.up.2.sql", "1_a.mariadb.up.sql", "1_a.sqlite.down.sql",
                                         "1_a.down.sql", "2_b.up.sql", "2_b.mysql.down.sql", "2_b.down.sql"})
                                     .read();
  CHECK(chosen(folder, "mariadb", 1) == "mariadb: 1_a.mariadb.up.sql");
  CHECK(chosen(folder, "mysql", 1) == "mysql: 1_a.mysql.up.1.sql 1_a.mysql.up.2.sql");
  CHECK(chosen(folder, "sqlite", 1) == "shared: 1_a.up.1.sql 1_a.up.2.sql 1_a.up.3.sql");
  CHECK(chosen(folder, "sqlite", 1, Direction::down) == "sqlite: 1_a.sqlite.down.sql");
  CHECK(chosen(folder, "mariadb", 1, Direction::down) == "shared: 1_a.down.sql");
  CHECK(chosen(folder, "mariadb", 2, Direction::down) == "mysql: 2_b.mysql.down.sql");
  CHECK(chosen(folder, "postgresql", 2) == "shared: 2_b.up.sql");
  CHECK(chosen(folder, "postgresql", 3) == ": ");
}

TEST_CASE("a folder per dialect: its unmarked files are that dialect's own") {
  Folder folder({"pg/1_a.up.sql", "pg/1_a.down.sql", "lite/1_a.up.1.sql", "lite/1_a.up.2.sql",
                 "lite/1_a.sqlite.down.sql"});
  const std::string root = folder.options.path;
  folder.options.path = root + "/absent";
  folder.options.folders = {{"postgresql", root + "/pg"}, {"sqlite", root + "/lite"}};
  const MigrationFolder read = folder.read();
  CHECK(read.dialects == Names{"postgresql", "sqlite"});
  CHECK(chosen(read, "postgresql", 1) == "postgresql: 1_a.up.sql");
  CHECK(chosen(read, "sqlite", 1) == "sqlite: 1_a.up.1.sql 1_a.up.2.sql");
  CHECK(chosen(read, "sqlite", 1, Direction::down) == "sqlite: 1_a.sqlite.down.sql");
  CHECK(chosen(read, "mysql", 1) == ": ");
}

TEST_CASE("a folder per dialect refuses another dialect's files, and names what its own lacks") {
  Folder wrong({"pg/1_a.mysql.up.sql"});
  wrong.options.folders = {{"postgresql", wrong.options.path + "/pg"}};
  CHECK(wrong.refusal() ==
        "DIR/pg/1_a.mysql.up.sql: this folder holds postgresql's migrations, the name says mysql\n");
  Folder half({"pg/1_a.up.sql", "pg/1_a.down.sql", "lite/1_a.up.sql"});
  half.options.folders = {{"postgresql", half.options.path + "/pg"}, {"sqlite", half.options.path + "/lite"}};
  CHECK(
      half.refusal() ==
      "DIR/pg/1_a.up.sql: version 1 has no down for sqlite\n"
      "  next: create 1_a.down.sql; if there is no way back, let it hold the line '-- toolkit: irreversible "
      "REASON'\n");
}

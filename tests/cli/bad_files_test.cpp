#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <functional>

#include "project.hpp"

using namespace toolkit::test;

namespace {

namespace fs = std::filesystem;

/// One refusal: what stands beside the good pair 1_a.
struct Case {
  std::string name;
  FileTree files;
  std::function<void(const fs::path& migrations)> prepare = [](const fs::path&) {};
};

FileTree pair_of(const std::string& name, const std::string& up) {
  return {{name + ".up.sql", up}, {name + ".down.sql", "DROP TABLE b;\n"}};
}

void make_symlink_loop(const fs::path& migrations) {
  fs::create_symlink("0002_b.down.sql", migrations / "0002_b.up.sql");
  fs::create_symlink("0002_b.up.sql", migrations / "0002_b.down.sql");
}

void make_fifo(const fs::path& migrations) {
  REQUIRE(mkfifo((migrations / "0002_b.up.sql").c_str(), 0600) == 0);
}

/// A gigabyte that takes no room on the disk.
void make_huge(const fs::path& migrations) {
  write_file(migrations / "0002_b.up.sql", "");
  fs::resize_file(migrations / "0002_b.up.sql", 1ULL << 30U);
}

std::vector<Case> cases() {
  const std::string create = "CREATE TABLE b (id INTEGER);\n";
  const FileTree down = {{"0002_b.down.sql", "DROP TABLE b;\n"}};
  using namespace std::string_literals;
  return {
      {"two_statements", pair_of("0002_b", create + "INSERT INTO b VALUES (1);\n")},
      {"commit", pair_of("0002_b", "COMMIT;\n")},
      {"invalid_utf8", pair_of("0002_b", "CREATE TABLE b (id INTEGER);\n-- gr\xFC\xDF\n")},
      {"nul", pair_of("0002_b", "CREATE TABLE b\0 (id INTEGER);\n"s)},
      {"unknown_directive", pair_of("0002_b", "-- toolkit: no-transactions\n" + create)},
      {"empty_shared_file", pair_of("0002_b", "-- later\n")},
      {"no_down", {{"0002_b.up.sql", create}}},
      {"no_up", down},
      {"no_down_of_a_dialect",
       {{"0002_b.postgresql.up.sql", create},
        {"0002_b.mysql.up.sql", create},
        {"0002_b.sqlite.up.sql", create},
        {"0002_b.postgresql.down.sql", "DROP TABLE b;\n"},
        {"0002_b.mysql.down.sql", "DROP TABLE b;\n"}}},
      {"same_version_twice", pairs({"0002_b", "0002_c"})},
      {"same_version_with_and_without_zeros", pairs({"0001_c"})},
      {"same_version_by_case", pairs({"0002_b", "0002_B"})},
      {"version_0", pairs({"0000_b"})},
      {"version_negative", pairs({"-1_b"})},
      {"version_1e30", pairs({"1e30_b"})},
      {"version_of_19_digits", pairs({"1234567890123456789_b"})},
      {"stray_dash", {{"0002-b.up.sql", create}}},
      {"stray_direction", {{"0002_b.upp.sql", create}}},
      {"stray_dialect", {{"0002_b.postgre.up.sql", create}}},
      {"step_gap",
       {{"0002_b.up.1.sql", create}, {"0002_b.up.3.sql", create}, {"0002_b.down.sql", "DROP TABLE b;\n"}}},
      {"symlink_loop", {}, make_symlink_loop},
      {"fifo", down, make_fifo},
      {"one_gigabyte", down, make_huge},
  };
}

/// A folder that cannot be read as one: 1_a is not looked for.
std::vector<Case> folders() {
  return {{"folder_missing", {}, [](const fs::path& migrations) { fs::remove(migrations); }},
          {"folder_empty", {}},
          {"folder_is_a_file", {}, [](const fs::path& migrations) {
             fs::remove(migrations);
             write_file(migrations, "text\n");
           }}};
}

void check_refused(const TestServer& server, const Case& each, const FileTree& good) {
  CAPTURE(each.name);
  Project project(server, good);
  project.write(each.files);
  each.prepare(project.folder() / "migrations");
  const std::string before = project.state();
  const std::string text = project.shown({"up", "-q"});
  CHECK(difference_from("bad_files/" + each.name, text) == "");
  CHECK(project.state() == before);
}

}  // namespace

TEST_CASE("cli: bad files and folders are exit 2 with the place and the way out; nothing changes") {
  FOR_EACH_SERVER(server) {
    for (const Case& each : cases()) {
      check_refused(server, each, pairs({"1_a"}));
    }
    for (const Case& each : folders()) {
      check_refused(server, each, {});
    }
  }
}

TEST_CASE("cli: COPY FROM STDIN never reaches a server, also where it would be no statement") {
  FOR_EACH_SERVER(server) {
    check_refused(server, {"copy_from_stdin", pair_of("0002_b", "COPY a FROM STDIN;\n")}, pairs({"1_a"}));
  }
}

TEST_CASE("cli: what may not be read is exit 2" * doctest::skip(geteuid() == 0)) {
  FOR_EACH_SERVER(server) {
    check_refused(
        server,
        {"unreadable_file", pairs({"0002_b"}),
         [](const fs::path& migrations) { fs::permissions(migrations / "0002_b.up.sql", fs::perms::none); }},
        pairs({"1_a"}));
  }
}

TEST_CASE("cli: versions that are changed, missing or late are exit 2") {
  FOR_EACH_SERVER(server) {
    Project project(server, pairs({"1_a", "2_b", "4_d"}));
    REQUIRE(project.run({"up"}).exit_code == 0);
    const std::string before = project.state();
    SUBCASE("changed") {
      project.write({{"2_b.up.sql", "CREATE TABLE b (id BIGINT);\n"}});
      CHECK(difference_from("changed", project.shown_all({{"up", "-q"}, {"status", "-q"}})) == "");
      project.write(pairs({"2_b"}));
    }
    SUBCASE("changed down") {
      project.write({{"4_d.down.sql", "DROP TABLE d -- cascade\n;\n"}});
      CHECK(difference_from("changed_down", project.shown_all({{"down", "-q"}, {"up", "-q"}})) == "");
      project.write(pairs({"4_d"}));
    }
    SUBCASE("missing") {
      project.remove("2_b.up.sql");
      project.remove("2_b.down.sql");
      CHECK(difference_from("missing",
                            project.shown_all({{"up", "-q"}, {"status", "-q"}, {"down", "2", "-q"}})) == "");
      project.write(pairs({"2_b"}));
    }
    SUBCASE("late") {
      project.write(pairs({"3_c"}));
      CHECK(difference_from("late", project.shown_all({{"up", "-q"}, {"status", "-q"}})) == "");
      project.remove("3_c.up.sql");
      project.remove("3_c.down.sql");
    }
    CHECK(project.state() == before);
  }
}

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "../support/local_server.hpp"
#include "../support/temp_folder.hpp"
#include "crash_project.hpp"
#include "death.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

using namespace std::chrono_literals;

/// A file system in memory of a size that a test can fill, seen by this process and its children only, so
/// that it ends with them. `is_there` is false where this process may not mount.
class SmallDisk {
 public:
  explicit SmallDisk(int megabytes) {
    const std::string size = "mode=0755,size=" + std::to_string(megabytes) + "m";
    is_there_ = unshare(CLONE_NEWNS) == 0 &&
                mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                mount("tmpfs", path().c_str(), "tmpfs", 0, size.c_str()) == 0;
  }
  ~SmallDisk() {
    if (is_there_) {
      umount2(path().c_str(), MNT_DETACH);
    }
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool is_there() const { return is_there_; }
  const std::filesystem::path& path() const { return folder_.path(); }

  void fill_but(long long free_bytes) const {
    struct statvfs room {};
    statvfs(path().c_str(), &room);
    const auto rest = static_cast<long long>(room.f_bfree) * static_cast<long long>(room.f_bsize);
    const int file = open(filler().c_str(), O_WRONLY | O_CREAT, 0600);
    REQUIRE(file >= 0);
    REQUIRE((rest <= free_bytes || posix_fallocate(file, 0, rest - free_bytes) == 0));
    close(file);
  }
  void free() const { std::filesystem::remove(filler()); }

 private:
  std::string filler() const { return path() / "filler"; }

  TempFolder folder_;
  bool is_there_ = false;
};

/// Statements that need room: for rows, for a copy of a table, for an index, for the log in front of them.
CrashSet hungry_set(const std::string& engine) {
  const bool is_postgresql = engine == "postgresql";
  const std::string body = is_postgresql ? "body text NOT NULL" : "body LONGTEXT NOT NULL";
  // Does not compress: 32 different digits each.
  const std::string rows =
      is_postgresql ? "INSERT INTO big SELECT i, (SELECT string_agg(md5((i * 100000 + j)::text), '') FROM "
                      "generate_series(1, 20000) j) FROM generate_series(1, 3) i"
                    : "INSERT INTO big SELECT i, REPEAT(SHA2(i, 256), 10000) FROM (SELECT 1 AS i UNION "
                      "SELECT 2 UNION SELECT "
                      "3) AS n";
  const std::string key = is_postgresql ? "CREATE INDEX big_key ON big (md5(body))"
                                        : "ALTER TABLE big ADD INDEX big_key (body(200))";
  return {
      {"create_counter", {"CREATE TABLE counter (n INT NOT NULL)"}, {"DROP TABLE counter"}},
      {"seed_counter", {"INSERT INTO counter VALUES (0)"}, {"DELETE FROM counter"}},
      {"create_big", {"CREATE TABLE big (id INT PRIMARY KEY, " + body + ")"}, {"DROP TABLE big"}},
      {"fill_big", {rows}, {"DELETE FROM big"}},
      {"count_one", {"UPDATE counter SET n = n + 1"}, {"UPDATE counter SET n = n - 1"}},
      {"copy_big", {"CREATE TABLE copied AS SELECT * FROM big"}, {"DROP TABLE copied"}},
      {"count_two", {"UPDATE counter SET n = n + 1"}, {"UPDATE counter SET n = n - 1"}},
      {"rewrite_big",
       {is_postgresql ? "ALTER TABLE big ALTER COLUMN id TYPE bigint"
                      : "ALTER TABLE big ADD COLUMN more INT NOT NULL DEFAULT 1, ALGORITHM=COPY"},
       {is_postgresql ? "ALTER TABLE big ALTER COLUMN id TYPE int"
                      : "ALTER TABLE big DROP COLUMN more, ALGORITHM=COPY"},
       is_postgresql},
      {"key_big", {key}, {is_postgresql ? "DROP INDEX big_key" : "ALTER TABLE big DROP INDEX big_key"}},
      {"count_three", {"UPDATE counter SET n = n + 1"}, {"UPDATE counter SET n = n - 1"}},
  };
}

bool answers(const std::string& url) {
  try {
    return open_native(url)->value("SELECT 1") == "1";
  } catch (const std::exception&) {
    return false;
  }
}

/// Servers may wait for room instead of giving up: then it comes after a while.
int end_of_run(int child, const SmallDisk& disk, std::chrono::seconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  int status = 0;
  while (waitpid(child, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > end) {
      disk.free();
      waitpid(child, &status, 0);
      break;
    }
    std::this_thread::sleep_for(10ms);
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/// What became of the runs on a full disk: a test that fills nothing proves nothing.
struct Full {
  int failed_runs = 0;
  int ended_servers = 0;
};

Full fill_the_disk(CrashProject& project, LocalServer& local, const std::string& url, const SmallDisk& disk) {
  Full full;
  CrashCount count(project.engine(), "the disk is full");
  const int step = crash_options().all ? 1 : 6;
  for (int half_megabytes = 0; half_megabytes < 24; half_megabytes += step) {
    const std::string where = "with " + std::to_string(half_megabytes) + " half MB free";
    project.run(to_version(project.versions(), 0));
    project.disconnect();
    disk.fill_but(half_megabytes * 524'288LL);
    count.run();
    const int child = start_child([&] {
      const RunReport report = project.project().run(Request::up());
      _exit(report.failed ? 3 : 0);
    });
    const int end = end_of_run(child, disk, 20s);
    if (end < 0) {
      count.bad(where + ": the run ended by signal " + std::to_string(-end));
    }
    full.failed_runs += end == 0 ? 0 : 1;
    disk.free();
    if (!answers(url)) {
      ++full.ended_servers;
      local.kill_now();
      local.start();
    }
    project.check_after_crash(count, where);
    project.recover(Request::up(), count, where);
    project.check_end(project.versions(), 0, project.history(0), count, where);
  }
  return full;
}

void fill_the_disk_of(const std::string& engine, const SmallDisk& disk) {
  SandboxOptions options;
  options.parent_folder = disk.path();
  if (engine != "postgresql") {
    options.server_arguments = {"--innodb-flush-log-at-trx-commit=1"};
  }
  const auto sandbox = start_sandbox(engine, options);
  REQUIRE(sandbox->folder().string().starts_with(disk.path().string()));
  LocalServer local(sandbox->url(), LocalServer::Lifetime::ends_with_this_program);
  {
    CrashProject project({engine, sandbox->url(), engine}, hungry_set(engine));
    const Full full = fill_the_disk(project, local, sandbox->url(), disk);
    MESSAGE(engine << ": " << full.failed_runs << " runs failed, " << full.ended_servers
                   << " times the server ended itself");
    CHECK(full.failed_runs > 0);
  }
  local.kill_now();
}

}  // namespace

TEST_CASE("the disk of the server is full, and the next run converges") {
  const SmallDisk disk(700);
  if (!disk.is_there()) {
    MESSAGE("SKIPPED: this process may not mount a small file system");
    return;
  }
  for (const std::string engine : {"postgresql", "mysql", "mariadb"}) {
    if (has_local_server(engine)) {
      CAPTURE(engine);
      fill_the_disk_of(engine, disk);
    }
  }
}

#include "toolkit/sandbox.hpp"

#include <doctest/doctest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <functional>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "../support/files.hpp"
#include "../support/native.hpp"
#include "../support/secrets.hpp"
#include "../support/servers.hpp"
#include "../support/temp_folder.hpp"
#include "toolkit/error.hpp"
#include "toolkit/process.hpp"
#include "toolkit/sandbox_folder.hpp"

using namespace toolkit;
using namespace toolkit::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

/// Engines whose binaries are here, whatever URLs the environment gives.
const std::vector<std::string>& local_engines() {
  static const std::vector<std::string> engines = [] {
    std::vector<std::string> found = all_engines();
    std::erase_if(found, [](const std::string& engine) { return !has_local_server(engine); });
    return found;
  }();
  return engines;
}

std::vector<std::string> local_servers() {
  std::vector<std::string> servers = local_engines();
  std::erase(servers, "sqlite");
  return servers;
}

#define FOR_EACH_ENGINE(engine, engines) \
  for (const std::string& engine : (engines)) SUBCASE((engine).c_str()) /* NOLINT */

/// A place of the test's own, which the user that servers drop to may enter.
class Place {
 public:
  Place() {
    chmod(folder_.path().c_str(), 0755);
    options.parent_folder = folder_.path();
  }
  const fs::path& path() const { return folder_.path(); }
  bool is_empty() const { return fs::is_empty(folder_.path()); }
  bool is_empty_within(std::chrono::milliseconds limit) const {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (!is_empty() && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(5ms);
    }
    return is_empty();
  }
  SandboxOptions options;

 private:
  TempFolder folder_;
};

Error error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  throw std::runtime_error("no error");
}

unsigned user_of(int pid) {
  struct stat about {};
  return stat(("/proc/" + std::to_string(pid)).c_str(), &about) == 0 ? about.st_uid : 0;
}

/// Runs `life` in a child that owns a sandbox, and sends `signal` to the child's whole process group, as a
/// terminal does for Ctrl-C, unless it ends by itself. Returns the identity of the server that it had.
ProcessIdentity run_owner(const std::string& engine, const Place& place, int signal,
                          const std::function<void()>& life) {
  const TempFolder notes;
  const fs::path note = notes / "pid";
  const pid_t owner = fork();
  if (owner == 0) {
    setpgid(0, 0);
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    std::signal(SIGABRT, SIG_DFL);
    try {
      const auto sandbox = start_sandbox(engine, place.options);
      write_file(note.string() + ".new", std::to_string(sandbox->server_pid()));
      fs::rename(note.string() + ".new", note);
      for (int turn = 0; turn < 5000 && !fs::exists(note.string() + ".seen"); ++turn) {
        std::this_thread::sleep_for(2ms);
      }
      life();
    } catch (...) {
      std::_Exit(1);
    }
    std::_Exit(0);
  }
  for (int turn = 0; turn < 5000 && !fs::exists(note); ++turn) {
    std::this_thread::sleep_for(2ms);
  }
  const ProcessIdentity server = identify_process(std::stoi(read_file(note)));
  write_file(note.string() + ".seen", "");
  if (signal != 0) {
    std::this_thread::sleep_for(20ms);
    kill(-owner, signal);
  }
  waitpid(owner, nullptr, 0);
  return server;
}

bool ends_within(const ProcessIdentity& process, std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (is_running(process) && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(5ms);
  }
  return !is_running(process);
}

}  // namespace

TEST_CASE("a sandbox starts, answers, and leaves nothing behind") {
  FOR_EACH_ENGINE(engine, local_engines()) {
    const Place place;
    const auto sandbox = start_sandbox(engine, place.options);
    CHECK(sandbox->folder().parent_path() == fs::canonical(place.path()));
    CHECK(sandbox->server().find_first_of("0123456789") != std::string::npos);
    CHECK(open_native(sandbox->url())->value("SELECT 1 + 1") == "2");

    const std::string url = sandbox->create_database("app_1");
    const auto session = open_native(url);
    session->run("CREATE TABLE numbers (n INTEGER)");
    session->run("INSERT INTO numbers VALUES (41)");
    CHECK(session->value("SELECT n + 1 FROM numbers") == "42");
    CHECK_THROWS_AS(sandbox->create_database("no'name"), Error);

    const ProcessIdentity server = identify_process(sandbox->server_pid());
    CHECK(is_running(server) == (engine != "sqlite"));
    sandbox->stop();
    CHECK_FALSE(is_running(server));
    CHECK(sandbox->server_pid() == 0);
    CHECK(place.is_empty());
    sandbox->stop();  // safe to repeat
  }
}

TEST_CASE("a dropped database of a sandbox is gone, also with a session in it") {
  FOR_EACH_ENGINE(engine, local_engines()) {
    const Place place;
    const auto sandbox = start_sandbox(engine, place.options);
    const std::string url = sandbox->create_database("app");
    const auto session = open_native(url);
    session->run("CREATE TABLE kept (n INTEGER)");
    sandbox->drop_database("app");
    sandbox->drop_database("app");
    const std::string again = sandbox->create_database("app");
    CHECK(again == url);
    open_native(again)->run("CREATE TABLE kept (n INTEGER)");
  }
}

TEST_CASE("a sandbox is shut to others: no port, a private folder, not root, no files through SQL") {
  FOR_EACH_ENGINE(engine, local_servers()) {
    const Place place;
    const auto sandbox = start_sandbox(engine, place.options);
    struct stat about {};
    REQUIRE(stat((sandbox->folder() / "run").c_str(), &about) == 0);
    CHECK((about.st_mode & 07777) == 0700);
    CHECK(user_of(sandbox->server_pid()) != 0);
    CHECK(user_of(sandbox->server_pid()) == about.st_uid);

    const auto admin = open_native(sandbox->url());
    const auto session = open_native(sandbox->create_database("app"));
    if (engine == "postgresql") {
      CHECK(admin->value("SHOW listen_addresses") == "");
      CHECK(session->value("SELECT rolsuper OR rolcreaterole OR rolcreatedb FROM pg_roles "
                           "WHERE rolname = current_user") == "f");
      CHECK_THROWS_AS(session->run("COPY (SELECT 1) TO PROGRAM 'cat'"), std::runtime_error);
      CHECK_THROWS_AS(session->run("SELECT pg_read_file('/etc/passwd')"), std::runtime_error);
    } else {
      CHECK(admin->value("SELECT @@skip_networking") == "1");
      CHECK(admin->value("SELECT @@local_infile") == "0");
      CHECK(admin->value("SELECT count(*) FROM mysql.user WHERE user = ''") == "0");
      CHECK(admin->value("SELECT load_file('/etc/passwd')") == "NULL");
      CHECK_THROWS_AS(session->run("SELECT 1 INTO OUTFILE '/tmp/toolkit-must-not-be-there'"),
                      std::runtime_error);
      CHECK_THROWS_AS(session->run("CREATE DATABASE other"), std::runtime_error);
    }
  }
}

TEST_CASE("two sandboxes of an engine run at once") {
  FOR_EACH_ENGINE(engine, local_engines()) {
    const Place place;
    const auto first = start_sandbox(engine, place.options);
    const auto second = start_sandbox(engine, place.options);
    CHECK(first->folder() != second->folder());
    open_native(first->create_database("app"))->run("CREATE TABLE of_first (n INTEGER)");
    const auto session = open_native(second->create_database("app"));
    CHECK_THROWS_AS(session->run("INSERT INTO of_first VALUES (1)"), std::runtime_error);
    first->stop();
    CHECK(session->value("SELECT 7") == "7");
  }
}

TEST_CASE("a sandbox goes with its owner, however that ends") {
  struct Way {
    const char* name;
    int signal;
    std::function<void()> life;
  };
  const auto wait = [] { pause(); };
  const std::vector<Way> ways = {
      {"kill -9", SIGKILL, wait},    {"Ctrl-C", SIGINT, wait},
      {"SIGTERM", SIGTERM, wait},    {"_exit", 0, [] { _exit(3); }},
      {"abort", 0, [] { abort(); }}, {"exception", 0, [] { throw std::runtime_error("of the owner"); }},
  };
  FOR_EACH_ENGINE(engine, local_servers()) {
    for (const Way& way : ways) {
      CAPTURE(way.name);
      const Place place;
      const ProcessIdentity server = run_owner(engine, place, way.signal, way.life);
      CHECK(ends_within(server, 30s));
      CHECK(place.is_empty_within(30s));
    }
  }
}

TEST_CASE("processes that fill the cache at the same time all get whole data, and leave one copy") {
  FOR_EACH_ENGINE(engine, local_servers()) {
    const Place place;
    const Place cache;
    std::vector<pid_t> owners;
    for (int i = 0; i < 2; ++i) {
      owners.push_back(fork());
      if (owners.back() == 0) {
        setenv("XDG_CACHE_HOME", cache.path().c_str(), 1);
        int result = 1;
        try {
          const auto sandbox = start_sandbox(engine, place.options);
          const auto session = open_native(sandbox->create_database("app"));
          session->run("CREATE TABLE t (n INTEGER)");
          result = 0;
        } catch (const std::exception&) {
        }
        std::_Exit(result);
      }
    }
    for (const pid_t owner : owners) {
      int status = -1;
      waitpid(owner, &status, 0);
      CHECK(status == 0);
    }
    CHECK(place.is_empty_within(30s));
    const fs::path copies = cache.path() / "migration-toolkit" / "sandbox";
    CHECK(std::distance(fs::directory_iterator(copies), fs::directory_iterator()) == 1);
  }
}

TEST_CASE("an owner killed while it makes the first data folder leaves nothing behind") {
  FOR_EACH_ENGINE(engine, local_servers()) {
    for (const auto delay : {20ms, 80ms, 160ms}) {
      const Place place;
      const Place cache;
      const pid_t owner = fork();
      if (owner == 0) {
        setenv("XDG_CACHE_HOME", cache.path().c_str(), 1);
        try {
          const auto sandbox = start_sandbox(engine, place.options);
          pause();
        } catch (const std::exception&) {
        }
        std::_Exit(0);
      }
      std::this_thread::sleep_for(delay);
      kill(owner, SIGKILL);
      waitpid(owner, nullptr, 0);
      CHECK(place.is_empty_within(30s));
    }
  }
}

TEST_CASE("the sweep removes what a dead owner left, and only that") {
  const Place place;
  const SandboxFolder alive(place.path(), std::nullopt);
  fs::create_directory(place.path() / "toolkit-notes");
  write_file(place.path() / "toolkit-1-1", "a file with a similar name");

  // An owner and a guardian that are both gone leave a folder and, here, a server.
  GuardedProcess server([] {
    ProcessOptions options;
    options.arguments = {"/bin/sleep", "60"};
    return options;
  }());
  const pid_t owner = fork();
  if (owner == 0) {
    auto* left = new SandboxFolder(place.path(), std::nullopt);
    left->record_server(server.identity());
    write_file(left->run() / "data", "x");
    _exit(0);
  }
  waitpid(owner, nullptr, 0);
  const auto left_by_owner = [&] {
    const std::string start = "toolkit-" + std::to_string(owner) + '-';
    for (const auto& entry : fs::directory_iterator(place.path())) {
      if (entry.path().filename().string().starts_with(start)) {
        return entry.path();
      }
    }
    return fs::path();
  };
  const fs::path left = left_by_owner();
  REQUIRE_FALSE(left.empty());

  {
    std::ofstream keeps_open(left / "lock");
    const int lock = open((left / "lock").c_str(), O_RDWR);
    REQUIRE(flock(lock, LOCK_EX) == 0);
    CHECK(sweep_sandboxes(place.path()) == 0);  // whoever holds the lock lives, whatever /proc says
    close(lock);
  }
  CHECK(is_running(server.identity()));
  CHECK(sweep_sandboxes(place.path()) == 1);
  CHECK_FALSE(is_running(server.identity()));
  CHECK_FALSE(fs::exists(left));
  CHECK(fs::exists(alive.run()));
  CHECK(fs::exists(place.path() / "toolkit-notes"));
  CHECK(fs::exists(place.path() / "toolkit-1-1"));
  CHECK(sweep_sandboxes(place.path()) == 0);
}

TEST_CASE("a sandbox on TCP asks for a password and can require TLS") {
  FOR_EACH_ENGINE(engine, local_servers()) {
    const Place place;
    SandboxOptions options = place.options;
    options.tcp = true;
    options.tls = SandboxTls::required;
    options.password = test_password();
    const auto sandbox = start_sandbox(engine, options);
    const std::string url = sandbox->create_database("app");
    CHECK(url.find("127.0.0.1") != std::string::npos);
    CHECK(fs::exists(sandbox->certificate_authority()));
    const auto session = open_native(url);
    const bool is_postgresql = engine == "postgresql";
    if (is_postgresql) {
      CHECK(session->value("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()") == "t");
    } else {
      CHECK(session->rows("SHOW SESSION STATUS LIKE 'Ssl_cipher'").at(0).at(1) != "");
    }

    std::string wrong = url;
    wrong.replace(wrong.find(test_password()), test_password().size(), "wrong");
    CHECK_THROWS_AS(open_native(wrong), std::runtime_error);
    std::string plain = url.substr(0, url.find('?'));
    plain += is_postgresql ? "?sslmode=disable" : "?ssl-mode=disabled";
    CHECK_THROWS_AS(open_native(plain), std::runtime_error);
    if (is_postgresql) {
      const std::string verified = url.substr(0, url.find('?')) + "?sslmode=verify-full&sslrootcert=" +
                                   sandbox->certificate_authority().string();
      CHECK(open_native(verified)->value("SELECT 1") == "1");
    }
  }
}

TEST_CASE("options that contradict each other are refused") {
  FOR_EACH_ENGINE(engine, local_servers()) {
    SandboxOptions options;
    options.tls = SandboxTls::required;
    const Error error = error_of([&] { start_sandbox(engine, options); });
    CHECK(error.kind() == ErrorKind::usage);
    CHECK(std::string(error.what()) == "TLS in a sandbox needs TCP: sockets have none");
  }
}

TEST_CASE("without binaries the error says what was looked for, and where") {
  SandboxOptions options;
  options.programs = "/nowhere/bin";
#ifdef TOOLKIT_WITH_POSTGRESQL
  const Error postgresql_error = error_of([&] { start_sandbox("postgresql", options); });
  CHECK(postgresql_error.kind() == ErrorKind::server);
  CHECK(std::string(postgresql_error.what()) ==
        "no PostgreSQL server to start: looked for the programs postgres and initdb in /nowhere/bin");
#endif
#ifdef TOOLKIT_WITH_MYSQL
  const Error mysql_error = error_of([&] { start_sandbox("mysql", options); });
  CHECK(mysql_error.kind() == ErrorKind::server);
  CHECK(std::string(mysql_error.what()) == "no MySQL server to start: looked for mysqld in /nowhere/bin");
  const Error mariadb_error = error_of([&] { start_sandbox("mariadb", options); });
  CHECK(std::string(mariadb_error.what()) ==
        "no MariaDB server to start: looked for mariadbd and mysqld in /nowhere/bin");
#endif
}

TEST_CASE("a server that does not start is an error with its log, and leaves nothing behind") {
  FOR_EACH_ENGINE(engine, local_servers()) {
    const Place place;
    SandboxOptions options = place.options;
    options.server_arguments = {"--no-such-setting=1"};
    const Error error = error_of([&] { start_sandbox(engine, options); });
    CHECK(error.kind() == ErrorKind::server);
    const std::string told = std::string(error.what()) + error.details().detail;
    CHECK(told.find(engine == "postgresql" ? "no_such_setting" : "no-such-setting") != std::string::npos);
    CHECK(place.is_empty());
  }
}

TEST_CASE("a start that takes longer than allowed is a timeout, and leaves nothing behind") {
  FOR_EACH_ENGINE(engine, local_servers()) {
    const Place place;
    SandboxOptions options = place.options;
    options.start_timeout = 1ms;
    CHECK(error_of([&] { start_sandbox(engine, options); }).kind() == ErrorKind::timeout);
    CHECK(place.is_empty());
  }
}

#include "../../src/compose_server.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <stop_token>
#include <thread>

#include "../support/files.hpp"
#include "../support/servers.hpp"
#include "../support/temp_folder.hpp"
#include "toolkit/dialect.hpp"
#include "toolkit/error.hpp"
#include "toolkit/sandbox.hpp"

using namespace toolkit;
using namespace toolkit::test;

// A container's server, with a `docker` of the tests' own that does as the real one says in its manual: `up`
// stays in the foreground until it is told to stop, `ps` says how healthy it is, `port` where it listens.

namespace {

class FakeDocker {
 public:
  FakeDocker(const std::string& up, const std::string& port) {
    const std::string log = (folder_.path() / "log").string();
    write_file(folder_.path() / "docker",
               "#!/bin/sh\n"
               "echo \"$@\" >> " +
                   log +
                   "\n"
                   "case \" $* \" in\n"
                   "  *' up '*) echo $$ > " +
                   (folder_.path() / "pid").string() + "; " + up +
                   " ;;\n"
                   "  *' ps '*) echo '[{\"Health\":\"" +
                   std::string(port.empty() ? "starting" : "healthy") +
                   "\"}]' ;;\n"
                   "  *' port '*) echo 127.0.0.1:" +
                   port +
                   " ;;\n"
                   "esac\n");
    std::filesystem::permissions(folder_.path() / "docker", std::filesystem::perms::owner_all);
    const char* path = std::getenv("PATH");
    before_ = path == nullptr ? "" : path;
    ::setenv("PATH", (folder_.path().string() + ":" + before_).c_str(), 1);
  }
  ~FakeDocker() { ::setenv("PATH", before_.c_str(), 1); }
  FakeDocker(const FakeDocker&) = delete;
  FakeDocker& operator=(const FakeDocker&) = delete;

  std::string calls() const { return read_file(folder_.path() / "log"); }
  int up_pid() const { return std::stoi(read_file(folder_.path() / "pid")); }

 private:
  TempFolder folder_;
  std::string before_;
};

}  // namespace

TEST_CASE("compose: the file of a container keeps to loopback, in memory") {
  CHECK(
      compose_text(*image_for("mysql"), "secret") ==
      "services:\n"
      "  server:\n"
      "    image: mysql:${MYSQL_TAG:-9}\n"
      "    environment:\n"
      "      MYSQL_ROOT_PASSWORD: \"secret\"\n"
      "    ports: [\"127.0.0.1::3306\"]\n"
      "    tmpfs: [/var/lib/mysql]\n"
      "    stop_grace_period: 0s\n"
      "    healthcheck:\n"
      "      test: [CMD-SHELL, 'mysqladmin ping -h 127.0.0.1 -uroot -p\"$$MYSQL_ROOT_PASSWORD\" --silent']\n"
      "      interval: 1s\n"
      "      timeout: 3s\n"
      "      retries: 120\n");
  CHECK(image_for("sqlite") == nullptr);
}

TEST_CASE("compose: a server is up for as long as the object, and taken down with it") {
  const FakeDocker docker("exec sleep 600", "5999");
  int pid = 0;
  {
    const ComposeServer server(*image_for("postgresql"), {});
    CHECK(server.url().port == 5999);
    CHECK(server.url().host == "127.0.0.1");
    CHECK(server.url().user == "postgres");
    CHECK(server.url().password.size() == 32);
    pid = docker.up_pid();
    CHECK(is_running(identify_process(pid)));
    CHECK(docker.calls().find(server.url().password) == std::string::npos);
  }
  CHECK_FALSE(is_running(identify_process(pid)));
  CHECK(docker.calls().find(" down --volumes --timeout 0\n") != std::string::npos);
}

TEST_CASE("compose: what docker says is passed on, and a stop ends the wait") {
  {
    const FakeDocker docker("echo 'pull access denied'; exit 1", "");
    try {
      const ComposeServer server(*image_for("mariadb"), {});
      FAIL("it started");
    } catch (const Error& failure) {
      CHECK(std::string(failure.what()).find("docker compose cannot run mariadb: pull access denied") !=
            std::string::npos);
    }
  }
  const FakeDocker docker("exec sleep 600", "");
  std::stop_source stop;
  stop.request_stop();
  try {
    const ComposeServer server(*image_for("mariadb"), stop.get_token());
    FAIL("it started");
  } catch (const Error& failure) {
    CHECK(failure.kind() == ErrorKind::interrupted);
  }
}

#include <doctest/doctest.h>

#include <csignal>
#include <string>

#include "../support/local_server.hpp"
#include "random_kills.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

void kill_child(int child) {
  kill(child, SIGKILL);
  wait_for_child(child);
}

void kill_tool(const TestServer& server, int rounds) {
  CrashProject project(server);
  CrashCount count(project.engine(), "kill -9 of the tool");
  RandomKills(project).rounds(rounds, count, kill_child);
}

// The run that goes on connects again by itself, or fails; either way the next one must converge.
void kill_server(const TestServer& server, LocalServer& local, int rounds) {
  CrashProject project(server);
  CrashCount count(project.engine(), "kill -9 of the server");
  RandomKills(project).rounds(rounds, count, [&](int child) {
    project.disconnect();
    local.kill_now();
    local.start();
    wait_for_child(child);
  });
  project.disconnect();
}

/// A server of this test alone, that keeps what it has committed when its process is killed.
void kill_own_server(const std::string& engine, int rounds) {
  SandboxOptions options;
  if (engine != "postgresql") {
    options.server_arguments = {"--innodb-flush-log-at-trx-commit=1"};
  }
  const auto sandbox = start_sandbox(engine, options);
  LocalServer local(sandbox->url(), LocalServer::Lifetime::ends_with_this_program);
  kill_server({engine, sandbox->url(), engine}, local, rounds);
  local.kill_now();  // the one that runs by now is not the sandbox's child
}

}  // namespace

TEST_CASE("kill -9 of the tool at random moments, and the next run converges") {
  for (const TestServer& server : crash_servers()) {
    if (server.engine != "sqlite") {
      CAPTURE(server.label);
      kill_tool(server, crash_options().all ? 60 : 6);
    }
  }
}

TEST_CASE("kill -9 of the server at random moments, and the next run converges") {
  for (const std::string engine : {"postgresql", "mysql", "mariadb"}) {
    if (has_local_server(engine)) {
      CAPTURE(engine);
      kill_own_server(engine, crash_options().all ? 40 : 4);
    }
  }
}

TEST_CASE("kill -9 of the servers that were handed over with --all") {
  if (!crash_options().all) {
    return;
  }
  for (const TestServer& server : crash_servers()) {
    if (server.engine != "sqlite") {
      CAPTURE(server.label);
      LocalServer local(server.url, LocalServer::Lifetime::goes_on);
      kill_server(server, local, 40);
    }
  }
}

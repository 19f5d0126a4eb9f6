#include "servers.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>

#include "secrets.hpp"
#include "toolkit/error.hpp"
#include "toolkit/url.hpp"

#ifdef TOOLKIT_WITH_MYSQL
#include "../../dialects/mysql/sandbox.hpp"
#endif
#ifdef TOOLKIT_WITH_POSTGRESQL
#include "../../dialects/postgresql/sandbox.hpp"
#endif
#ifdef TOOLKIT_WITH_SQLITE
#include "../../dialects/sqlite/sandbox.hpp"
#endif

namespace toolkit::test {

namespace {

std::string text_of_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? "" : value;
}

std::string url_variable(const std::string& engine) {
  std::string upper = engine;
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char character) { return static_cast<char>(std::toupper(character)); });
  return "TOOLKIT_TEST_" + upper + "_URL";
}

std::vector<std::string> words(std::string text) {
  std::replace(text.begin(), text.end(), ',', ' ');
  std::istringstream stream(text);
  std::vector<std::string> found;
  for (std::string word; stream >> word;) {
    found.push_back(word);
  }
  return found;
}

/// URLs may hold commas; only blanks separate them.
std::vector<std::string> given_urls(const std::string& engine) {
  std::istringstream stream(text_of_variable(url_variable(engine)));
  std::vector<std::string> urls;
  for (std::string url; stream >> url;) {
    urls.push_back(url);
  }
  return urls;
}

bool is_required(const std::string& engine) {
  const std::vector<std::string> required = words(text_of_variable("TOOLKIT_TEST_REQUIRE"));
  return std::find_if(required.begin(), required.end(), [&](const std::string& word) {
           return word == engine || word == "all";
         }) != required.end();
}

/// What this run knows of one engine.
struct Engine {
  bool is_known = false;
  std::vector<TestServer> servers;
  std::unique_ptr<Sandbox> sandbox;
};

std::map<std::string, Engine>& engines() {
  static std::map<std::string, Engine> all;
  return all;
}

void start_own(const std::string& name, Engine& engine) {
  try {
    engine.sandbox = start_sandbox(name, {});
    engine.servers.push_back({name, engine.sandbox->url(), name});
  } catch (const Error& error) {
    std::cerr << "SKIPPED: tests on " << name << ": " << error.what() << "; or set " << url_variable(name)
              << '\n';
    if (!error.details().detail.empty()) {
      std::cerr << error.details().detail;
    }
  }
}

}  // namespace

const std::vector<std::string>& all_engines() {
  static const std::vector<std::string> names = {"postgresql", "mysql", "mariadb", "sqlite"};
  return names;
}

const std::vector<TestServer>& test_servers(std::string_view engine) {
  const std::string name(engine);
  Engine& entry = engines()[name];
  if (!entry.is_known) {
    entry.is_known = true;
    const std::vector<std::string> urls = given_urls(name);
    for (const std::string& url : urls) {
      note_password(parse_url(url).password);
      entry.servers.push_back({name, url, name + ' ' + std::to_string(entry.servers.size() + 1)});
    }
    if (urls.empty()) {
      start_own(name, entry);
    }
  }
  if (entry.servers.empty() && is_required(name)) {
    throw std::runtime_error("TOOLKIT_TEST_REQUIRE names " + name + ", and there is no server of it");
  }
  return entry.servers;
}

std::vector<TestServer> test_servers() {
  std::vector<TestServer> all;
  for (const std::string& engine : all_engines()) {
    const std::vector<TestServer>& servers = test_servers(engine);
    all.insert(all.end(), servers.begin(), servers.end());
  }
  return all;
}

bool is_server_expected(const std::string& engine) {
  if (is_required(engine) || !given_urls(engine).empty()) {
    return true;
  }
  return has_local_server(engine);
}

namespace {

std::unique_ptr<Sandbox> sandbox_of(const std::string& engine,
                                    [[maybe_unused]] const SandboxOptions& options) {
#ifdef TOOLKIT_WITH_POSTGRESQL
  if (engine == "postgresql") {
    return postgresql::start_sandbox(options);
  }
#endif
#ifdef TOOLKIT_WITH_SQLITE
  if (engine == "sqlite") {
    return sqlite::start_sandbox(options);
  }
#endif
#ifdef TOOLKIT_WITH_MYSQL
  if (engine == "mysql" || engine == "mariadb") {
    return mysql::start_sandbox(engine, options);
  }
#endif
  throw Error(ErrorKind::server, "this build leaves out " + engine);
}

}  // namespace

std::unique_ptr<Sandbox> start_sandbox(const std::string& engine, const SandboxOptions& options) {
  std::unique_ptr<Sandbox> sandbox = sandbox_of(engine, options);
  note_password(parse_url(sandbox->url()).password);
  return sandbox;
}

bool has_local_server(const std::string& engine) {
#ifdef TOOLKIT_WITH_POSTGRESQL
  if (engine == "postgresql") {
    return postgresql::has_server({});
  }
#endif
#ifdef TOOLKIT_WITH_SQLITE
  if (engine == "sqlite") {
    return true;
  }
#endif
#ifdef TOOLKIT_WITH_MYSQL
  if (engine == "mysql" || engine == "mariadb") {
    return mysql::has_server(engine, {});
  }
#endif
  return false;
}

void stop_test_servers() { engines().clear(); }

TestDatabase::TestDatabase(const TestServer& server) : server_(server) {
  static std::atomic<int> count = 0;
  name_ = "t_" + std::to_string(getpid()) + '_' + std::to_string(++count);
  if (server_.engine == "sqlite") {
    const std::filesystem::path main = server_.url.substr(server_.url.find(':') + 1);
    name_ = (main.parent_path() / (name_ + ".db")).string();
    url_ = "sqlite:" + name_;
    return;
  }
  // MariaDB before 11.6 starts with latin1 unless it is told otherwise; products use utf8mb4.
  const bool is_mysql = server_.engine == "mysql" || server_.engine == "mariadb";
  open_native(server_.url)->run("CREATE DATABASE " + name_ + (is_mysql ? " CHARACTER SET utf8mb4" : ""));
  url_ = with_database(server_.url, name_);
}

TestDatabase::~TestDatabase() {
  try {
    if (server_.engine == "sqlite") {
      for (const char* suffix : {"", "-journal", "-wal", "-shm"}) {
        std::filesystem::remove(name_ + suffix);
      }
      return;
    }
    const auto session = open_native(server_.url);
    if (server_.engine == "postgresql") {
      // WITH (FORCE) came with 13.
      session->run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name_ + "'");
    }
    session->run("DROP DATABASE IF EXISTS " + name_);
  } catch (const std::exception& error) {
    std::cerr << "cannot drop the test database " << name_ << ": " << error.what() << '\n';
  }
}

}  // namespace toolkit::test

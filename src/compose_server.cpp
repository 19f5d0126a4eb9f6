#include "compose_server.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "migrator_parts.hpp"
#include "toolkit/error.hpp"

extern char** environ;

namespace toolkit {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

std::string find_docker() {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    std::string program = folder + "/docker";
    if (!folder.empty() && ::access(program.c_str(), X_OK) == 0) {
      return program;
    }
  }
  return {};
}

ProcessOptions docker_options(std::vector<std::string> arguments) {
  ProcessOptions options;
  options.arguments = {find_docker(), "compose"};
  options.arguments.insert(options.arguments.end(), arguments.begin(), arguments.end());
  for (char** variable = environ; *variable != nullptr; ++variable) {
    options.environment.emplace_back(*variable);
  }
  return options;
}

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The last lines of a log, for an error.
std::string end_of(const std::string& text) {
  constexpr std::size_t most = 600;
  return text.size() > most ? "…" + text.substr(text.find('\n', text.size() - most)) : text;
}

}  // namespace

bool has_compose() {
  static const bool answers = [] {
    try {
      return !find_docker().empty() && run_process(docker_options({"ls", "--quiet"}), 5s).succeeded();
    } catch (const Error&) {
      return false;
    }
  }();
  return answers;
}

std::string compose_text(const ServerImage& image, const std::string& password) {
  std::string health(image.health);
  if (const std::size_t at = health.find("-ptoolkit"); at != std::string::npos) {
    health.replace(at, 9, "-p\"$$" + std::string(image.password_variable) + "\"");
  }
  return "services:\n  server:\n    image: " + std::string(image.image) + ":${" +
         std::string(image.tag_variable) + ":-" + std::string(image.newest) + "}\n    environment:\n      " +
         std::string(image.password_variable) + ": \"" + password +
         "\"\n    ports: [\"127.0.0.1::" + std::string(image.port) + "\"]\n    tmpfs: [" +
         std::string(image.data) +
         "]\n    stop_grace_period: 0s\n    healthcheck:\n      test: [CMD-SHELL, '" + health +
         "']\n      interval: 1s\n      timeout: 3s\n      retries: 120\n";
}

ComposeServer::ComposeServer(const ServerImage& image, const std::stop_token& stop)
    : image_(image),
      folder_("", std::nullopt),
      project_("toolkit-v-" + new_run_id().substr(0, 12)),
      password_(new_run_id()),
      file_(folder_.write("compose.yaml", compose_text(image, password_)).string()) {
  ProcessOptions options =
      docker_options({"--project-name", project_, "--file", file_, "up", "--abort-on-container-exit"});
  options.output = folder_.run() / "log";
  options.stop_signal = SIGTERM;
  options.stop_grace = 20s;
  options.remove_if_orphaned = folder_.path();
  options.inherited_lock = folder_.lock();
  server_ = std::make_unique<GuardedProcess>(options);
  url_ = parse_url(std::string(image.scheme) + "://" + std::string(image.user) + ":" + password_ +
                   "@127.0.0.1:" + wait_for_port(stop) + "/" + std::string(image.database));
}

ComposeServer::~ComposeServer() {
  server_->stop();
  try {
    compose({"down", "--volumes", "--timeout", "0"}, false);
  } catch (const Error&) {  // it is stopped; a later `docker compose down` has the same effect
  }
}

std::string ComposeServer::compose(std::vector<std::string> arguments, bool must_succeed) {
  arguments.insert(arguments.begin(), {"--project-name", project_, "--file", file_});
  ProcessOptions options = docker_options(std::move(arguments));
  options.output = folder_.run() / "answer";
  std::error_code absent;
  fs::remove(options.output, absent);
  const ProcessEnd end = run_process(options, 60s);
  const std::string answer = text_of(options.output);
  if (must_succeed && !end.succeeded()) {
    throw Error(ErrorKind::server, "docker compose failed: " + end_of(answer));
  }
  return end.succeeded() ? answer : std::string();
}

// `up` names the port once the container is there, and the container is healthy once the server serves.
std::string ComposeServer::wait_for_port(const std::stop_token& stop) {
  const auto limit = std::chrono::steady_clock::now() + 10min;
  while (std::chrono::steady_clock::now() < limit) {
    if (stop.stop_requested()) {
      throw Error(ErrorKind::interrupted, "interrupted");
    }
    if (server_->wait(0ms)) {
      throw Error(ErrorKind::server, "docker compose cannot run " + std::string(image_.image) + ": " +
                                         end_of(text_of(folder_.run() / "log")));
    }
    const bool healthy =
        compose({"ps", "--format", "json"}, false).find("\"Health\":\"healthy\"") != std::string::npos;
    const std::string address = healthy ? compose({"port", "server", std::string(image_.port)}, true) : "";
    const std::size_t colon = address.rfind(':');
    if (colon != std::string::npos) {
      return address.substr(colon + 1, address.find_last_not_of("\r\n") - colon);
    }
    std::this_thread::sleep_for(300ms);
  }
  throw Error(ErrorKind::timeout,
              "the container of " + std::string(image_.image) + " does not serve after 10 min");
}

}  // namespace toolkit

#include "local_server.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

#include "native.hpp"

namespace toolkit::test {

namespace {

using namespace std::chrono_literals;

std::vector<std::string> zero_separated(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<std::string> parts;
  for (std::string part; std::getline(file, part, '\0');) {
    parts.push_back(part);
  }
  return parts;
}

int pid_of_server(const std::string& url) {
  const auto session = open_native(url);
  std::string path;
  if (url.starts_with("postgres")) {
    path = session->value("SHOW data_directory") + "/postmaster.pid";
  } else {
    path = session->value("SELECT @@pid_file");
    path = path.starts_with('/') ? path : session->value("SELECT @@datadir") + path;
  }
  int pid = 0;
  std::ifstream(path) >> pid;
  if (pid == 0) {
    throw std::runtime_error("no process number in " + path);
  }
  return pid;
}

std::vector<int> children_of(int pid) {
  std::vector<int> children;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "stat");
    std::string text;
    std::getline(file, text);
    const std::size_t name_end = text.rfind(')');
    int parent = 0;
    char state = 0;
    if (name_end != std::string::npos && std::istringstream(text.substr(name_end + 1)) >> state >> parent &&
        parent == pid) {
      children.push_back(std::stoi(entry.path().filename()));
    }
  }
  return children;
}

// One that `start` has started must be reaped, not only dead: MySQL does not start while the process exists
// whose number stands in its socket's lock file.
bool is_gone(int pid) {
  const pid_t reaped = waitpid(pid, nullptr, WNOHANG);
  if (reaped >= 0) {
    return reaped == pid;
  }
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  return !std::getline(file, text) || text.find(") Z ") != std::string::npos;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (const std::string& text : texts) {
    all.push_back(const_cast<char*>(text.c_str()));
  }
  all.push_back(nullptr);
  return all;
}

}  // namespace

LocalServer::LocalServer(std::string url, Lifetime lifetime)
    : url_(std::move(url)), lifetime_(lifetime), pid_(pid_of_server(url_)) {
  const std::string process = "/proc/" + std::to_string(pid_);
  struct stat owner {};
  if (stat(process.c_str(), &owner) != 0 || (geteuid() != 0 && owner.st_uid != geteuid())) {
    throw std::runtime_error("the server's process " + std::to_string(pid_) + " is not ours");
  }
  uid_ = owner.st_uid;
  gid_ = owner.st_gid;
  arguments_ = zero_separated(process + "/cmdline");
  environment_ = zero_separated(process + "/environ");
  program_ = std::filesystem::read_symlink(process + "/exe");
  folder_ = std::filesystem::read_symlink(process + "/cwd");
  std::error_code not_shown;
  output_ = std::filesystem::read_symlink(process + "/fd/1", not_shown);
}

void LocalServer::kill_now() {
  std::vector<int> all = children_of(pid_);
  kill(pid_, SIGKILL);
  for (const int child : all) {
    kill(child, SIGKILL);
  }
  all.push_back(pid_);
  while (!std::all_of(all.begin(), all.end(), is_gone)) {
    std::this_thread::sleep_for(2ms);
  }
}

void LocalServer::exec() const {
  setsid();
  dup2(open("/dev/null", O_RDWR), STDIN_FILENO);
  const int log = open(output_.c_str(), O_WRONLY | O_APPEND);
  dup2(log >= 0 ? log : STDIN_FILENO, STDOUT_FILENO);
  dup2(STDOUT_FILENO, STDERR_FILENO);
  close_range(3, ~0U, 0);
  const std::vector<char*> arguments = pointers(arguments_);
  const std::vector<char*> environment = pointers(environment_);
  if (geteuid() == 0 && (setgroups(0, nullptr) != 0 || setgid(gid_) != 0 || setuid(uid_) != 0)) {
    _exit(1);
  }
  // Behind the change of user, which would clear it.
  if (lifetime_ == Lifetime::ends_with_this_program) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
  }
  if (chdir(folder_.c_str()) == 0) {
    execve(program_.c_str(), arguments.data(), environment.data());
  }
  _exit(1);
}

void LocalServer::start() {
  const auto end = std::chrono::steady_clock::now() + 60s;
  while (std::chrono::steady_clock::now() < end) {
    pid_ = fork();
    if (pid_ == 0) {
      exec();
    }
    while (!is_gone(pid_) && std::chrono::steady_clock::now() < end) {
      try {
        open_native(url_);
        return;
      } catch (const std::runtime_error&) {
        std::this_thread::sleep_for(20ms);
      }
    }
    std::this_thread::sleep_for(100ms);  // what the dead one holds may need a moment to go
  }
  throw std::runtime_error("the server does not start again: " + program_);
}

}  // namespace toolkit::test

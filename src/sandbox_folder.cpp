#include "toolkit/sandbox_folder.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <thread>
#include <vector>

#include "toolkit/error.hpp"
#include "toolkit/remove_tree.hpp"

namespace toolkit {

namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr std::string_view folder_prefix = "toolkit-";
/// sun_path holds 107 bytes; the rest of a socket's name after the parent folder needs at most 60.
constexpr std::size_t longest_parent = 47;

[[noreturn]] void fail(const std::string& what, const fs::path& path) {
  throw Error(ErrorKind::server, what + " " + path.string() + ": " + std::strerror(errno));
}

/// Whether the user can go through a folder and all above it.
bool can_enter(const SystemUser& user, fs::path path) {
  for (;; path = path.parent_path()) {
    struct stat about {};
    if (stat(path.c_str(), &about) != 0) {
      return false;
    }
    const mode_t needed = about.st_uid == user.uid ? S_IXUSR : about.st_gid == user.gid ? S_IXGRP : S_IXOTH;
    if ((about.st_mode & needed) == 0) {
      return false;
    }
    if (path == path.root_path()) {
      return true;
    }
  }
}

bool is_suitable(const fs::path& parent, const std::optional<SystemUser>& user) {
  return parent.native().size() <= longest_parent && access(parent.c_str(), W_OK | X_OK) == 0 &&
         (!user || can_enter(*user, parent));
}

fs::path choose_parent(const fs::path& wished, const std::optional<SystemUser>& user) {
  const char* temporary = std::getenv("TMPDIR");
  std::string tried;
  for (const fs::path& candidate :
       {wished, fs::path(temporary == nullptr ? "" : temporary), fs::path("/tmp")}) {
    std::error_code ignored;
    fs::path parent = candidate.empty() ? fs::path() : fs::canonical(candidate, ignored);
    if (!parent.empty() && is_suitable(parent, user)) {
      return parent;
    }
    if (!candidate.empty()) {
      tried += (tried.empty() ? "" : ", ") + candidate.string();
    }
  }
  throw Error(ErrorKind::server, "no folder for a sandbox: " + tried + " cannot be used",
              "set TMPDIR to a folder with a short name that every user may enter");
}

/// "toolkit-123-456-abcdef" -> {123, 456}; the empty identity for other names.
ProcessIdentity owner_of(std::string_view name) {
  ProcessIdentity owner;
  if (!name.starts_with(folder_prefix)) {
    return {};
  }
  name.remove_prefix(folder_prefix.size());
  const char* end = name.data() + name.size();
  const auto pid = std::from_chars(name.data(), end, owner.pid);
  if (pid.ec != std::errc() || pid.ptr == end || *pid.ptr != '-') {
    return {};
  }
  const auto start = std::from_chars(pid.ptr + 1, end, owner.start_time);
  if (start.ec != std::errc() || start.ptr == end || *start.ptr != '-') {
    return {};
  }
  return owner;
}

/// Closes on every way out; closing frees the lock.
class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) {
      close(value_);
    }
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return value_; }

 private:
  int value_;
};

void kill_left_server(const fs::path& folder) {
  std::ifstream file(folder / "server");
  ProcessIdentity server;
  if (!(file >> server.pid >> server.start_time)) {
    return;
  }
  // SIGQUIT lets PostgreSQL take its workers along; SIGKILL follows for whoever does not know it.
  for (const int signal_number : {SIGQUIT, SIGKILL}) {
    if (is_running(server)) {
      kill(server.pid, signal_number);
    }
    for (int turn = 0; turn < 100 && is_running(server); ++turn) {
      std::this_thread::sleep_for(milliseconds(20));
    }
  }
}

/// One folder that bears a dead owner's name. The lock has the last word: a process of another container
/// may share the folder but not the process numbers.
bool sweep_one(const fs::path& folder) {
  struct stat about {};
  if (lstat(folder.c_str(), &about) != 0 || !S_ISDIR(about.st_mode) || about.st_uid != geteuid()) {
    return false;
  }
  const Descriptor lock(open((folder / "lock").c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  const bool is_locked = lock.get() >= 0 && flock(lock.get(), LOCK_EX | LOCK_NB) != 0;
  if (is_locked) {
    return false;
  }
  kill_left_server(folder);
  return remove_tree(folder.c_str());
}

}  // namespace

std::optional<SystemUser> sandbox_user() {
  if (geteuid() != 0) {
    return std::nullopt;
  }
  const char* configured = std::getenv("TOOLKIT_SANDBOX_USER");
  const std::string name = configured != nullptr && *configured != '\0' ? configured : "nobody";
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 4096> buffer{};
  getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  if (found == nullptr || found->pw_uid == 0) {
    throw Error(ErrorKind::configuration,
                found == nullptr ? "there is no user \"" + name + "\" to run a sandbox as"
                                 : "a sandbox never runs as root, and \"" + name + "\" is root",
                "set TOOLKIT_SANDBOX_USER to an unprivileged user");
  }
  return SystemUser{name, found->pw_uid, found->pw_gid};
}

void give_to(const std::optional<SystemUser>& user, const fs::path& path) {
  if (user && lchown(path.c_str(), user->uid, user->gid) != 0) {
    fail("cannot change the owner of", path);
  }
}

int sweep_sandboxes(const fs::path& parent) {
  int swept = 0;
  std::error_code error;
  std::vector<fs::path> left;
  for (fs::directory_iterator at(parent, error), end; !error && at != end; at.increment(error)) {
    const ProcessIdentity owner = owner_of(at->path().filename().native());
    if (owner.pid != 0 && !is_running(owner)) {
      left.push_back(at->path());
    }
  }
  for (const fs::path& folder : left) {
    swept += sweep_one(folder) ? 1 : 0;
  }
  return swept;
}

SandboxFolder::SandboxFolder(const fs::path& parent, const std::optional<SystemUser>& user) : user_(user) {
  const fs::path place = choose_parent(parent, user);
  sweep_sandboxes(place);
  const ProcessIdentity self = identify_process(getpid());
  std::string name = (place / (std::string(folder_prefix) + std::to_string(self.pid) + "-" +
                               std::to_string(self.start_time) + "-XXXXXX"))
                         .string();
  if (mkdtemp(name.data()) == nullptr) {
    fail("cannot create", name);
  }
  path_ = name;
  run_ = path_ / "run";
  lock_ = open((path_ / "lock").c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (lock_ < 0 || flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    remove();
    fail("cannot lock", path_);
  }
  if (user_) {
    chmod(path_.c_str(), 0711);  // the server's user goes through to its own folder, and sees nothing else
  }
  make("");
}

fs::path SandboxFolder::make(const std::string& name) const {
  fs::path path = name.empty() ? run_ : run_ / name;
  if (mkdir(path.c_str(), 0700) != 0) {
    fail("cannot create", path);
  }
  give_to(user_, path);
  return path;
}

fs::path SandboxFolder::write(const std::string& name, const std::string& text) const {
  fs::path path = run_ / name;
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (file.get() < 0 || ::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    fail("cannot write", path);
  }
  give_to(user_, path);
  return path;
}

void SandboxFolder::record_server(const ProcessIdentity& server) const {
  std::ofstream(path_ / "server") << server.pid << ' ' << server.start_time << '\n';
}

void SandboxFolder::remove() noexcept {
  if (!path_.empty()) {
    remove_tree(path_.c_str());
    path_.clear();
  }
  if (lock_ >= 0) {
    close(lock_);
    lock_ = -1;
  }
}

}  // namespace toolkit

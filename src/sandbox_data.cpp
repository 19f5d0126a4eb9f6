#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <charconv>
#include <cstdlib>

#include "toolkit/error.hpp"
#include "toolkit/remove_tree.hpp"
#include "toolkit/sandbox_server.hpp"

namespace toolkit {

namespace {

namespace fs = std::filesystem;

/// A folder that is ours and nobody else's: what lies in it becomes a server's data.
bool make_private(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder.parent_path(), error);
  mkdir(folder.c_str(), 0700);
  struct stat about {};
  return lstat(folder.c_str(), &about) == 0 && S_ISDIR(about.st_mode) && about.st_uid == geteuid() &&
         (about.st_mode & 077) == 0 && access(folder.c_str(), W_OK | X_OK) == 0;
}

/// Empty when no place can be used: then every sandbox makes its data anew.
fs::path cache_folder() {
  const char* configured = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  std::vector<fs::path> places;
  if (configured != nullptr && fs::path(configured).is_absolute()) {
    places.push_back(fs::path(configured) / "migration-toolkit" / "sandbox");
  } else if (home != nullptr && fs::path(home).is_absolute()) {
    places.push_back(fs::path(home) / ".cache" / "migration-toolkit" / "sandbox");
  }
  places.emplace_back("/tmp/migration-toolkit-sandbox-" + std::to_string(geteuid()));
  for (const fs::path& place : places) {
    if (make_private(place)) {
      return place;
    }
  }
  return {};
}

std::string short_digest(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  std::string word;
  for (std::size_t i = 0; i < 12; ++i) {
    word += "0123456789abcdef"[digest[i] >> 4];
    word += "0123456789abcdef"[digest[i] & 15];
  }
  return word;
}

/// Copies files and folders with their modes; sockets and the like are left out.
void copy_tree(const fs::path& source, const fs::path& target, const std::optional<SystemUser>& user) {
  fs::create_directory(target, source);  // with the mode of source
  give_to(user, target);
  for (const auto& entry : fs::directory_iterator(source)) {
    const fs::path copy = target / entry.path().filename();
    if (entry.is_symlink()) {
      fs::copy_symlink(entry.path(), copy);
      give_to(user, copy);
    } else if (entry.is_directory()) {
      copy_tree(entry.path(), copy, user);
    } else if (entry.is_regular_file()) {
      fs::copy_file(entry.path(), copy);
      give_to(user, copy);
    }
  }
}

/// "<digest>.<pid>-<start time>.new" of a process that died while it filled the cache.
bool is_left_by_dead_process(const std::string& name) {
  const auto dot = name.find('.');
  ProcessIdentity maker;
  if (dot == std::string::npos || !name.ends_with(".new")) {
    return false;
  }
  const char* end = name.data() + name.size();
  const auto pid = std::from_chars(name.data() + dot + 1, end, maker.pid);
  if (pid.ec != std::errc() || *pid.ptr != '-') {
    return false;
  }
  const auto start = std::from_chars(pid.ptr + 1, end, maker.start_time);
  return start.ec == std::errc() && !is_running(maker);
}

/// Into a name of our own first: others see a whole data folder or none. Losing the race for the name is
/// as good as winning it. A cache that cannot be written costs time and nothing else.
void publish(const fs::path& cache, const std::string& digest, const fs::path& data) {
  for (const auto& entry : fs::directory_iterator(cache)) {
    if (is_left_by_dead_process(entry.path().filename())) {
      remove_tree(entry.path().c_str());
    }
  }
  const ProcessIdentity self = identify_process(getpid());
  static std::atomic<int> count = 0;
  const fs::path fresh = cache / (digest + "." + std::to_string(self.pid) + "-" +
                                  std::to_string(self.start_time) + "-" + std::to_string(++count) + ".new");
  std::error_code error;
  try {
    copy_tree(data, fresh, std::nullopt);
    fs::rename(fresh, cache / digest, error);
  } catch (const fs::filesystem_error&) {
    error = std::make_error_code(std::errc::io_error);
  }
  if (error) {
    remove_tree(fresh.c_str());
  }
}

}  // namespace

void provide_data(const SandboxFolder& folder, const std::string& key, const fs::path& target,
                  const std::function<void()>& make) {
  const fs::path cache = cache_folder();
  const std::string digest = short_digest(key);
  try {
    if (!cache.empty() && fs::is_directory(cache / digest)) {
      copy_tree(cache / digest, target, folder.user());
      return;
    }
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorKind::server, std::string("cannot copy a server's data: ") + error.what());
  }
  make();
  if (!cache.empty()) {
    publish(cache, digest, target);
  }
}

}  // namespace toolkit

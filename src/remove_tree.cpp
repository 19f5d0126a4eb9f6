#include "toolkit/remove_tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace toolkit {

namespace {

constexpr int deepest = 64;  // of folders in folders; bounds the stack

bool remove_entries(int folder, int depth) noexcept;

bool remove_entry(int folder, const char* name, int depth) noexcept {
  if (unlinkat(folder, name, 0) == 0 || errno == ENOENT) {
    return true;
  }
  const int below = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (below < 0) {
    return false;
  }
  const bool emptied = remove_entries(below, depth + 1);
  close(below);
  return unlinkat(folder, name, AT_REMOVEDIR) == 0 && emptied;
}

struct Pass {
  bool removed_some = false;
  bool left_some = false;
};

/// opendir and readdir allocate; the system call does not.
Pass remove_once(int folder, int depth) noexcept {
  Pass pass;
  alignas(dirent64) std::array<char, 4096> buffer{};
  lseek(folder, 0, SEEK_SET);
  for (ssize_t size = 0; (size = getdents64(folder, buffer.data(), buffer.size())) > 0;) {
    for (ssize_t at = 0; at < size;) {
      const auto* entry = reinterpret_cast<const dirent64*>(buffer.data() + at);
      at += entry->d_reclen;
      if (std::strcmp(entry->d_name, ".") == 0 || std::strcmp(entry->d_name, "..") == 0) {
        continue;
      }
      (remove_entry(folder, entry->d_name, depth) ? pass.removed_some : pass.left_some) = true;
    }
  }
  return pass;
}

/// Removal may move entries that were not read yet: passes follow until one finds nothing to remove.
bool remove_entries(int folder, int depth) noexcept {
  if (depth >= deepest) {
    return false;
  }
  Pass pass;
  do {
    pass = remove_once(folder, depth);
  } while (pass.removed_some);
  return !pass.left_some;
}

}  // namespace

bool remove_tree(const char* path) noexcept {
  const int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0) {
    return errno == ENOENT;
  }
  const bool emptied = remove_entries(folder, 0);
  close(folder);
  return emptied && rmdir(path) == 0;
}

}  // namespace toolkit

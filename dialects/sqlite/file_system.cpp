#include "file_system.hpp"

#include <fcntl.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

namespace toolkit::sqlite {

namespace {

namespace fs = std::filesystem;

fs::path folder_of(const std::string& path) {
  const fs::path folder = fs::path(path).parent_path();
  return folder.empty() ? fs::path(".") : folder;
}

// A writer holds the byte RESERVED of the file, or the write lock in the index of its WAL (sqlite.org:
// fileformat2.html 1.6 "The Lock-Byte Page", walformat.html 2.3.1 "WAL Locks").
constexpr off_t reserved_byte = 0x40000001;
constexpr off_t wal_write_byte = 120;

/// Safe after a fork.
int holder_of(const char* path, off_t byte) {
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return 0;
  }
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = byte;
  lock.l_len = 1;
  const bool is_held = ::fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  ::close(file);
  return is_held ? lock.l_pid : 0;
}

}  // namespace

std::string network_file_system(unsigned long type) {
  static constexpr std::array<std::pair<unsigned long, const char*>, 9> known = {{{0x6969, "NFS"},
                                                                                  {0x517B, "SMB"},
                                                                                  {0xFF534D42, "CIFS"},
                                                                                  {0xFE534D42, "SMB"},
                                                                                  {0x65735546, "FUSE"},
                                                                                  {0x01021997, "9p"},
                                                                                  {0x0BD00BD0, "Lustre"},
                                                                                  {0x47504653, "GPFS"},
                                                                                  {0x00C36400, "Ceph"}}};
  for (const auto& [number, name] : known) {
    if (number == (type & 0xFFFFFFFFUL)) {
      return name;
    }
  }
  return {};
}

std::string network_file_system_of(const std::string& path) {
  struct statfs found {};
  if (path.empty() || path == ":memory:" || ::statfs(folder_of(path).c_str(), &found) != 0) {
    return {};
  }
  return network_file_system(static_cast<unsigned long>(found.f_type));
}

// In a child: closing a file drops every lock that a process has on it, and those of SQLite are such.
int writer_of(const std::string& path) {
  const std::string index = path + "-shm";
  std::array<int, 2> answer = {-1, -1};
  if (::pipe2(answer.data(), O_CLOEXEC) != 0) {
    return 0;
  }
  const pid_t child = ::fork();
  if (child == 0) {
    const int in_file = holder_of(path.c_str(), reserved_byte);
    const int holder = in_file != 0 ? in_file : holder_of(index.c_str(), wal_write_byte);
    const ssize_t written = ::write(answer[1], &holder, sizeof holder);
    ::_exit(written == sizeof holder ? 0 : 1);
  }
  ::close(answer[1]);
  int holder = 0;
  if (child < 0 || ::read(answer[0], &holder, sizeof holder) != sizeof holder) {
    holder = 0;
  }
  ::close(answer[0]);
  if (child > 0) {
    ::waitpid(child, nullptr, 0);
  }
  return holder;
}

std::string name_of_process(int process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/comm");
  std::string name;
  std::getline(file, name);
  return name;
}

std::string why_not_writable(const std::string& path) {
  std::error_code failure;
  if (path.empty() || path == ":memory:") {
    return {};
  }
  if (fs::exists(path, failure) && ::access(path.c_str(), W_OK) != 0) {
    return "this user may not write " + path;
  }
  if (::access(folder_of(path).c_str(), W_OK) != 0) {
    return "this user may not write into the folder of " + path + ", where SQLite keeps its journal";
  }
  return {};
}

}  // namespace toolkit::sqlite

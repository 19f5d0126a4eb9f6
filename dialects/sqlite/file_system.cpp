#include "file_system.hpp"

#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <system_error>
#include <utility>

namespace toolkit::sqlite {

namespace {

namespace fs = std::filesystem;

fs::path folder_of(const std::string& path) {
  const fs::path folder = fs::path(path).parent_path();
  return folder.empty() ? fs::path(".") : folder;
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

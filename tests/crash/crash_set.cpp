#include "crash_set.hpp"

#include <string>

namespace toolkit::test {

namespace {

void add(FileTree& files, const std::string& stem, const std::vector<std::string>& steps) {
  if (steps.size() == 1) {
    files[stem + ".sql"] = steps.front() + ";\n";
    return;
  }
  for (std::size_t i = 0; i < steps.size(); ++i) {
    files[stem + "." + std::to_string(i + 1) + ".sql"] = steps[i] + ";\n";
  }
}

}  // namespace

FileTree files_of(const CrashSet& set) {
  FileTree files;
  for (std::size_t i = 0; i < set.size(); ++i) {
    const std::string digits = std::to_string(10'001 + i).substr(1);
    add(files, digits + "_" + set[i].name + ".up", set[i].up);
    add(files, digits + "_" + set[i].name + ".down", set[i].down);
  }
  return files;
}

}  // namespace toolkit::test

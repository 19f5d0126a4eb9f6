#include "temp_folder.hpp"

#include <stdlib.h>

#include <stdexcept>

#include "toolkit/remove_tree.hpp"

namespace toolkit::test {

TempFolder::TempFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "toolkit-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) {
    throw std::runtime_error("cannot create " + name);
  }
  path_ = name;
}

TempFolder::~TempFolder() { remove_tree(path_.c_str()); }

}  // namespace toolkit::test

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "toolkit/error.hpp"
#include "toolkit/generate.hpp"

namespace toolkit {

namespace {

namespace fs = std::filesystem;

Error cannot_write(const std::string& path, int number) {
  ErrorDetails details;
  details.kind = ErrorKind::files;
  details.position.path = path;
  if (number == EEXIST) {
    details.message = "this file is there already; nothing was written";
    details.advice =
        "a file is never overwritten: run the command again for the next number, or remove the file";
  } else {
    details.message =
        std::string("cannot write the file: ") + std::strerror(number) + "; nothing was written";
  }
  return Error(std::move(details));
}

/// What was made so far; removed again, last first, unless everything succeeded.
class Made {
 public:
  Made() = default;
  ~Made() {
    for (auto path = paths_.rbegin(); !kept_ && path != paths_.rend(); ++path) {
      std::remove(path->c_str());  // an empty folder too; nothing more can be done where it fails
    }
  }
  Made(const Made&) = delete;
  Made& operator=(const Made&) = delete;

  void add(const std::string& path) { paths_.push_back(path); }
  void keep() { kept_ = true; }

 private:
  std::vector<std::string> paths_;
  bool kept_ = false;
};

void make_folder(const fs::path& folder, Made& made) {
  std::error_code ignored;
  if (folder.empty() || fs::is_directory(folder, ignored)) {
    return;
  }
  make_folder(folder.parent_path(), made);
  if (::mkdir(folder.c_str(), 0777) == 0) {
    made.add(folder.string());
  } else if (errno != EEXIST || !fs::is_directory(folder, ignored)) {
    throw cannot_write(folder.string(), errno == EEXIST ? ENOTDIR : errno);
  }
}

int write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(file, text.data(), text.size());
    if (count < 0 && errno != EINTR) {
      return errno;
    }
    text.remove_prefix(count < 0 ? 0U : static_cast<std::size_t>(count));
  }
  return 0;
}

void make_file(const GeneratedFile& file, Made& made) {
  // O_EXCL follows no symlink and leaves to others what they made first.
  const int number = ::open(file.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (number < 0) {
    throw cannot_write(file.path, errno);
  }
  made.add(file.path);
  const int write_failure = write_all(number, file.text);
  const int close_failure = ::close(number) == 0 ? 0 : errno;
  if (write_failure != 0 || close_failure != 0) {
    throw cannot_write(file.path, write_failure != 0 ? write_failure : close_failure);
  }
}

}  // namespace

void write_new_files(const std::vector<GeneratedFile>& files) {
  Made made;
  for (const GeneratedFile& file : files) {
    make_folder(fs::path(file.path).parent_path(), made);
    make_file(file, made);
  }
  made.keep();
}

}  // namespace toolkit

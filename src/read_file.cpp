#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "toolkit/error.hpp"
#include "toolkit/migration_set.hpp"

namespace toolkit {

namespace {

class FileDescriptor {
 public:
  explicit FileDescriptor(int number) : number_(number) {}
  ~FileDescriptor() {
    if (number_ >= 0) {
      ::close(number_);
    }
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

Error cannot_read(const std::string& path, const std::string& why, std::string advice = {}) {
  ErrorDetails details;
  details.kind = ErrorKind::files;
  details.message = "cannot read the file: " + why;
  details.position.path = path;
  details.advice = std::move(advice);
  return Error(std::move(details));
}

std::string advice_for(int failure, const std::string& path) {
  struct stat status {};
  if (failure == ELOOP || (failure == ENOENT && ::lstat(path.c_str(), &status) == 0)) {
    return "put the file itself in the place of this link";
  }
  return failure == EACCES ? "give this user the right to read it" : "";
}

Error too_large(const std::string& path, std::uintmax_t limit) {
  return cannot_read(path, "it is larger than " + std::to_string(limit) + " bytes",
                     "split it, or raise [migrations] file_size_limit in toolkit.toml");
}

}  // namespace

std::string read_file(const std::string& path, std::uintmax_t size_limit) {
  // O_NONBLOCK: opening a FIFO must not wait for a writer; it is refused below as no regular file.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat status {};
  if (file.number() < 0 || ::fstat(file.number(), &status) != 0) {
    const int why = errno;
    throw cannot_read(path, std::strerror(why), advice_for(why, path));
  }
  if (!S_ISREG(status.st_mode)) {
    throw cannot_read(path, S_ISDIR(status.st_mode) ? "it is a folder" : "it is no regular file",
                      "put a plain file in its place");
  }
  const auto size = static_cast<std::uintmax_t>(status.st_size);
  if (size > size_limit) {
    throw too_large(path, size_limit);
  }
  std::string text(static_cast<std::size_t>(size) + 1, '\0');
  std::size_t used = 0;
  for (;;) {
    const ssize_t count = ::read(file.number(), text.data() + used, text.size() - used);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      throw cannot_read(path, std::strerror(errno));
    }
    if (count == 0) {
      break;
    }
    used += static_cast<std::size_t>(count);
    if (used > size_limit) {
      throw too_large(path, size_limit);
    }
    if (used == text.size()) {
      text.resize(text.size() * 2);
    }
  }
  text.resize(used);
  return text;
}

}  // namespace toolkit

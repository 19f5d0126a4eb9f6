#include "file_commits.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "toolkit/error.hpp"
#include "toolkit/migration_set.hpp"
#include "toolkit/process.hpp"

namespace toolkit::cli {

namespace {

namespace fs = std::filesystem;

/// A file for a child's output, removed at the end of the scope.
class OutputFile {
 public:
  OutputFile() {
    std::string name = (fs::temp_directory_path() / "toolkit-git-XXXXXX").string();
    const int file = ::mkstemp(name.data());
    if (file < 0) {
      throw Error(ErrorKind::internal, "no temporary file");
    }
    ::close(file);
    path_ = name;
  }
  ~OutputFile() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string git_log(const std::string& path) {
  const OutputFile output;
  const fs::path file = fs::absolute(path);
  const char* search = std::getenv("PATH");
  ProcessOptions options;
  options.arguments = {"/usr/bin/env",
                       "git",
                       "-C",
                       file.parent_path().string(),
                       "log",
                       "-n",
                       "3",
                       "--date=short",
                       "--format=  %h %ad %an: %s",
                       "--",
                       file.filename().string()};
  options.environment = {std::string("PATH=") + (search != nullptr ? search : "/usr/bin:/bin"),
                         "LC_ALL=C.UTF-8", "GIT_PAGER=cat", "GIT_TERMINAL_PROMPT=0"};
  options.output = output.path();
  const bool succeeded = run_process(options, std::chrono::seconds(2)).succeeded();
  return succeeded ? read_file(output.path().string(), 64U << 10U) : std::string();
}

}  // namespace

std::string last_commits(const std::string& path) {
  try {
    return git_log(path);
  } catch (const std::exception&) {  // an extra for the reader; its absence is no error
    return {};
  }
}

}  // namespace toolkit::cli

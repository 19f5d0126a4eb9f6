#include "require_file.hpp"

#include <filesystem>

#include "toolkit/error.hpp"

namespace toolkit {

void require_file(const Dialect& dialect, const DatabaseUrl& url) {
  std::error_code failure;
  const bool is_in_memory = url.database == ":memory:";
  if (dialect.traits().is_file && !is_in_memory && !std::filesystem::exists(url.database, failure)) {
    throw Error(ErrorKind::connection, "there is no file " + url.database,
                "this command only reads: 'toolkit up' makes the file");
  }
}

}  // namespace toolkit

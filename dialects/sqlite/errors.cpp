#include "errors.hpp"

#include <dlfcn.h>
#include <sqlite3.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "script_syntax.hpp"

namespace toolkit::sqlite {

namespace {

constexpr std::array<std::pair<int, const char*>, 26> code_names = {{
    {SQLITE_ERROR, "SQLITE_ERROR"},
    {SQLITE_INTERNAL, "SQLITE_INTERNAL"},
    {SQLITE_PERM, "SQLITE_PERM"},
    {SQLITE_ABORT, "SQLITE_ABORT"},
    {SQLITE_BUSY, "SQLITE_BUSY"},
    {SQLITE_LOCKED, "SQLITE_LOCKED"},
    {SQLITE_NOMEM, "SQLITE_NOMEM"},
    {SQLITE_READONLY, "SQLITE_READONLY"},
    {SQLITE_INTERRUPT, "SQLITE_INTERRUPT"},
    {SQLITE_IOERR, "SQLITE_IOERR"},
    {SQLITE_CORRUPT, "SQLITE_CORRUPT"},
    {SQLITE_NOTFOUND, "SQLITE_NOTFOUND"},
    {SQLITE_FULL, "SQLITE_FULL"},
    {SQLITE_CANTOPEN, "SQLITE_CANTOPEN"},
    {SQLITE_PROTOCOL, "SQLITE_PROTOCOL"},
    {SQLITE_EMPTY, "SQLITE_EMPTY"},
    {SQLITE_SCHEMA, "SQLITE_SCHEMA"},
    {SQLITE_TOOBIG, "SQLITE_TOOBIG"},
    {SQLITE_CONSTRAINT, "SQLITE_CONSTRAINT"},
    {SQLITE_MISMATCH, "SQLITE_MISMATCH"},
    {SQLITE_MISUSE, "SQLITE_MISUSE"},
    {SQLITE_NOLFS, "SQLITE_NOLFS"},
    {SQLITE_AUTH, "SQLITE_AUTH"},
    {SQLITE_FORMAT, "SQLITE_FORMAT"},
    {SQLITE_RANGE, "SQLITE_RANGE"},
    {SQLITE_NOTADB, "SQLITE_NOTADB"},
}};

std::string code_name(int extended) {
  const int primary = extended & 0xff;
  for (const auto& [code, name] : code_names) {
    if (code == primary) {
      return primary == extended ? std::string(name)
                                 : std::string(name) + " (" + std::to_string(extended) + ")";
    }
  }
  return std::to_string(extended);
}

std::string advice_for(int extended) {
  constexpr int recovery = SQLITE_READONLY | (1 << 8);
  constexpr int rollback = SQLITE_READONLY | (3 << 8);
  constexpr int shared_memory = SQLITE_READONLY | (5 << 8);
  constexpr int folder = SQLITE_READONLY | (6 << 8);
  switch (extended) {
    case recovery:
    case rollback:
    case shared_memory:
      return "a journal stands beside the file, and reading must end what it holds first: give this user "
             "write "
             "permission on the file and its folder, and never delete the -journal, -wal or -shm file";
    case folder:
      return "the folder of the file may not be written by this user: SQLite keeps its journal there";
    default:
      break;
  }
  switch (extended & 0xff) {
    case SQLITE_CANTOPEN:
      return "check that the file, its folder and what stands beside it (-journal, -wal, -shm) may be read "
             "and "
             "written by this user";
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return "the file, its folder or its file system may not be written by this user";
    case SQLITE_NOTADB:
      return "this file is no SQLite database, or it is encrypted";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another process holds a lock on this file; run again when it has ended";
    case SQLITE_FULL:
      return "the disk is full";
    default:
      return {};
  }
}

}  // namespace

ErrorDetails last_error(sqlite3* handle) {
  const int extended = sqlite3_extended_errcode(handle);
  const int primary = extended & 0xff;
  ErrorDetails details;
  details.kind = primary == SQLITE_INTERRUPT ? ErrorKind::interrupted
                 : primary == SQLITE_BUSY    ? ErrorKind::timeout
                                             : ErrorKind::server;
  details.message = sqlite3_errmsg(handle);
  details.native_code = code_name(extended);
  details.advice = advice_for(extended);
  return details;
}

// Looked up at run time: the library that is loaded may be older than the header that was compiled against.
std::optional<std::size_t> last_error_offset(sqlite3* handle) {
  using OffsetOf = int (*)(sqlite3*);
  static const auto offset_of = reinterpret_cast<OffsetOf>(dlsym(RTLD_DEFAULT, "sqlite3_error_offset"));
  const int offset = offset_of != nullptr ? offset_of(handle) : -1;
  return offset >= 0 ? std::optional<std::size_t>(static_cast<std::size_t>(offset)) : std::nullopt;
}

std::string advice_for_older_library(int library, std::string_view statement, std::string_view message) {
  constexpr int has_drop_column = 3'035'000;
  const std::vector<std::string> words = leading_words(statement, script_syntax(), 2);
  const bool alters = words == std::vector<std::string>{"ALTER", "TABLE"};
  if (library >= has_drop_column || !alters || message.find("near \"DROP\"") == std::string_view::npos) {
    return {};
  }
  return "DROP COLUMN needs SQLite 3.35, and this is " + std::to_string(library / 1'000'000) + "." +
         std::to_string(library / 1'000 % 1'000) + "." + std::to_string(library % 1'000) +
         ": use a newer library, or rebuild the table in steps";
}

bool is_busy(const ErrorDetails& details) {
  return details.native_code.starts_with("SQLITE_BUSY") || details.native_code.starts_with("SQLITE_LOCKED");
}

}  // namespace toolkit::sqlite

#include "errors.hpp"

#include <dlfcn.h>
#include <sqlite3.h>

#include <array>
#include <string>
#include <utility>

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

std::string advice_for(int primary) {
  switch (primary) {
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
  details.advice = advice_for(primary);
  return details;
}

// Looked up at run time: the library that is loaded may be older than the header that was compiled against.
std::optional<std::size_t> last_error_offset(sqlite3* handle) {
  using OffsetOf = int (*)(sqlite3*);
  static const auto offset_of = reinterpret_cast<OffsetOf>(dlsym(RTLD_DEFAULT, "sqlite3_error_offset"));
  const int offset = offset_of != nullptr ? offset_of(handle) : -1;
  return offset >= 0 ? std::optional<std::size_t>(static_cast<std::size_t>(offset)) : std::nullopt;
}

bool is_busy(const ErrorDetails& details) {
  return details.native_code.starts_with("SQLITE_BUSY") || details.native_code.starts_with("SQLITE_LOCKED");
}

}  // namespace toolkit::sqlite

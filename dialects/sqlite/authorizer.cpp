#include "authorizer.hpp"

#include <dlfcn.h>
#include <sqlite3.h>

#include <utility>

namespace toolkit::sqlite {

namespace {

// Looked up at run time: some builds of the library leave extensions out.
void enable_extensions(sqlite3* handle, bool on) {
  using Enable = int (*)(sqlite3*, int);
  static const auto enable = reinterpret_cast<Enable>(dlsym(RTLD_DEFAULT, "sqlite3_enable_load_extension"));
  if (enable != nullptr) {
    enable(handle, on ? 1 : 0);
  }
}

}  // namespace

MigrationAuthorizer::MigrationAuthorizer(sqlite3* handle, Permissions permissions)
    : handle_(handle), permissions_(permissions) {
  sqlite3_set_authorizer(handle_, &MigrationAuthorizer::ask, this);
  if (permissions_.load_extension) {
    enable_extensions(handle_, true);
  }
}

MigrationAuthorizer::~MigrationAuthorizer() {
  sqlite3_set_authorizer(handle_, nullptr, nullptr);
  if (permissions_.load_extension) {
    enable_extensions(handle_, false);
  }
}

int MigrationAuthorizer::refuse(std::string what, std::string way_out) {
  refused_ = std::move(what);
  way_out_ = std::move(way_out);
  return SQLITE_DENY;
}

// VACUUM attaches its copy by itself: a file without a name, or the one of VACUUM INTO.
int MigrationAuthorizer::ask(void* self, int action, const char* first, const char* second, const char*,
                             const char*) {
  auto& authorizer = *static_cast<MigrationAuthorizer*>(self);
  const std::string name = first == nullptr ? "" : first;
  if (action == SQLITE_ATTACH && (first == nullptr || !name.empty()) &&
      !authorizer.permissions_.vacuum_into) {
    return authorizer.refuse(
        "reach the file " + (name.empty() ? "of an expression" : name),
        "a copy of the database: allow_vacuum_into = true under [sqlite] in toolkit.toml, or "
        "?allow_vacuum_into=on in the URL");
  }
  if (action == SQLITE_DETACH) {
    return authorizer.refuse("detach the database " + name, "remove it");
  }
  if (action == SQLITE_FUNCTION && second != nullptr && std::string_view(second) == "load_extension" &&
      !authorizer.permissions_.load_extension) {
    return authorizer.refuse("load code into this process",
                             "allow_load_extension = true under [sqlite] in toolkit.toml, or "
                             "?allow_load_extension=on in the URL");
  }
  return SQLITE_OK;
}

void make_defensive(sqlite3* handle) {
  constexpr int defensive = 1010;  // SQLITE_DBCONFIG_DEFENSIVE
  sqlite3_db_config(handle, defensive, 1, nullptr);
}

}  // namespace toolkit::sqlite

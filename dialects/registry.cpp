#include "toolkit/registry.hpp"

#ifdef TOOLKIT_WITH_POSTGRESQL
#include "postgresql/dialect.hpp"
#endif
#ifdef TOOLKIT_WITH_MYSQL
#include "mysql/dialect.hpp"
#endif
#ifdef TOOLKIT_WITH_SQLITE
#include "sqlite/dialect.hpp"
#endif

namespace toolkit {

// An explicit list: registration by static initialisers disappears silently when a linker drops the object.
Registry builtin_dialects() {
  std::vector<std::unique_ptr<Dialect>> dialects;
#ifdef TOOLKIT_WITH_POSTGRESQL
  dialects.push_back(postgresql::make_dialect());
#endif
#ifdef TOOLKIT_WITH_MYSQL
  dialects.push_back(mysql::make_dialect());
#endif
#ifdef TOOLKIT_WITH_SQLITE
  dialects.push_back(sqlite::make_dialect());
#endif
  return Registry(std::move(dialects));
}

}  // namespace toolkit

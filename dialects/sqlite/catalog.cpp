#include "connection.hpp"
#include "toolkit/error.hpp"

namespace toolkit::sqlite {

std::unique_ptr<CatalogReader> SqliteConnection::catalog_reader(const CatalogScope&) {
  throw Error(ErrorKind::internal, "this dialect reads no catalog yet");
}

}  // namespace toolkit::sqlite

#include "connection.hpp"
#include "toolkit/error.hpp"

namespace toolkit::postgresql {

std::unique_ptr<CatalogReader> PostgresqlConnection::catalog_reader(const CatalogScope&) {
  throw Error(ErrorKind::internal, "this dialect reads no catalog yet");
}

}  // namespace toolkit::postgresql

#include "connection.hpp"
#include "toolkit/error.hpp"

namespace toolkit::mysql {

std::unique_ptr<CatalogReader> MysqlConnection::catalog_reader(const CatalogScope&) {
  throw Error(ErrorKind::internal, "this dialect reads no catalog yet");
}

}  // namespace toolkit::mysql

#include "render.hpp"

#include "toolkit/error.hpp"

namespace toolkit::postgresql {

std::vector<std::string> render(const Catalog&) {
  throw Error(ErrorKind::internal, "this dialect writes no schema yet");
}

}  // namespace toolkit::postgresql

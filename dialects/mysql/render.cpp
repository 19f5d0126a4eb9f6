#include "render.hpp"

#include "toolkit/error.hpp"

namespace toolkit::mysql {

std::vector<std::string> render(const Catalog&) {
  throw Error(ErrorKind::internal, "this dialect writes no schema yet");
}

}  // namespace toolkit::mysql

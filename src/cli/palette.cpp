#include "palette.hpp"

#include <unistd.h>

#include <cstdlib>

namespace toolkit::cli {

Palette Palette::for_descriptor(int descriptor) {
  const char* no_color = std::getenv("NO_COLOR");
  return Palette(::isatty(descriptor) != 0 && (no_color == nullptr || *no_color == '\0'));
}

std::string Palette::state(std::string_view state, std::string_view text) const {
  if (state == "applied") {
    return good(text);
  }
  return state == "pending" || state == "reverted" ? waiting(text) : bad(text);
}

std::string Palette::paint(const char* code, std::string_view text) const {
  return on_ ? std::string("\033[") + code + "m" + std::string(text) + "\033[0m" : std::string(text);
}

}  // namespace toolkit::cli

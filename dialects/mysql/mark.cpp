#include "mark.hpp"

#include <nlohmann/json.hpp>
#include <random>

namespace toolkit::mysql {

std::string mark_text(MarkClass mark_class, std::string_view tag, unsigned long connection,
                      std::string_view server) {
  nlohmann::ordered_json mark;
  mark["format"] = 1;
  mark["class"] = mark_class == MarkClass::row_change ? "row-change" : "statement";
  mark["tag"] = tag;
  mark["connection"] = connection;
  mark["server"] = server;
  return mark.dump();
}

std::string new_tag() {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::random_device random;
  std::string tag;
  while (tag.size() < 32) {
    for (unsigned bits = random(), i = 0; i < 8; ++i, bits >>= 4U) {
      tag.push_back(digits[bits & 15U]);
    }
  }
  return tag;
}

}  // namespace toolkit::mysql

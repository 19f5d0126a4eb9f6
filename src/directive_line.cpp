#include "directive_line.hpp"

#include <algorithm>
#include <cstddef>

#include "ascii.hpp"

namespace toolkit {

namespace {

constexpr std::string_view name = "toolkit";

bool contains(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The first line of a comment without its markers: what a person wrote.
std::string_view inner_text(std::string_view comment) {
  comment = comment.substr(0, comment.find_first_of("\r\n"));
  comment.remove_prefix(comment.starts_with("#") ? 1 : 2);
  const std::size_t close = comment.rfind("*/");
  return trim(comment.substr(0, close));
}

struct Parts {
  bool named = false;  // begins with "toolkit", in any case
  bool colon = false;
  std::string_view rest;
};

Parts parts_of(std::string_view comment) {
  std::string_view text = inner_text(comment);
  if (!equals_ignoring_case(text.substr(0, name.size()), name)) {
    return {};
  }
  text = trim(text.substr(name.size()));
  const bool colon = text.starts_with(":");
  return {true, colon, colon ? trim(text.substr(1)) : text};
}

}  // namespace

const std::vector<std::string>& known_directive_words() {
  static const std::vector<std::string> words = {
      "no-transaction", "irreversible",  "lock-timeout", "statement-timeout",
      "applied-if",     "also-checksum", "ignore",       "schema-version"};
  return words;
}

const std::vector<std::string>& reserved_directive_words() {
  static const std::vector<std::string> words = {"variables", "repeat"};
  return words;
}

bool is_directive(std::string_view comment) {
  if (!comment.starts_with("--")) {
    return false;
  }
  const std::size_t word = comment.find_first_not_of(" \t", 2);
  return word != std::string_view::npos && word > 2 && comment.substr(word).starts_with("toolkit:");
}

bool resembles_directive(std::string_view comment) {
  if (is_directive(comment)) {
    return false;
  }
  const Parts parts = parts_of(comment);
  if (!parts.named || parts.colon) {
    return parts.named;
  }
  const std::string_view word = parts.rest.substr(0, parts.rest.find_first_of(" \t"));
  // `ignore` and `repeat` are words of prose too.
  const bool unmistakable = word.find('-') != std::string_view::npos || word == "irreversible";
  return unmistakable && contains(known_directive_words(), word);
}

std::string_view directive_text(std::string_view comment) { return parts_of(comment).rest; }

}  // namespace toolkit

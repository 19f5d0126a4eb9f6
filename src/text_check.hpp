#pragma once

#include <string>
#include <string_view>

#include "toolkit/script.hpp"

namespace toolkit {

/// Pure. Throws Error(files) at the first byte that is NUL or no UTF-8.
void check_bytes(std::string_view text, const std::string& path);

/// Pure. Throws Error(files) when a word of code holds a character that cannot be seen: a no-break space, a
/// byte order mark in the middle, a mark that turns the direction of text. Servers take them for parts of
/// names, so that the statement means something else than what it looks like.
void check_word(std::string_view text, const Token& word, const std::string& path);

}  // namespace toolkit

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace toolkit {

/// Objects of a catalog's text may stand in each other this deep; real ones need three.
inline constexpr std::size_t deepest_catalog = 16;

/// Pure. Whether a text may stand in a catalog's text as it is, in one line: UTF-8 of visible characters,
/// blanks and tabs, without a blank at its end.
bool is_plain_line(std::string_view text);

/// Pure. `text` in double quotes; backslash, quote, and all that is not visible or no UTF-8 as `\\`, `\"`,
/// `\n`, `\r`, `\t`, `\xHH`.
std::string quoted_line(std::string_view text);

/// Pure. Whether a name is one of kinds and properties: small letters, digits and `-`, starting with a
/// letter; single blanks between words where `blanks` allows them.
bool is_catalog_word(std::string_view word, bool blanks);

}  // namespace toolkit

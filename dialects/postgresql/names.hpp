#pragma once

#include <string>
#include <string_view>

namespace toolkit::postgresql {

/// Pure. `"name"` with quotes doubled. Throws Error(configuration) for an empty name, a NUL, or more than the
/// 63 bytes that the server keeps (it would cut a longer one silently).
std::string quoted(std::string_view identifier);

/// Pure. As `quoted`, for our own texts that pass SOCI's placeholder scanner: a name that holds anything but
/// letters, digits, blanks, `_`, `$` and `-` is written as `U&"…"` with escapes, so that no colon and no
/// quote stands in it.
std::string quoted_plainly(std::string_view identifier);

/// Pure. `'text'`, right with and without standard_conforming_strings.
std::string literal(std::string_view text);

/// Pure. `"schema"."table"`, for our own texts.
std::string qualified(std::string_view schema, std::string_view table);

}  // namespace toolkit::postgresql

#pragma once

#include <string>
#include <string_view>

namespace toolkit::sqlite {

/// Pure. `"name"` with quotes doubled. Throws Error(configuration) for an empty name or a NUL.
std::string quoted(std::string_view identifier);

/// Pure. `'text'` with quotes doubled; for names of our own tables in catalog queries.
std::string literal(std::string_view text);

/// Pure. `"schema"."table"`.
std::string qualified(std::string_view schema, std::string_view table);

}  // namespace toolkit::sqlite

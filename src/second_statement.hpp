#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace toolkit {

/// Pure. What to do with a migration file of `count` statements: the names of the step files to write
/// instead, made from its own name where that is one.
std::string how_to_split(std::string_view path, std::size_t count);

}  // namespace toolkit

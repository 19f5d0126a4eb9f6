#pragma once

#include <string>
#include <string_view>

namespace toolkit::postgresql {

/// Pure. The class for parity of a type as format_type writes it; `is_enum` says that it, or the element of
/// the array that it is, is an enum. A domain is given as the type below it.
std::string logical_type(std::string_view type, bool is_enum);

}  // namespace toolkit::postgresql

#pragma once

#include <string>
#include <string_view>

namespace toolkit::sqlite {

/// Pure. The class for parity of a declared type in its normal form (capitals, single blanks,
/// `DECIMAL(12,4)`). SQLite stores by value; what a column is for is told by its declared type alone, so the
/// words of the other dialects mean what they mean there. The table is in docs/catalog.md.
std::string logical_type(std::string_view type);

}  // namespace toolkit::sqlite

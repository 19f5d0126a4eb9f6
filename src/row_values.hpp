#pragma once

#include <string>

namespace toolkit {

/// Pure. Whether two texts are one value. Of one type they must be equal; of two types the ways in which
/// these write the same are known: 1.5 and 1.50, t and 1, `2001-02-03` and `2001-02-03 00:00:00+00`, blanks
/// behind a char(n), zeros before a ZEROFILL, blanks in JSON, the case of a UUID.
bool is_same_value(const std::string& before, const std::string& type_before, const std::string& after,
                   const std::string& type_after);

}  // namespace toolkit

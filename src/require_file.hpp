#pragma once

#include "toolkit/dialect.hpp"
#include "toolkit/url.hpp"

namespace toolkit {

/// An absent file reads as an empty database elsewhere; held against something it is a wrong path. Looks at
/// the file system. Throws Error(connection).
void require_file(const Dialect& dialect, const DatabaseUrl& url);

}  // namespace toolkit

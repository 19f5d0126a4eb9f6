#pragma once

#include <string>

#include "toolkit/url.hpp"

namespace toolkit::testing {

/// Pure. A URL as one text, password included, so that `parse_url` gives the same again.
std::string url_text(const DatabaseUrl& url);

}  // namespace toolkit::testing

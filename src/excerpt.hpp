#pragma once

#include <string>
#include <string_view>

namespace toolkit {

/// Pure. One line of a file as an error shows it: indented by four blanks, and below it a caret under
/// `column` (in characters, from 1) when `with_caret`. Both end with LF. A line of more than 160 characters
/// is cut around the column, `…` standing for what is left out. Tabs are kept in both lines, so that the
/// caret fits whatever a terminal's tab stops are; other control characters, text direction marks and bytes
/// that are no UTF-8 are shown as U+FFFD: an excerpt must not be able to change what a terminal shows.
std::string excerpt(std::string_view line, int column, bool with_caret);

}  // namespace toolkit

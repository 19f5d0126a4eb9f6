#pragma once

namespace toolkit {

/// The version of the toolkit, as `toolkit --version` and the history say it.
inline constexpr const char* tool_version = "0.1.0";

}  // namespace toolkit

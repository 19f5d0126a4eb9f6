#pragma once

#include <string>

namespace toolkit::cli {

/// The last commits that touched a file, at most three, one line each, newest first; empty where git or a
/// repository is not there. Runs `git log` for at most two seconds; never throws.
std::string last_commits(const std::string& path);

}  // namespace toolkit::cli

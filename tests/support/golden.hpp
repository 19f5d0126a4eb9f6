#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace toolkit::test {

/// A text, and what stands for it in an expected output: {folder.string(), "FOLDER"}.
using Substitutions = std::vector<std::pair<std::string, std::string>>;

/// Pure. Makes an output comparable: applies the substitutions in order, then durations become "N ms", times
/// of day "TIME", process ids after "pid " become "PID".
std::string normalised(std::string text, const Substitutions& substitutions = {});

/// Compares a whole text with a file. Empty when they are equal, else the first line that differs with both
/// sides and both whole texts, for CHECK(golden_difference(…) == ""). Blanks at the ends of lines do not
/// count. With TOOLKIT_UPDATE_GOLDEN=1 the file is written instead.
std::string golden_difference(const std::filesystem::path& expected, const std::string& actual);

/// Pure. The same for two texts.
std::string text_difference(const std::string& expected, const std::string& actual);

}  // namespace toolkit::test

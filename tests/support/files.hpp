#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace toolkit::test {

/// Relative path -> bytes.
using FileTree = std::map<std::string, std::string>;

/// Writes each file below `folder`, byte for byte, making folders on the way. Throws std::runtime_error.
void write_files(const std::filesystem::path& folder, const FileTree& files);

void write_file(const std::filesystem::path& path, std::string_view text);

/// Throws std::runtime_error when the file cannot be read.
std::string read_file(const std::filesystem::path& path);

/// All regular files below a folder with their bytes: to show that nothing changed.
FileTree read_files(const std::filesystem::path& folder);

}  // namespace toolkit::test

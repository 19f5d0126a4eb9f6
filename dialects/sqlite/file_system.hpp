#pragma once

#include <string>

namespace toolkit::sqlite {

/// Pure. The name of a file system of the network by its number (statfs(2), `f_type`); empty for others.
std::string network_file_system(unsigned long type);

/// The same for where a file stands, or would stand. Empty also when that cannot be found out.
std::string network_file_system_of(const std::string& path);

/// Why a file cannot be written by this user: itself, its folder; empty when it can. ":memory:" can.
std::string why_not_writable(const std::string& path);

}  // namespace toolkit::sqlite

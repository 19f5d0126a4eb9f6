#pragma once

#include <string>

namespace toolkit::sqlite {

/// Pure. The name of a file system of the network by its number (statfs(2), `f_type`); empty for others.
std::string network_file_system(unsigned long type);

/// The same for where a file stands, or would stand. Empty also when that cannot be found out.
std::string network_file_system_of(const std::string& path);

/// The process that is in a write transaction on the file, 0 for none and where that cannot be found out.
/// Takes no lock.
int writer_of(const std::string& path);

/// What a process calls itself, as /proc knows it; empty where it does not.
std::string name_of_process(int process);

/// Why a file cannot be written by this user: itself, its folder; empty when it can. ":memory:" can.
std::string why_not_writable(const std::string& path);

}  // namespace toolkit::sqlite

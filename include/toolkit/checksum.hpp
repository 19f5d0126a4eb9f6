#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace toolkit {

/// Pure. SHA-256 of bytes (OpenSSL's libcrypto).
std::array<std::uint8_t, 32> sha256(std::string_view bytes);

/// Pure. Lower-case hexadecimal digits of SHA-256.
std::string sha256_hex(std::string_view bytes);

/// Pure. *Persistent: do not change; held by tests/unit/checksum_test.cpp.* What is hashed of a file:
/// UTF-8 BOM removed, CRLF and lone CR turned to LF, leading `-- toolkit:` lines removed (each with its
/// line end), ASCII space, tab, LF, VT, FF and CR trimmed at both ends.
std::string canonical_text(std::string_view file_text);

/// Pure. *Persistent.* `sha256:` + lower-case hex of the canonical text of one file.
std::string checksum_of_text(std::string_view file_text);

/// Pure. *Persistent.* The checksum of one direction of a version: of a single step its own value; of
/// two or more SHA-256 over the steps' values in order, each followed by LF.
std::string checksum_of_steps(const std::vector<std::string>& step_checksums);

}  // namespace toolkit

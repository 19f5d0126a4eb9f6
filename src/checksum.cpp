#include "toolkit/checksum.hpp"

#include <openssl/evp.h>

#include "directive_line.hpp"
#include "toolkit/error.hpp"

namespace toolkit {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view trimmed = " \t\n\v\f\r";

std::string with_line_feeds(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      result += text[i];
    } else if (i + 1 == text.size() || text[i + 1] != '\n') {
      result += '\n';
    }
  }
  return result;
}

// The lead is what stands before the first character of code: blanks, `--` and `#` comments, `/* */`
// comments. It is judged without a dialect, because shared files have none: block comments do not nest
// here, and `/*!` is code.
std::string without_leading_directives(std::string_view text) {
  std::string kept;
  std::size_t copied = 0;
  std::size_t at = 0;
  while ((at = text.find_first_not_of(trimmed, at)) != std::string_view::npos) {
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("--") || rest.starts_with("#")) {
      const std::size_t line_end = std::min(text.find('\n', at), text.size());
      const std::size_t line_begin = at == 0 ? 0 : text.find_last_of('\n', at - 1) + 1;
      const bool own_line = text.find_first_not_of(" \t", line_begin) == at;
      at = std::min(line_end + 1, text.size());
      if (own_line && is_directive(rest)) {
        kept.append(text.substr(copied, line_begin - copied));
        copied = at;
      }
    } else if (rest.starts_with("/*") && !rest.starts_with("/*!") && !rest.starts_with("/*M!")) {
      const std::size_t close = text.find("*/", at + 2);
      if (close == std::string_view::npos) {
        break;
      }
      at = close + 2;
    } else {
      break;
    }
  }
  kept.append(text.substr(copied));
  return kept;
}

}  // namespace

std::array<std::uint8_t, 32> sha256(std::string_view bytes) {
  std::array<std::uint8_t, 32> digest{};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1 ||
      size != digest.size()) {
    throw Error(ErrorKind::internal, "libcrypto could not compute SHA-256");
  }
  return digest;
}

std::string sha256_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (const std::uint8_t byte : sha256(bytes)) {
    hex += digits[byte >> 4U];
    hex += digits[byte & 0x0FU];
  }
  return hex;
}

std::string canonical_text(std::string_view file_text) {
  if (file_text.starts_with(byte_order_mark)) {
    file_text.remove_prefix(byte_order_mark.size());
  }
  const std::string kept = without_leading_directives(with_line_feeds(file_text));
  const std::size_t first = kept.find_first_not_of(trimmed);
  if (first == std::string::npos) {
    return {};
  }
  return kept.substr(first, kept.find_last_not_of(trimmed) - first + 1);
}

std::string checksum_of_text(std::string_view file_text) {
  return "sha256:" + sha256_hex(canonical_text(file_text));
}

std::string checksum_of_steps(const std::vector<std::string>& step_checksums) {
  if (step_checksums.size() == 1) {
    return step_checksums.front();
  }
  std::string values;
  for (const std::string& value : step_checksums) {
    values += value + "\n";
  }
  return "sha256:" + sha256_hex(values);
}

}  // namespace toolkit

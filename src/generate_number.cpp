#include <array>
#include <cstdio>
#include <ctime>

#include "generate_parts.hpp"
#include "toolkit/error.hpp"

namespace toolkit {

namespace {

constexpr std::size_t default_width = 4;
constexpr std::size_t minute_digits = 12;  // 202611211130
constexpr std::size_t second_digits = 14;  // 20261121113059

int number_at(const std::string& digits, std::size_t begin, std::size_t count) {
  return std::stoi(digits.substr(begin, count));
}

/// A number of that many digits may also be a counter or milliseconds: only a possible date is taken for one.
bool is_time(const std::string& digits) {
  if (digits.size() != minute_digits && digits.size() != second_digits) {
    return false;
  }
  const int month = number_at(digits, 4, 2);
  const int day = number_at(digits, 6, 2);
  return number_at(digits, 0, 4) >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= 31 &&
         number_at(digits, 8, 2) < 24 && number_at(digits, 10, 2) < 60 &&
         (digits.size() == minute_digits || number_at(digits, 12, 2) < 60);
}

std::string time_digits(std::chrono::system_clock::time_point now, std::size_t width) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  std::array<char, second_digits + 1> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y%m%d%H%M%S", &utc);
  return std::string(text.data(), length).substr(0, width);
}

std::string padded(Version version, std::size_t width) {
  std::string digits = std::to_string(version);
  return std::string(digits.size() < width ? width - digits.size() : 0, '0') + digits;
}

}  // namespace

std::string next_digits(const MigrationFolder& folder, std::chrono::system_clock::time_point now) {
  const FileName* newest = nullptr;
  for (const MigrationFile& file : folder.files) {
    if (newest == nullptr || file.name.version > newest->version) {
      newest = &file.name;
    }
  }
  if (newest == nullptr) {
    return padded(1, default_width);
  }
  if (is_time(newest->digits)) {
    std::string time = time_digits(now, newest->digits.size());
    if (parse_version(time).value_or(0) > newest->version) {
      return time;
    }
  }
  std::string digits = padded(newest->version + 1, newest->digits.size());
  if (!parse_version(digits)) {
    throw Error(ErrorKind::usage, "there is no version after " + newest->digits,
                "a version has at most 18 digits; begin a new set with 'toolkit baseline'");
  }
  return digits;
}

}  // namespace toolkit

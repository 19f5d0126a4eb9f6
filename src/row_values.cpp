#include "row_values.hpp"

#include <algorithm>

#include "ascii.hpp"

namespace toolkit {

namespace {

bool has(const std::string& type, const char* word) { return to_upper(type).find(word) != std::string::npos; }

void strip_zeros_behind_point(std::string& value) {
  if (value.find('.') != std::string::npos) {
    value.erase(value.find_last_not_of('0') + 1);
    value.erase(value.find_last_not_of('.') + 1);
  }
}

bool is_number(const std::string& value) {
  return !value.empty() && value.find_first_not_of("-0123456789.") == std::string::npos;
}

/// `2001-02-03…` or `04:05:06…`.
bool is_moment(const std::string& value) {
  const auto digits_at = [&](std::size_t at) {
    return value.size() > at + 1 && is_digit(value[at]) && is_digit(value[at + 1]);
  };
  const bool is_day =
      value.size() >= 10 && digits_at(0) && digits_at(2) && value[4] == '-' && value[7] == '-';
  const bool is_time =
      value.size() >= 8 && digits_at(0) && value[2] == ':' && digits_at(3) && value[5] == ':';
  return is_day || is_time;
}

void strip_end(std::string& value, const std::string& end) {
  if (value.ends_with(end)) {
    value.erase(value.size() - end.size());
  }
}

std::string plain_moment(std::string value) {
  strip_end(value, "+00");
  strip_end(value, "+00:00");
  if (value.size() > 10 && value[10] == 'T') {
    value[10] = ' ';
  }
  strip_zeros_behind_point(value);
  strip_end(value, " 00:00:00");
  return value;
}

std::string plain_json(const std::string& value) {
  std::string result;
  bool is_text = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    is_text = value[i] == '"' && (i == 0 || value[i - 1] != '\\') ? !is_text : is_text;
    result += !is_text && is_blank(value[i]) ? "" : std::string(1, value[i]);
  }
  return result;
}

/// What both types write alike: see the header.
std::string plain_value(std::string value, const std::string& type, const std::string& other) {
  const auto either = [&](const char* word) { return has(type, word) || has(other, word); };
  if (either("BOOL") && (value == "t" || value == "true")) {
    return "1";
  }
  if (either("BOOL") && (value == "f" || value == "false")) {
    return "0";
  }
  if (either("JSON")) {
    return plain_json(value);
  }
  if (either("UUID")) {
    return to_upper(value);
  }
  if (is_moment(value)) {
    return plain_moment(value);
  }
  if (either("ZEROFILL")) {
    value.erase(0, std::min(value.find_first_not_of('0'), value.size() - 1));
  }
  if (is_number(value)) {
    strip_zeros_behind_point(value);
  }
  value.erase(value.find_last_not_of(' ') + 1);
  return value;
}

}  // namespace

bool is_same_value(const std::string& before, const std::string& type_before, const std::string& after,
                   const std::string& type_after) {
  return before == after || (type_before != type_after && plain_value(before, type_before, type_after) ==
                                                              plain_value(after, type_after, type_before));
}

}  // namespace toolkit

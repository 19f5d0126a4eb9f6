#include "toolkit/query.hpp"

#include <algorithm>
#include <cctype>

namespace toolkit {

NumberedText number_parameters(std::string_view sql, char mark) {
  NumberedText numbered;
  bool quoted = false;
  const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  for (std::size_t i = 0; i < sql.size(); ++i) {
    const char c = sql[i];
    quoted = quoted != (c == '\'');
    const bool starts =
        !quoted && c == ':' && i + 1 < sql.size() && is_word(sql[i + 1]) && (i == 0 || sql[i - 1] != ':');
    if (!starts) {
      numbered.sql.push_back(c);
      continue;
    }
    std::size_t end = i + 1;
    while (end < sql.size() && is_word(sql[end])) {
      ++end;
    }
    const std::string name(sql.substr(i + 1, end - i - 1));
    auto found = std::find(numbered.names.begin(), numbered.names.end(), name);
    if (found == numbered.names.end()) {
      found = numbered.names.insert(found, name);
    }
    numbered.sql += mark + std::to_string(found - numbered.names.begin() + 1);
    i = end - 1;
  }
  return numbered;
}

}  // namespace toolkit

#include "toolkit/settle.hpp"

#include <algorithm>
#include <array>

#include "ascii.hpp"
#include "toolkit/connection.hpp"

namespace toolkit {

bool says_yes(std::string_view answer) {
  static constexpr std::array<std::string_view, 5> words = {"t", "true", "y", "yes", "on"};
  std::string word;
  std::transform(answer.begin(), answer.end(), std::back_inserter(word),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (std::find(words.begin(), words.end(), word) != words.end()) {
    return true;
  }
  const std::string_view digits = word.starts_with('-') ? std::string_view(word).substr(1) : word;
  const bool is_number = !digits.empty() && digits.find_first_not_of("0123456789.") == std::string_view::npos;
  return is_number && digits.find_first_of("123456789") != std::string_view::npos;
}

std::string describe(const LockHolder& holder) {
  std::string text = "session " + holder.session;
  if (!holder.user.empty()) {
    text += " of " + holder.user + (holder.host.empty() ? "" : "@" + holder.host);
  }
  text += holder.application.empty() ? "" : ", " + holder.application;
  text += holder.since.empty() ? "" : ", since " + holder.since;
  return text + (holder.running.empty() ? ", between statements" : ", running: " + holder.running);
}

}  // namespace toolkit

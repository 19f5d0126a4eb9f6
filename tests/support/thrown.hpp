#pragma once

#include <string>

#include "secrets.hpp"
#include "toolkit/error.hpp"

namespace toolkit::test {

/// The error that a call throws; kind `internal` and the message "no error" when it throws none, so that a
/// comparison of the whole text fails. Its text takes part in the search for passwords.
template <typename Call>
ErrorDetails thrown_by(Call call) {
  try {
    call();
  } catch (const Error& error) {
    note_output(describe(error.details(), true));
    return error.details();
  }
  ErrorDetails none;
  none.message = "no error";
  return none;
}

/// The whole text that a person reads for it, with `from` shortened to `to` wherever it stands.
template <typename Call>
std::string text_thrown_by(Call call, const std::string& from = {}, const std::string& to = {}) {
  std::string text = describe(thrown_by(call));
  for (std::size_t at = text.find(from); !from.empty() && at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

}  // namespace toolkit::test

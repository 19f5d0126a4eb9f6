#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "toolkit/error.hpp"
#include "toolkit/url.hpp"

namespace toolkit::mysql {

/// Pure. What an answered or lost call means: kind, message, SQLSTATE, code, advice, `connection_lost`.
/// `message` is redacted by the caller.
ErrorDetails answered(unsigned code, std::string_view sqlstate, std::string message);

/// Pure. Why no session came to be: names host and database, with the advice for that case.
Error connect_error(unsigned code, std::string message, const DatabaseUrl& url);

/// Pure. The byte in `statement` at which a syntax error was found: "… near 'REST' at line N", where REST is
/// the statement from there on, cut to 80 characters. Nothing when the message does not say, or when it
/// does not fit the statement.
std::optional<std::size_t> offset_of_error(std::string_view message, std::string_view statement);

bool is_connection_lost(unsigned code);

}  // namespace toolkit::mysql

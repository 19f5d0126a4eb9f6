#include "toolkit/error.hpp"

#include <algorithm>
#include <utility>

#include "excerpt.hpp"

namespace toolkit {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool starts_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

// A server's text may hold line ends of the statement that it quotes: later lines are indented, so that
// every line that starts in the first column is the toolkit's own.
std::string indented(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' || text[i] == '\r') {
      i += text.substr(i, 2) == "\r\n" ? 1U : 0U;
      result += "\n  ";
    } else {
      result += text[i];
    }
  }
  return result;
}

/// "version 7" or, in the digits of its files, "version 0007"; not "version 70".
bool names_version(std::string_view message, std::int64_t version) {
  constexpr std::string_view word = "version ";
  const std::string number = std::to_string(version);
  for (std::size_t at = message.find(word); at != std::string_view::npos; at = message.find(word, at + 1)) {
    const std::size_t begin = message.find_first_not_of('0', at + word.size());
    if (begin != std::string_view::npos && message.substr(begin).starts_with(number) &&
        message.find_first_of("0123456789", begin + number.size()) != begin + number.size()) {
      return true;
    }
  }
  return false;
}

std::string place_of(const ErrorDetails& details) {
  const SourcePosition& position = details.position;
  if (position.path.empty()) {
    const std::string version = "version " + std::to_string(details.version);
    const bool is_named = details.version == 0 || names_version(details.message, details.version);
    return is_named ? "error: " : "error: " + version + ": ";
  }
  std::string place = position.path;
  if (position.line > 0) {
    place += ":" + std::to_string(position.line);
    place += position.column > 0 ? ":" + std::to_string(position.column) : "";
  }
  return place + ": ";
}

std::string codes_of(const ErrorDetails& details) {
  std::string codes = details.sqlstate.empty() ? "" : "SQLSTATE " + details.sqlstate;
  if (!details.native_code.empty() && details.native_code != details.sqlstate) {
    codes += (codes.empty() ? "code " : ", code ") + details.native_code;
  }
  return codes;
}

void append_labelled(std::string& text, std::string_view label, std::string_view value) {
  if (!value.empty()) {
    text.append("  ").append(label).append(": ").append(indented(value)).append("\n");
  }
}

}  // namespace

ExitCode exit_code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
    case ErrorKind::configuration:
    case ErrorKind::files:
    case ErrorKind::changed:
    case ErrorKind::missing:
    case ErrorKind::late:
      return ExitCode::known_offline;
    case ErrorKind::migration:
    case ErrorKind::connection:
    case ErrorKind::server:
    case ErrorKind::timeout:
    case ErrorKind::internal:
      return ExitCode::failed;
    case ErrorKind::lock:
      return ExitCode::lock_not_obtained;
    case ErrorKind::unsettled:
      return ExitCode::unsettled;
    case ErrorKind::findings:
      return ExitCode::findings;
    case ErrorKind::interrupted:
      return ExitCode::interrupted;
  }
  return ExitCode::failed;
}

Error::Error(ErrorDetails details) : details_(std::move(details)) {}

Error::Error(ErrorKind kind, std::string message, std::string advice) {
  details_.kind = kind;
  details_.message = std::move(message);
  details_.advice = std::move(advice);
}

Error error_at(ErrorKind kind, std::string message, std::string path, std::string_view file_text,
               std::size_t byte_offset, std::string advice) {
  LineAt at = line_at(file_text, byte_offset);
  ErrorDetails details;
  details.kind = kind;
  details.message = std::move(message);
  details.position = {std::move(path), at.line, at.column};
  details.position_is_exact = true;
  details.source_line = std::move(at.text);
  details.advice = std::move(advice);
  return Error(std::move(details));
}

LineAt line_at(std::string_view text, std::size_t byte_offset) {
  byte_offset = std::min(byte_offset, text.size());
  LineAt at;
  // Editors do not count the byte order mark as a character.
  std::size_t line_begin = text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  for (std::size_t i = line_begin; i < byte_offset; ++i) {
    const bool crlf = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (text[i] == '\n' || (text[i] == '\r' && !crlf)) {
      ++at.line;
      line_begin = i + 1;
    }
  }
  for (std::size_t i = line_begin; i < byte_offset; ++i) {
    at.column += starts_character(text[i]) ? 1 : 0;
  }
  const std::size_t line_end = std::min(text.find_first_of("\r\n", line_begin), text.size());
  at.text = text.substr(line_begin, line_end - line_begin);
  return at;
}

std::string describe(const ErrorDetails& details, bool verbose) {
  std::string text = place_of(details) + indented(details.message) + "\n";
  if (!details.source_line.empty()) {
    text += excerpt(details.source_line, details.position.column, details.position_is_exact);
  }
  if (const std::string codes = codes_of(details); !codes.empty()) {
    text += "  " + codes + "\n";
  }
  if (verbose) {
    append_labelled(text, "detail", details.detail);
  }
  append_labelled(text, "hint", details.hint);
  append_labelled(text, "next", details.advice);
  if (verbose) {
    append_labelled(text, "statement", details.statement);
  }
  return text;
}

}  // namespace toolkit

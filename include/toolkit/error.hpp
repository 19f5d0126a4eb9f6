#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

#include "toolkit/exit_code.hpp"

namespace toolkit {

/// Why an operation ended. Each kind has exactly one exit code, see `exit_code_of`.
enum class ErrorKind {
  usage,          ///< the command line or a call is wrong
  configuration,  ///< URL, toolkit.toml, environment
  files,          ///< a migration file or folder is not what the format asks for
  changed,        ///< an applied version's up file has another checksum now
  missing,        ///< an applied version has no file
  late,           ///< a pending version is below the highest applied one
  migration,      ///< the server refused a migration's statement
  connection,     ///< no connection, or it was lost
  server,         ///< the server refused something else, lacks rights or a feature
  timeout,        ///< a bounded wait ended
  lock,           ///< the lock between runners was not obtained
  unsettled,      ///< an interrupted version needs a human decision
  findings,       ///< a check found something
  interrupted,    ///< cancelled by SIGINT or SIGTERM after an orderly cancel on the server
  internal,       ///< a defect of the toolkit itself
};

/// Pure. The exit code of the process for an error of this kind.
ExitCode exit_code_of(ErrorKind kind);

/// Where in a file something is. Lines and columns count from 1; columns count characters (code points),
/// not bytes. `line == 0` means "the file as a whole"; an empty path means "no file".
struct SourcePosition {
  std::string path;
  int line = 0;
  int column = 0;
};

/// What an error says. Every field may be empty; only `kind` and `message` are always set.
/// No field ever holds a password: texts from client libraries pass `redact` (url.hpp) first.
struct ErrorDetails {
  ErrorKind kind = ErrorKind::internal;
  std::string message;             ///< one sentence without trailing full stop
  SourcePosition position;         ///< the place in a file that the message is about
  bool position_is_exact = false;  ///< the server or the scanner named this place; else it is the first token
  std::string source_line;         ///< the text of that line, without its end
  std::string statement;           ///< the statement that was sent, when one was
  std::int64_t version = 0;        ///< the version concerned, 0 for none
  int step = 0;                    ///< the step of that version, 0 for none
  std::string sqlstate;            ///< five characters where the server has them
  std::string native_code;         ///< the server's own number or name: "1064", "42601", "SQLITE_BUSY"
  std::string detail;              ///< the server's detail (may show row values; printed only with -v)
  std::string hint;                ///< the server's hint
  std::string advice;              ///< what to do next: the tool's own sentence
  bool connection_lost = false;    ///< the session is gone: what ran last is unknown
  bool claim_lost = false;         ///< another runner took the version first: read the history again
  bool failed_for_sharing = false;  ///< the versions could not share a transaction; one by one they may
  int signal = 0;                   ///< SIGINT or SIGTERM for `interrupted`
};

/// The one exception of the toolkit. Exceptions end an operation; pending, changed, drift and the like
/// are returned values wherever a caller asks for them. Exceptions of SOCI and of client libraries end
/// at the dialect: above it there is only this type.
///
/// Rejected: a class per kind. Callers need the exit code and the fields, never a type switch.
class Error : public std::exception {
 public:
  explicit Error(ErrorDetails details);
  Error(ErrorKind kind, std::string message, std::string advice = {});

  const char* what() const noexcept override { return details_.message.c_str(); }
  const ErrorDetails& details() const noexcept { return details_; }
  ErrorDetails& details() noexcept { return details_; }
  ErrorKind kind() const noexcept { return details_.kind; }

 private:
  ErrorDetails details_;
};

/// Pure. An error about a place in a file. `byte_offset` counts from the start of `file_text`; the line,
/// the column and the source line are computed from it.
Error error_at(ErrorKind kind, std::string message, std::string path, std::string_view file_text,
               std::size_t byte_offset, std::string advice = {});

/// Pure. Line, column (in characters) and the text of the line for a byte offset; CRLF, CR and LF end lines.
struct LineAt {
  int line = 1;
  int column = 1;
  std::string text;
};
LineAt line_at(std::string_view text, std::size_t byte_offset);

/// Pure. The whole text that a person reads for this error, several lines, ending with LF:
/// `file:line:column: message`, the line with a caret where the place is exact, SQLSTATE and native code,
/// the server's hint, and the advice. `verbose` adds the server's detail and the statement.
std::string describe(const ErrorDetails& details, bool verbose = false);

}  // namespace toolkit

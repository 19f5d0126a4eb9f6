#include "toolkit/error.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace toolkit;

namespace {

ErrorDetails refused_by_server() {
  ErrorDetails details;
  details.kind = ErrorKind::migration;
  details.message = "syntax error at or near \"CREAT\"";
  details.position = {"migrations/0001_a.up.sql", 3, 2};
  details.position_is_exact = true;
  details.source_line = "\tCREAT TABLE t (id int);";
  details.sqlstate = "42601";
  details.native_code = "1064";
  details.detail = "row (1, 2)";
  details.hint = "check\nthe spelling";
  details.advice = "correct the file, then run 'toolkit up' again";
  details.statement = "CREAT TABLE t\n(id int)";
  return details;
}

}  // namespace

TEST_CASE("describe shows the place, the line with a caret, codes, hint and advice") {
  CHECK(describe(refused_by_server()) ==
        "migrations/0001_a.up.sql:3:2: syntax error at or near \"CREAT\"\n"
        "    \tCREAT TABLE t (id int);\n"
        "    \t^\n"
        "  SQLSTATE 42601, code 1064\n"
        "  hint: check\n"
        "  the spelling\n"
        "  next: correct the file, then run 'toolkit up' again\n");
}

TEST_CASE("describe adds the server's detail and the statement when verbose") {
  CHECK(describe(refused_by_server(), true) ==
        "migrations/0001_a.up.sql:3:2: syntax error at or near \"CREAT\"\n"
        "    \tCREAT TABLE t (id int);\n"
        "    \t^\n"
        "  SQLSTATE 42601, code 1064\n"
        "  detail: row (1, 2)\n"
        "  hint: check\n"
        "  the spelling\n"
        "  next: correct the file, then run 'toolkit up' again\n"
        "  statement: CREAT TABLE t\n"
        "  (id int)\n");
}

TEST_CASE("describe without an exact place shows the line without a caret") {
  ErrorDetails details = refused_by_server();
  details.position_is_exact = false;
  details.sqlstate.clear();
  details.hint.clear();
  details.advice.clear();
  CHECK(describe(details) ==
        "migrations/0001_a.up.sql:3:2: syntax error at or near \"CREAT\"\n"
        "    \tCREAT TABLE t (id int);\n"
        "  code 1064\n");
}

TEST_CASE("describe of an error without a file, or about a whole file") {
  CHECK(describe(Error(ErrorKind::usage, "no database is named", "use --database URL").details()) ==
        "error: no database is named\n  next: use --database URL\n");
  ErrorDetails details;
  details.message = "it was interrupted";
  details.version = 7;
  CHECK(describe(details) == "error: version 7: it was interrupted\n");
  details.position.path = "migrations";
  CHECK(describe(details) == "migrations: it was interrupted\n");
}

TEST_CASE("describe cuts a long line around the caret") {
  const std::string line = std::string(300, 'a') + "X" + std::string(300, 'b');
  const Error error = error_at(ErrorKind::files, "here", "f.sql", line, 300);
  CHECK(describe(error.details()) == "f.sql:1:301: here\n    …" + std::string(100, 'a') + "X" +
                                         std::string(59, 'b') + "…\n    " + std::string(101, ' ') + "^\n");
  const Error first = error_at(ErrorKind::files, "here", "f.sql", line, 0);
  CHECK(describe(first.details()) == "f.sql:1:1: here\n    " + std::string(160, 'a') + "…\n    ^\n");
  const Error last = error_at(ErrorKind::files, "here", "f.sql", line, line.size());
  CHECK(describe(last.details()) ==
        "f.sql:1:602: here\n    …" + std::string(160, 'b') + "\n     " + std::string(160, ' ') + "^\n");
}

TEST_CASE("describe never lets a line steer the terminal") {
  const Error error = error_at(ErrorKind::files, "here", "f.sql", "a\x1b[2J\xe2\x80\xae\xff;x", 9);
  CHECK(describe(error.details()) ==
        "f.sql:1:8: here\n    a\xEF\xBF\xBD[2J\xEF\xBF\xBD\xEF\xBF\xBD;x\n           ^\n");
}

TEST_CASE("line_at counts characters, and LF, CRLF and CR as line ends") {
  const std::string text =
      "\xEF\xBB\xBF"
      "a\r\nb\rc\nä€x";
  const auto at = [&text](std::size_t offset) {
    const LineAt line = line_at(text, offset);
    return std::to_string(line.line) + ":" + std::to_string(line.column) + " " + line.text;
  };
  CHECK(at(0) == "1:1 a");
  CHECK(at(3) == "1:1 a");
  CHECK(at(5) == "1:3 a");
  CHECK(at(6) == "2:1 b");
  CHECK(at(8) == "3:1 c");
  CHECK(at(10) == "4:1 ä€x");
  CHECK(at(15) == "4:3 ä€x");
  CHECK(at(1000) == "4:4 ä€x");
  CHECK(line_at("", 0).line == 1);
  CHECK(line_at("a\n", 2).line == 2);
}

TEST_CASE("an error without a place names its version, once") {
  ErrorDetails details;
  details.version = 7;
  for (const char* named : {"version 7_x is late", "the files of version 0007_x"}) {
    details.message = named;
    CHECK(describe(details) == "error: " + details.message + "\n");
  }
  for (const char* other : {"version 70_x is late", "version 17_x is late", "no rights", "version "}) {
    details.message = other;
    CHECK(describe(details) == "error: version 7: " + details.message + "\n");
  }
}

TEST_CASE("each kind of error has one exit code") {
  CHECK(exit_code_of(ErrorKind::usage) == ExitCode::known_offline);
  CHECK(exit_code_of(ErrorKind::configuration) == ExitCode::known_offline);
  CHECK(exit_code_of(ErrorKind::files) == ExitCode::known_offline);
  CHECK(exit_code_of(ErrorKind::changed) == ExitCode::known_offline);
  CHECK(exit_code_of(ErrorKind::missing) == ExitCode::known_offline);
  CHECK(exit_code_of(ErrorKind::late) == ExitCode::known_offline);
  CHECK(exit_code_of(ErrorKind::migration) == ExitCode::failed);
  CHECK(exit_code_of(ErrorKind::connection) == ExitCode::failed);
  CHECK(exit_code_of(ErrorKind::server) == ExitCode::failed);
  CHECK(exit_code_of(ErrorKind::timeout) == ExitCode::failed);
  CHECK(exit_code_of(ErrorKind::internal) == ExitCode::failed);
  CHECK(exit_code_of(ErrorKind::lock) == ExitCode::lock_not_obtained);
  CHECK(exit_code_of(ErrorKind::unsettled) == ExitCode::unsettled);
  CHECK(exit_code_of(ErrorKind::findings) == ExitCode::findings);
  CHECK(exit_code_of(ErrorKind::interrupted) == ExitCode::interrupted);
}

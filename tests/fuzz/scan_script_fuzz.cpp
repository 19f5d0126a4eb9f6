// Entry for libFuzzer (clang++ -fsanitize=fuzzer,address,undefined) and for standalone_main.cpp. The first
// byte chooses the flavour, the rest is a file. What must hold for every text:
// - tokens cover it exactly, in order;
// - statements lie within it, in order, and are not empty;
// - the text of a statement, sent alone, is exactly one statement with the same bytes;
// - a refusal is Error(files) that names a place within the text.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "../../dialects/mysql/script_syntax.hpp"
#include "../../dialects/postgresql/script_syntax.hpp"
#include "../../dialects/sqlite/script_syntax.hpp"
#include "toolkit/checksum.hpp"
#include "toolkit/directive.hpp"
#include "toolkit/error.hpp"
#include "toolkit/script.hpp"

namespace {

using namespace toolkit;

void require(bool holds, const char* what) {
  if (!holds) {
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
  }
}

const std::vector<ScriptSyntax>& syntaxes() {
  static const std::vector<ScriptSyntax> all = {
      postgresql::script_syntax(), mysql::script_syntax("mysql", ""), mysql::script_syntax("mariadb", ""),
      sqlite::script_syntax(), mysql::script_syntax("mysql", "ANSI_QUOTES,NO_BACKSLASH_ESCAPES")};
  return all;
}

void check_tokens(std::string_view text, const ScriptSyntax& syntax) {
  std::size_t end = 0;
  for (const Token& token : tokenize(text, syntax)) {
    require(token.begin == end && token.end > token.begin, "tokens follow each other");
    end = token.end;
  }
  require(end == text.size(), "tokens cover the text");
}

void check_statement_alone(std::string_view sent, std::size_t begin, const ScriptSyntax& syntax) {
  const ScannedScript alone = scan_script(sent, syntax, "alone");
  require(alone.statements.size() == 1, "the sent text is one statement");
  require(alone.statements[0].begin == begin && alone.statements[0].end == sent.size(),
          "with the same bytes");
}

void check_script(std::string_view text, const ScriptSyntax& syntax) {
  const ScannedScript script = scan_script(text, syntax, "fuzz");
  // A DELIMITER line is trusted with where a body ends, also where the words of the body do not say so.
  const bool trusts_delimiter = syntax.delimiter_lines && text.find_first_of("dD") != std::string_view::npos;
  std::size_t end = script.bom_size;
  for (const StatementRange& statement : script.statements) {
    require(statement.begin >= end && statement.end > statement.begin && statement.end <= text.size(),
            "statements are in order");
    require(statement.send_begin >= end && statement.send_begin <= statement.begin,
            "what is sent has not been sent");
    end = statement.end;
    if (!trusts_delimiter) {
      check_statement_alone(text.substr(statement.send_begin, statement.end - statement.send_begin),
                            statement.begin - statement.send_begin, syntax);
    }
  }
  for (const DirectivePlace place : {DirectivePlace::up, DirectivePlace::down, DirectivePlace::schema}) {
    try {
      parse_directives(script, text, "fuzz", place);
    } catch (const Error& error) {
      require(error.kind() == ErrorKind::files, "a directive is refused as Error(files)");
    }
  }
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer gives the name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const ScriptSyntax& syntax = syntaxes()[data[0] % syntaxes().size()];
  check_tokens(text, syntax);
  leading_words(text, syntax, 4);
  const std::string canonical = canonical_text(text);
  require(canonical.find('\r') == std::string::npos, "canonical text has LF only");
  try {
    check_script(text, syntax);
  } catch (const Error& error) {
    const SourcePosition& position = error.details().position;
    require(error.kind() == ErrorKind::files && position.path == "fuzz", "a text is refused as Error(files)");
    require(position.line >= 1 && position.column >= 1, "with a place");
    require(describe(error.details(), true).ends_with('\n'), "and a text");
  }
  return 0;
}

// tests/fixtures/scripts/<flavour>/<case>/: `input.sql` (a migration file) or `schema.sql` (several
// statements are allowed), and `expected.txt`: what the scanner finds, or the whole text of its error.
// TOOLKIT_UPDATE_GOLDEN=1 writes expected.txt; read the difference before it is committed.

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "../support/files.hpp"
#include "../support/golden.hpp"
#include "script_syntaxes.hpp"
#include "toolkit/error.hpp"
#include "toolkit/script.hpp"

namespace {

namespace fs = std::filesystem;
using namespace toolkit;

const fs::path fixtures = fs::path(TOOLKIT_SOURCE_DIR) / "tests/fixtures/scripts";

std::string place(std::string_view text, std::size_t offset) {
  const LineAt at = line_at(text, offset);
  return std::to_string(at.line) + ":" + std::to_string(at.column);
}

void append_directives(std::string& result, std::string_view text, const std::string& kind,
                       const std::vector<DirectiveLine>& lines) {
  for (const DirectiveLine& line : lines) {
    result += kind + " at " + place(text, line.offset) + " [" + line.word + "] [" + line.value + "]\n";
  }
}

std::string describe_script(const ScannedScript& script, std::string_view text) {
  std::string result = script.bom_size == 0 ? "" : "byte order mark\n";
  append_directives(result, text, "directive", script.directives);
  append_directives(result, text, "misplaced directive", script.misplaced_directives);
  append_directives(result, text, "malformed directive", script.malformed_directives);
  for (const StatementRange& statement : script.statements) {
    const auto begin = statement.begin;
    result +=
        "statement at " + place(text, begin) + ", sent from " + place(text, statement.send_begin) + "\n<<<";
    result += std::string(text.substr(begin, statement.end - begin)) + ">>>\n";
  }
  return script.statements.empty() ? result + "no statement\n" : result;
}

std::string scan_case(const fs::path& folder, const ScriptSyntax& syntax) {
  const bool schema = fs::exists(folder / "schema.sql");
  const std::string text = test::read_file(folder / (schema ? "schema.sql" : "input.sql"));
  try {
    return describe_script(schema ? scan_script(text, syntax, "schema.sql")
                                  : scan_migration(text, syntax, "migrations/0007_case.up.sql"),
                           text);
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::files);
    return describe(error.details());
  }
}

std::vector<fs::path> sorted_entries(const fs::path& folder) {
  std::vector<fs::path> entries(fs::directory_iterator(folder), fs::directory_iterator{});
  std::sort(entries.begin(), entries.end());
  return entries;
}

}  // namespace

TEST_CASE("every fixture of the scanner gives its expected text") {
  int cases = 0;
  std::set<std::string> flavours;
  for (const fs::path& flavour : sorted_entries(fixtures)) {
    flavours.insert(flavour.filename().string());
    const ScriptSyntax syntax = test::script_syntax_of(flavour.filename().string());
    for (const fs::path& folder : sorted_entries(flavour)) {
      CAPTURE(folder.string());
      CHECK(test::golden_difference(folder / "expected.txt", scan_case(folder, syntax)) == "");
      ++cases;
      std::set<std::string> names;
      for (const fs::path& file : sorted_entries(folder)) {
        names.insert(file.filename().string());
      }
      const std::string input = names.count("schema.sql") != 0 ? "schema.sql" : "input.sql";
      CHECK(names == std::set<std::string>{"expected.txt", input});
    }
  }
  CHECK(flavours == std::set<std::string>{"mariadb", "mysql", "postgresql", "sqlite"});
  CHECK(cases >= 346);
}

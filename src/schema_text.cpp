#include "schema_text.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "ascii.hpp"
#include "toolkit/error.hpp"

namespace toolkit {

namespace {

/// `CREATE DEFINER = a TRIGGER t …` creates a TRIGGER: the first word that says what is made; empty for what
/// creates nothing.
std::string kind_created(const std::string& statement, const ScriptSyntax& syntax) {
  static constexpr std::array<std::string_view, 12> kinds = {"TABLE",     "INDEX", "VIEW",    "MATERIALIZED",
                                                             "TRIGGER",   "RULE",  "ROUTINE", "FUNCTION",
                                                             "PROCEDURE", "EVENT", "TYPE",    "SEQUENCE"};
  bool creates = false;
  for (const Token& token : tokenize(statement, syntax)) {
    if (token.kind != TokenKind::word) {
      continue;
    }
    std::string word = to_upper(std::string_view(statement).substr(token.begin, token.end - token.begin));
    if (!creates && word != "CREATE") {
      return {};
    }
    creates = true;
    if (std::find(kinds.begin(), kinds.end(), word) != kinds.end()) {
      return word;
    }
  }
  return {};
}

bool begins_with(const std::string& statement, const ScriptSyntax& syntax, std::string_view first,
                 std::string_view second = {}) {
  const std::vector<std::string> words = leading_words(statement, syntax, 2);
  return !words.empty() && words[0] == first && (second.empty() || (words.size() > 1 && words[1] == second));
}

std::size_t place_for_rows(const std::vector<std::string>& statements, const ScriptSyntax& syntax) {
  std::size_t behind_tables = 0;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const std::string kind = kind_created(statements[i], syntax);
    if (kind == "TRIGGER" || kind == "RULE" || kind == "MATERIALIZED") {
      while (i > 0 && begins_with(statements[i - 1], syntax, "SET")) {
        --i;
      }
      return i;
    }
    if (kind == "TABLE" || kind == "INDEX" || begins_with(statements[i], syntax, "ALTER", "TABLE") ||
        begins_with(statements[i], syntax, "ALTER", "SEQUENCE")) {
      behind_tables = i + 1;
    }
  }
  return behind_tables;
}

/// Where a client, which knows no bodies, would end it.
bool holds_semicolon(const std::string& statement, const ScriptSyntax& syntax) {
  const std::vector<Token> tokens = tokenize(statement, syntax);
  return std::any_of(tokens.begin(), tokens.end(),
                     [](const Token& token) { return token.kind == TokenKind::semicolon; });
}

/// A delimiter that the statement does not hold.
std::string delimiter_for(const std::string& statement) {
  std::string delimiter = "$$";
  while (statement.find(delimiter) != std::string::npos) {
    delimiter += "$";
  }
  return delimiter;
}

void require_same_statements(const std::string& text, const std::vector<std::string>& statements,
                             const ScriptSyntax& syntax) {
  const std::vector<StatementRange> found = scan_script(text, syntax, "(the fresh schema)").statements;
  bool same = found.size() == statements.size();
  std::size_t i = 0;
  for (; same && i < found.size(); ++i) {
    same = text.compare(found[i].begin, found[i].end - found[i].begin, statements[i]) == 0;
  }
  if (!same) {
    throw Error(ErrorKind::internal,
                "the fresh schema would be read as other statements than it was written from, at: " +
                    statements[std::min(i == 0 ? 0 : i - 1, statements.size() - 1)],
                "this is a defect of the toolkit: please report it");
  }
}

}  // namespace

std::vector<std::string> with_rows(std::vector<std::string> statements, const std::vector<std::string>& rows,
                                   const ScriptSyntax& syntax) {
  const auto place = static_cast<std::ptrdiff_t>(place_for_rows(statements, syntax));
  statements.insert(statements.begin() + place, rows.begin(), rows.end());
  return statements;
}

std::string schema_text(Version version, const std::string& product,
                        const std::vector<std::string>& statements, const ScriptSyntax& syntax) {
  const std::string number = std::to_string(version);
  std::string text = "-- toolkit: schema-version " + number + "\n-- The fresh schema for " + product +
                     ": what the versions up to " + number +
                     " make, in one go. Written by 'toolkit schema dump'.\n"
                     "-- 'toolkit schema load' loads it into an empty database and records the versions; a "
                     "client of the\n-- server loads it without recording them.\n";
  bool is_insert = false;
  for (const std::string& statement : statements) {
    const bool was_insert = std::exchange(is_insert, begins_with(statement, syntax, "INSERT"));
    text += was_insert && is_insert ? "" : "\n";
    if (syntax.delimiter_lines && holds_semicolon(statement, syntax)) {
      const std::string delimiter = delimiter_for(statement);
      text += "DELIMITER " + delimiter + "\n" + statement + delimiter + "\nDELIMITER ;\n";
    } else {
      text += statement + ";\n";
    }
  }
  require_same_statements(text, statements, syntax);
  return text;
}

}  // namespace toolkit

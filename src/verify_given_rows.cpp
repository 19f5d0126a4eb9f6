#include "verify_given_rows.hpp"

#include <algorithm>

#include "ascii.hpp"
#include "toolkit/error.hpp"

namespace toolkit {

namespace {

std::string name_of(const Token& token, std::string_view text) {
  const bool is_quoted = token.kind == TokenKind::quoted_identifier && text.size() > 2;
  return to_upper(is_quoted ? text.substr(1, text.size() - 2) : text);
}

/// Words and names, upper case, quotes taken off names.
std::vector<std::string> names_and_words(std::string_view sql, const ScriptSyntax& syntax) {
  std::vector<std::string> words;
  for (const Token& token : tokenize(sql, syntax)) {
    if (token.kind != TokenKind::comment && token.kind != TokenKind::space) {
      words.push_back(name_of(token, sql.substr(token.begin, token.end - token.begin)));
    }
  }
  return words;
}

}  // namespace

std::string inserted_table(std::string_view sql, const ScriptSyntax& syntax) {
  const std::vector<std::string> words = names_and_words(sql, syntax);
  const auto into =
      std::find(words.begin(), words.begin() + std::min<std::ptrdiff_t>(4, std::ssize(words)), "INTO");
  const auto name = into + 1;
  if (words.empty() || words.front() != "INSERT" || std::distance(into, words.end()) < 2) {
    return {};
  }
  const bool has_schema = std::distance(name, words.end()) > 2 && *(name + 1) == ".";
  return has_schema ? *(name + 2) : *name;
}

bool creates_table(std::string_view sql, const ScriptSyntax& syntax, const std::string& name) {
  const std::vector<std::string> words = names_and_words(sql, syntax);
  const auto table = std::find(words.begin(), words.end(), "TABLE");
  const auto end = std::find(table, words.end(), "(");
  return !words.empty() && words.front() == "CREATE" && std::find(table, end, name) != end;
}

GivenRows::GivenRows(const std::string& path, const std::string& text, const ScriptSyntax& syntax) {
  for (const StatementRange& range : scan_script(text, syntax, path).statements) {
    Statement statement;
    statement.sql = text.substr(range.begin, range.end - range.begin);
    const LineAt at = line_at(text, range.begin);
    statement.place = path + ":" + std::to_string(at.line);
    const std::string table = inserted_table(statement.sql, syntax);
    if (table.empty()) {
      throw Error(ErrorKind::files, statement.place + ": a file of rows holds INSERT statements",
                  "tables and settings belong into base.sql or the file that [verify] prepare names");
    }
    tables_.insert(table);
    statements_.push_back(std::move(statement));
  }
}

void GivenRows::offer(Connection& connection) {
  for (Statement& statement : statements_) {
    if (statement.is_taken) {
      continue;
    }
    try {
      connection.execute(statement.sql);
      statement.is_taken = true;
    } catch (const Error& failure) {
      if (failure.details().connection_lost) {
        throw;
      }
      statement.failure = failure.what();
    }
  }
}

std::vector<std::string> GivenRows::refused() const {
  std::vector<std::string> sentences;
  for (const Statement& statement : statements_) {
    if (!statement.is_taken) {
      sentences.push_back(statement.place + " was never taken: " + statement.failure);
    }
  }
  return sentences;
}

}  // namespace toolkit

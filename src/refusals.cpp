#include "refusals.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "ascii.hpp"

namespace toolkit {

namespace {

// A cursor over the code of one statement; ends before its first `;`.
class Cursor {
 public:
  explicit Cursor(const Lexer& lexer) : lexer_(lexer) { advance(); }

  bool at_end() const { return at_end_; }
  void advance() { at_end_ = !lexer_.next_code(token_) || token_.kind == TokenKind::semicolon; }
  std::size_t offset() const { return token_.begin; }
  std::string_view text() const { return at_end_ ? std::string_view() : lexer_.text_of(token_); }
  bool is(std::string_view word) const { return !at_end_ && equals_ignoring_case(text(), word); }

  /// The word, or what is between the quotes of a quoted name.
  std::string_view name() const {
    const bool quoted = !at_end_ && token_.kind == TokenKind::quoted_identifier && text().size() >= 2;
    return quoted ? text().substr(1, text().size() - 2) : text();
  }

 private:
  Lexer lexer_;
  Token token_{};
  bool at_end_ = false;
};

std::vector<std::string_view> split_words(std::string_view words) {
  std::vector<std::string_view> result;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    result.push_back(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return result;
}

bool begins_with(Cursor cursor, std::string_view words) {
  const std::vector<std::string_view> wanted = split_words(words);
  return std::all_of(wanted.begin(), wanted.end(), [&cursor](std::string_view word) {
    const bool fits = cursor.is(word);
    cursor.advance();
    return fits;
  });
}

Refusal refusal_of(const RefusedStatement& refused, std::size_t offset) {
  return {offset, refused.words + " " + refused.reason, refused.advice};
}

std::optional<Refusal> find_refused_statement(const Cursor& cursor, const ScriptSyntax& syntax) {
  if (syntax.compound_statements && begins_with(cursor, "BEGIN NOT ATOMIC")) {
    return std::nullopt;
  }
  for (const RefusedStatement& refused : syntax.refused_statements) {
    if (begins_with(cursor, refused.words)) {
      return refusal_of(refused, cursor.offset());
    }
  }
  return std::nullopt;
}

// SET a = 1, @@session.b := 2: the last name before each `=` is what is set; @c is a variable of the user.
std::optional<Refusal> find_refused_setting(Cursor cursor, const ScriptSyntax& syntax) {
  if (syntax.refused_settings.empty() || !cursor.is("SET")) {
    return std::nullopt;
  }
  std::size_t depth = 0;
  bool target = true;
  bool user_variable = false;
  std::string_view before;
  for (cursor.advance(); !cursor.at_end(); cursor.advance()) {
    const std::string_view text = cursor.text();
    if (target && !user_variable && text != "=" && text != ":") {
      for (const RefusedStatement& refused : syntax.refused_settings) {
        if (equals_ignoring_case(cursor.name(), refused.words)) {
          return Refusal{cursor.offset(), "SET " + refused.words + " " + refused.reason, refused.advice};
        }
      }
    }
    depth += text == "(" ? 1 : 0;
    depth -= text == ")" && depth > 0 ? 1 : 0;
    if (depth == 0 && text == ",") {
      target = true;
      user_variable = false;
    } else if (text == "=" || text == "TO") {
      target = false;
    } else if (before == "@") {
      user_variable = text != "@" && user_variable;
    }
    user_variable = user_variable || (text == "@" && before != "@");
    before = text;
  }
  return std::nullopt;
}

// MariaDB: SET STATEMENT a = 1, b = 2 FOR another statement.
std::optional<Refusal> find_refused_inner_statement(Cursor cursor, const ScriptSyntax& syntax) {
  if (!begins_with(cursor, "SET STATEMENT")) {
    return std::nullopt;
  }
  while (!cursor.at_end() && !cursor.is("FOR")) {
    cursor.advance();
  }
  cursor.advance();
  return cursor.at_end() ? std::nullopt : find_refused_statement(cursor, syntax);
}

// Only PostgreSQL knows COPY; a shared file with it is refused for all, before any server is asked.
std::optional<Refusal> find_copy(Cursor cursor) {
  if (!cursor.is("COPY")) {
    return std::nullopt;
  }
  const std::size_t offset = cursor.offset();
  std::size_t depth = 0;
  bool from = false;
  bool to = false;
  for (; !cursor.at_end(); cursor.advance()) {
    depth += cursor.text() == "(" ? 1 : 0;
    depth -= cursor.text() == ")" && depth > 0 ? 1 : 0;
    if (depth == 0 && from && cursor.is("STDIN")) {
      return Refusal{offset, "COPY FROM STDIN reads rows from the client, and a migration file holds none",
                     "write the rows as INSERT … VALUES"};
    }
    if (depth == 0 && to && cursor.is("STDOUT")) {
      return Refusal{offset, "COPY TO STDOUT writes rows to the client, and a migration has no use for them",
                     "remove it"};
    }
    from = cursor.is("FROM");
    to = cursor.is("TO");
  }
  return std::nullopt;
}

std::optional<Refusal> find_client_command(const Lexer& lexer, Cursor cursor, const ScriptSyntax& syntax) {
  const std::string_view text = cursor.text();
  const bool prefixed = syntax.client_command_prefix != 0 && text.starts_with(syntax.client_command_prefix);
  const std::size_t offset = cursor.offset();
  const std::string_view line = lexer.line_from(offset);
  const std::string_view command = line.substr(0, std::min(line.find_first_of(" \t;", 1), line.size()));
  const bool word = std::any_of(syntax.client_words.begin(), syntax.client_words.end(),
                                [&cursor](const std::string& each) { return cursor.is(each); });
  if (!prefixed && !word) {
    return std::nullopt;
  }
  return Refusal{offset,
                 "'" + std::string(command) + "' is a command of the " + syntax.client_name +
                     " client, not a statement that the server knows",
                 "write the SQL statement that it stands for, or remove it"};
}

}  // namespace

std::optional<Refusal> find_refusal(const Lexer& lexer, const ScriptSyntax& syntax) {
  const Cursor cursor(lexer);
  if (auto refusal = find_client_command(lexer, cursor, syntax)) {
    return refusal;
  }
  if (auto refusal = find_refused_statement(cursor, syntax)) {
    return refusal;
  }
  if (auto refusal = find_refused_setting(cursor, syntax)) {
    return refusal;
  }
  if (auto refusal = find_refused_inner_statement(cursor, syntax)) {
    return refusal;
  }
  return find_copy(cursor);
}

}  // namespace toolkit

#include <optional>
#include <string>

#include "ascii.hpp"
#include "directive_line.hpp"
#include "lexer.hpp"
#include "refusals.hpp"
#include "second_statement.hpp"
#include "statement_shape.hpp"
#include "text_check.hpp"
#include "toolkit/error.hpp"
#include "toolkit/script.hpp"

namespace toolkit {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

class Scanner {
 public:
  Scanner(std::string_view text, const ScriptSyntax& syntax, const std::string& path)
      : text_(text), syntax_(syntax), path_(path), lexer_(text, syntax), shape_(syntax) {}

  ScannedScript scan() {
    check_bytes(text_, path_);
    result_.bom_size = text_.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
    send_begin_ = result_.bom_size;
    lexer_.set_position(result_.bom_size);
    Token token{};
    while (lexer_.next(token)) {
      add(token);
    }
    finish();
    return std::move(result_);
  }

 private:
  [[noreturn]] void fail(std::size_t offset, std::string message, std::string advice = {}) const {
    throw error_at(ErrorKind::files, std::move(message), path_, text_, offset, std::move(advice));
  }

  void add(const Token& token) {
    if (!lexer_.terminated()) {
      refuse_unterminated(token);
    }
    if (token.kind == TokenKind::space) {
      return;
    }
    if (token.kind == TokenKind::comment) {
      add_comment(token);
    } else if (is_delimiter_line(token)) {
      read_delimiter_line(token);
    } else if (token.kind == TokenKind::semicolon) {
      add_semicolon(token);
    } else {
      add_code(token);
    }
  }

  void add_code(const Token& token) {
    if (token.kind == TokenKind::word) {
      check_word(text_, token, path_);
    }
    if (!statement_ && skip_dashes_of_directive(token)) {
      return;
    }
    if (!statement_) {
      statement_ = StatementRange{marker_ ? *marker_ : token.begin, token.end, send_begin_};
      shape_ = StatementShape(syntax_);
      code_seen_ = true;
      Lexer from_here = lexer_;
      from_here.set_position(token.begin);
      if (const auto refusal = find_refusal(from_here, syntax_)) {
        fail(refusal->offset, refusal->message, refusal->advice);
      }
    }
    shape_.add(token, lexer_);
    statement_->end = token.end;
  }

  void add_comment(const Token& token) {
    const std::string_view comment = lexer_.text_of(token);
    if (is_executable_marker(comment, syntax_)) {
      // Markers are sent with the code between them; without code they are no more than a comment.
      if (statement_) {
        statement_->end = token.end;
      }
      marker_ = lexer_.in_executable_comment() ? std::optional(token.begin) : std::nullopt;
      return;
    }
    check_line_end_of_comment(token, comment);
    if (is_directive(comment)) {
      (code_seen_ || !is_first_of_line(token.begin) ? result_.misplaced_directives : result_.directives)
          .push_back(directive_of(token, comment));
    } else if (resembles_directive(comment)) {
      result_.malformed_directives.push_back(directive_of(token, comment));
    }
  }

  void add_semicolon(const Token& token) {
    const bool delimiter = delimiter_.empty() || lexer_.text_of(token) == delimiter_;
    const bool in_body =
        statement_ && (delimiter_.empty() ? !shape_.ends_at_semicolon() : !delimiter && shape_.has_body());
    if (in_body) {
      shape_.add(token, lexer_);
    } else if (lexer_.in_executable_comment()) {
      fail(token.begin, "a terminator inside an executable comment would cut the statement in two",
           "move it behind the closing */");
    } else if (statement_) {
      end_statement(token.end);
    } else {
      send_begin_ = token.end;
    }
  }

  void end_statement(std::size_t terminator_end) {
    // Sent without its terminator, `1--;` would end in what the server takes for a comment.
    if (syntax_.dash_comments_need_space && text_.substr(0, statement_->end).ends_with("--")) {
      fail(statement_->end - 2,
           "two dashes at the end of a statement are no comment here, and no expression either",
           "write a blank behind them, or remove them");
    }
    result_.statements.push_back(*statement_);
    statement_.reset();
    send_begin_ = terminator_end;
  }

  void finish() {
    if (lexer_.in_executable_comment()) {
      fail(lexer_.executable_begin(), "this executable comment is never closed", "close it with */");
    }
    if (statement_) {
      if (const auto open = shape_.unclosed(); open && delimiter_.empty()) {
        fail(open->offset,
             std::string(open->opener) + " is never closed: " + std::string(open->closer) + " is missing");
      }
      end_statement(text_.size());
    }
    // Only a file's only statement takes the comments before it along.
    if (result_.statements.size() > 1) {
      for (StatementRange& statement : result_.statements) {
        statement.send_begin = statement.begin;
      }
    }
  }

  [[noreturn]] void refuse_unterminated(const Token& token) const {
    const std::string_view text = lexer_.text_of(token);
    if (token.kind == TokenKind::comment) {
      fail(token.begin, "this comment is never closed", "close it with */");
    }
    if (token.kind == TokenKind::quoted_identifier) {
      const char close = text.front() == '[' ? ']' : text.front();
      fail(token.begin, "this quoted name is never closed", std::string("close it with ") + close);
    }
    std::string_view close = text.substr(0, 1);
    if (text.front() == '$') {
      close = text.substr(0, text.find('$', 1) + 1);
    } else if (text.front() != '"') {
      close = "'";
    }
    fail(token.begin, "this string is never closed", "close it with " + std::string(close));
  }

  // A server for which only LF ends a comment would take what stands behind a lone CR for a part of it,
  // while every editor shows it as the next line.
  void check_line_end_of_comment(const Token& token, std::string_view comment) const {
    if (syntax_.carriage_return_ends_comment || comment.starts_with("/*")) {
      return;
    }
    const std::size_t lone = comment.find('\r');
    if (lone != std::string_view::npos && !trim(comment.substr(lone)).empty()) {
      fail(token.begin + lone, "a carriage return without a line feed does not end a comment for this server",
           "save the file with LF or CRLF line ends");
    }
  }

  // Where `--` needs a blank behind it, `--toolkit: …` is code; it was still meant as a directive.
  bool skip_dashes_of_directive(const Token& token) {
    const std::string_view line = lexer_.line_from(token.begin);
    if (!line.starts_with("--") || !resembles_directive(line)) {
      return false;
    }
    result_.malformed_directives.push_back(directive_of(token, line));
    lexer_.set_position(token.begin + line.size());
    return true;
  }

  bool is_first_of_line(std::size_t offset) const {
    while (offset > result_.bom_size && (text_[offset - 1] == ' ' || text_[offset - 1] == '\t')) {
      --offset;
    }
    return offset == result_.bom_size || text_[offset - 1] == '\n' || text_[offset - 1] == '\r';
  }

  static DirectiveLine directive_of(const Token& token, std::string_view comment) {
    const std::string_view rest = directive_text(comment);
    const std::size_t word_end = std::min(rest.find_first_of(" \t"), rest.size());
    return {token.begin, std::string(rest.substr(0, word_end)), std::string(trim(rest.substr(word_end)))};
  }

  bool is_delimiter_line(const Token& token) const {
    if (!syntax_.delimiter_lines || token.kind != TokenKind::word ||
        !equals_ignoring_case(lexer_.text_of(token), "DELIMITER")) {
      return false;
    }
    const bool blank_after = token.end == text_.size() || is_blank(text_[token.end]);
    return blank_after && !lexer_.in_executable_comment() && is_first_of_line(token.begin) &&
           (!statement_ || !delimiter_.empty());
  }

  // As the client reads it: the first word behind DELIMITER counts, quotes around it are taken off.
  void read_delimiter_line(const Token& token) {
    if (statement_) {
      fail(token.begin, "the statement before this line is not ended by " + std::string(delimiter_),
           "put " + std::string(delimiter_) + " on its own line above");
    }
    const std::size_t line_end = std::min(text_.find('\n', token.end), text_.size());
    std::string_view word = trim(text_.substr(token.end, line_end - token.end));
    const char quote = word.empty() ? '\0' : word.front();
    if (quote == '\'' || quote == '"' || quote == '`') {
      word.remove_prefix(1);
      word = word.substr(0, word.find(quote));
    } else {
      word = word.substr(0, word.find_first_of(" \t\v\f\r"));
    }
    // 16 bytes is also the client's limit.
    if (word.empty() || word.size() > 16 || word.find('\\') != std::string_view::npos) {
      fail(token.begin, "this line needs a delimiter of at most 16 characters, without a backslash",
           "write e.g. 'DELIMITER //'");
    }
    delimiter_ = word == ";" ? std::string_view() : word;
    lexer_.set_delimiter(delimiter_);
    lexer_.set_position(std::min(line_end + 1, text_.size()));
    send_begin_ = lexer_.position();
  }

  std::string_view text_;
  const ScriptSyntax& syntax_;
  const std::string& path_;
  Lexer lexer_;
  StatementShape shape_;
  ScannedScript result_;
  std::optional<StatementRange> statement_;  // the one that is open
  std::optional<std::size_t> marker_;        // where the executable comment around here begins
  std::size_t send_begin_ = 0;
  std::string_view delimiter_;  // empty: `;`
  bool code_seen_ = false;
};

}  // namespace

ScannedScript scan_script(std::string_view text, const ScriptSyntax& syntax, const std::string& path) {
  return Scanner(text, syntax, path).scan();
}

ScannedScript scan_migration(std::string_view text, const ScriptSyntax& syntax, const std::string& path) {
  ScannedScript script = scan_script(text, syntax, path);
  if (script.statements.size() > 1) {
    throw error_at(ErrorKind::files, "a second statement starts here; a migration file holds exactly one",
                   path, text, script.statements[1].begin, how_to_split(path, script.statements.size()));
  }
  return script;
}

}  // namespace toolkit

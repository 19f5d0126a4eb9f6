#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "lexer.hpp"
#include "toolkit/script.hpp"

namespace toolkit {

enum class KeyWord : unsigned char;

/// Follows one statement token by token and knows whether a `;` ends it: not within parentheses (rules of
/// PostgreSQL), and not within the body of a routine, trigger, event or compound statement. No parser: it
/// knows the words that open and close, and where in a body a statement starts, because BEGIN, END, IF and
/// the like are names and functions elsewhere. What is malformed is left to the server.
class StatementShape {
 public:
  explicit StatementShape(const ScriptSyntax& syntax) : syntax_(&syntax) {}

  /// The next token of code. `after` stands behind it and is copied to look one or two tokens ahead.
  void add(const Token& token, const Lexer& after);

  /// Whether a `;` that comes now ends the statement. Else it is to be added as well.
  bool ends_at_semicolon() const { return frames_.empty() && parentheses_ == 0; }

  /// The statement creates or is something with a body; a DELIMITER line is to be trusted with its end.
  bool has_body() const { return has_body_; }

  /// The innermost part of a body that was not closed: where it begins, and the word that is missing.
  struct Unclosed {
    std::size_t offset;
    std::string_view opener;
    std::string_view closer;
  };
  std::optional<Unclosed> unclosed() const;

 private:
  enum class Stage { first, object, signature, before_body, plain };
  enum class Object { none, routine, trigger, event };
  enum class Handler { none, words, condition, after };
  enum class Opener : unsigned char {
    block,
    package,
    if_,
    case_,
    case_expression,
    loop,
    repeat,
    while_,
    for_
  };
  struct Frame {
    std::size_t offset;
    std::size_t parentheses;
    Opener opener;
  };

  void add_plain(char symbol);
  void add_to_head(KeyWord key, char symbol, const Token& token, const Lexer& after);
  void add_first(KeyWord key, const Token& token, const Lexer& after);
  void add_to_object(KeyWord key, const Token& token);
  void add_to_signature(KeyWord key, char symbol);
  void add_before_body(KeyWord key, const Token& token, const Lexer& after);
  void add_to_body(KeyWord key, char symbol, const Token& token, const Lexer& after);
  void add_word_of_body(KeyWord key, bool starts, const Token& token, const Lexer& after);
  bool add_to_handler(KeyWord key, char symbol);
  bool add_to_package(KeyWord key, bool starts, const Token& token);
  void count_parenthesis(char symbol);
  void open(Opener opener, const Token& token);
  bool open_statement(KeyWord key, const Token& token, const Lexer& after);
  void close(KeyWord next, bool starts);
  void pop();
  bool is_name(const Token& token) const;

  const ScriptSyntax* syntax_;
  std::vector<Frame> frames_;
  std::size_t parentheses_ = 0;  // outside of any body
  std::size_t blocks_ = 0;       // frames that a lone END closes
  Stage stage_ = Stage::first;
  Object object_ = Object::none;
  Handler handler_ = Handler::none;
  KeyWord before_{};        // the previous token, where it was a key word
  char symbol_before_ = 0;  // the previous token, where it was a symbol
  bool has_body_ = false;
  bool alter_ = false;
  bool definer_ = false;
  bool routine_of_package_ = false;
  bool starts_ = false;          // a statement of the body may start with the next token
  bool started_before_ = false;  // the previous token stood at such a place
};

}  // namespace toolkit

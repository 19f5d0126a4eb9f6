#include "ascii.hpp"
#include "lexer.hpp"
#include "toolkit/script.hpp"

namespace toolkit {

std::vector<Token> tokenize(std::string_view text, const ScriptSyntax& syntax) {
  std::vector<Token> tokens;
  Lexer lexer(text, syntax);
  Token token{};
  while (lexer.next(token)) {
    tokens.push_back(token);
  }
  return tokens;
}

std::vector<std::string> leading_words(std::string_view statement, const ScriptSyntax& syntax,
                                       std::size_t count) {
  std::vector<std::string> words;
  Lexer lexer(statement, syntax);
  Token token{};
  while (words.size() < count && lexer.next_code(token) && token.kind == TokenKind::word) {
    words.push_back(to_upper(lexer.text_of(token)));
  }
  return words;
}

}  // namespace toolkit

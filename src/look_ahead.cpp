#include "look_ahead.hpp"

namespace toolkit {

KeyWord key_of(const Token& token, const Lexer& lexer) {
  return token.kind == TokenKind::word ? key_word_of(lexer.text_of(token)) : KeyWord::none;
}

Ahead look_ahead(Lexer lexer) {
  Ahead ahead;
  Token token{};
  if (lexer.next_code(token)) {
    ahead.first = key_of(token, lexer);
  }
  if (lexer.next_code(token)) {
    ahead.second = key_of(token, lexer);
  }
  return ahead;
}

}  // namespace toolkit

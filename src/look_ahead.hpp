#pragma once

#include "key_word.hpp"
#include "lexer.hpp"

namespace toolkit {

/// The key words of the next two tokens of code.
struct Ahead {
  KeyWord first = KeyWord::none;
  KeyWord second = KeyWord::none;
};

/// Pure. The key word that a token is, or none.
KeyWord key_of(const Token& token, const Lexer& lexer);

/// Pure. Takes a copy of the lexer, so that the caller's stays where it is.
Ahead look_ahead(Lexer lexer);

}  // namespace toolkit

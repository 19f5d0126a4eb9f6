#include "look_ahead.hpp"
#include "statement_shape.hpp"

/// The part of StatementShape that follows a body, from its first opening word to its last closing one.
namespace toolkit {

namespace {

bool closes_itself_with_its_word(KeyWord key) {
  return key == KeyWord::if_ || key == KeyWord::case_ || key == KeyWord::loop || key == KeyWord::repeat ||
         key == KeyWord::while_ || key == KeyWord::for_;
}

}  // namespace

void StatementShape::add_to_body(KeyWord key, char symbol, const Token& token, const Lexer& after) {
  bool starts = starts_;
  starts_ = false;
  const bool label = symbol == ':' && started_before_ && !after.text_of(token).empty();
  started_before_ = starts;
  if (symbol == ';') {
    while (!frames_.empty() && frames_.back().opener == Opener::case_expression) {
      pop();
    }
    if (!frames_.empty()) {
      frames_.back().parentheses = 0;
    }
    handler_ = Handler::none;
    routine_of_package_ = false;
    starts_ = true;
    return;
  }
  if (symbol == '(' || symbol == ')') {
    count_parenthesis(symbol);
  }
  if (handler_ != Handler::none) {
    starts = add_to_handler(key, symbol);
    started_before_ = starts;
    if (!starts) {
      return;
    }
  }
  if (label) {
    starts_ = true;
  } else if (key != KeyWord::none) {
    add_word_of_body(key, starts, token, after);
  }
}

void StatementShape::add_word_of_body(KeyWord key, bool starts, const Token& token, const Lexer& after) {
  const Opener top = frames_.back().opener;
  if (key == KeyWord::end) {
    if (frames_.back().parentheses == 0 && before_ != KeyWord::as) {
      close(look_ahead(after).first, starts);
    }
    return;
  }
  if (key == KeyWord::case_ && !(starts && syntax_->routine_bodies)) {
    if (before_ != KeyWord::end && before_ != KeyWord::as) {
      open(Opener::case_expression, token);
    }
    return;
  }
  if (frames_.back().parentheses > 0) {
    return;
  }
  if (key == KeyWord::atomic && (before_ == KeyWord::begin || before_ == KeyWord::not_)) {
    starts_ = true;
  } else if ((key == KeyWord::then || key == KeyWord::else_) &&
             (top == Opener::if_ || top == Opener::case_)) {
    starts_ = true;
  } else if (key == KeyWord::do_ && !starts && (top == Opener::while_ || top == Opener::for_)) {
    starts_ = true;
  } else if (add_to_package(key, starts, token)) {
    return;
  } else if (starts && key == KeyWord::declare && look_ahead(after).second == KeyWord::handler) {
    handler_ = Handler::words;
  } else if (starts && syntax_->routine_bodies) {
    open_statement(key, token, after);
  }
}

// DECLARE EXIT HANDLER FOR condition, condition … statement. True when this token starts the statement.
bool StatementShape::add_to_handler(KeyWord key, char symbol) {
  switch (handler_) {
    case Handler::words:
      handler_ = key == KeyWord::for_ ? Handler::condition : Handler::words;
      return false;
    case Handler::condition:
      if (key != KeyWord::sqlstate && key != KeyWord::value && key != KeyWord::not_) {
        handler_ = Handler::after;
      }
      return false;
    case Handler::after:
      handler_ = symbol == ',' ? Handler::condition : Handler::none;
      return symbol != ',';
    case Handler::none:
      break;
  }
  return false;
}

// The routines of a package have heads and bodies of their own; a BEGIN that no routine owns starts the
// package's initialisation, which the END of the package closes.
bool StatementShape::add_to_package(KeyWord key, bool starts, const Token& token) {
  if (frames_.back().opener != Opener::package) {
    return false;
  }
  if (key == KeyWord::procedure || key == KeyWord::function) {
    routine_of_package_ = true;
  } else if (key == KeyWord::begin && routine_of_package_) {
    routine_of_package_ = false;
    open(Opener::block, token);
    starts_ = true;
  } else if (key == KeyWord::begin && starts) {
    starts_ = true;
  }
  return true;
}

void StatementShape::count_parenthesis(char symbol) {
  if (symbol == '(') {
    ++frames_.back().parentheses;
    return;
  }
  while (frames_.back().parentheses == 0 && frames_.back().opener == Opener::case_expression &&
         frames_.size() > 1) {
    pop();
  }
  if (frames_.back().parentheses > 0) {
    --frames_.back().parentheses;
  }
}

void StatementShape::open(Opener opener, const Token& token) {
  frames_.push_back({token.begin, 0, opener});
  blocks_ += opener == Opener::block || opener == Opener::package ? 1 : 0;
}

// A word that opens a part of a body, where a statement may start.
bool StatementShape::open_statement(KeyWord key, const Token& token, const Lexer& after) {
  starts_ = false;
  switch (key) {
    case KeyWord::begin:
      open(Opener::block, token);
      starts_ = true;
      return true;
    case KeyWord::if_:
      open(Opener::if_, token);
      return true;
    case KeyWord::case_:
      open(Opener::case_, token);
      return true;
    case KeyWord::loop:
      open(Opener::loop, token);
      starts_ = true;
      return true;
    case KeyWord::repeat:
      open(Opener::repeat, token);
      starts_ = true;
      return true;
    case KeyWord::while_:
      open(Opener::while_, token);
      return true;
    case KeyWord::for_:
      if (look_ahead(after).first == KeyWord::each) {
        return false;
      }
      open(Opener::for_, token);
      return true;
    default:
      return false;
  }
}

void StatementShape::close(KeyWord next, bool starts) {
  const Opener top = frames_.back().opener;
  if (top == Opener::case_expression) {
    pop();
    return;
  }
  if (syntax_->routine_bodies && closes_itself_with_its_word(next)) {
    const bool until = top == Opener::repeat && next == KeyWord::repeat;
    if ((starts || until) && top != Opener::block && top != Opener::package) {
      pop();
    }
    return;
  }
  if (!starts || blocks_ == 0) {
    return;
  }
  const std::size_t left = blocks_ - 1;
  while (blocks_ > left) {
    pop();
  }
}

void StatementShape::pop() {
  const Opener opener = frames_.back().opener;
  blocks_ -= opener == Opener::block || opener == Opener::package ? 1 : 0;
  frames_.pop_back();
  if (frames_.empty()) {
    stage_ = Stage::plain;
    parentheses_ = 0;
  }
}

std::optional<StatementShape::Unclosed> StatementShape::unclosed() const {
  if (frames_.empty()) {
    return std::nullopt;
  }
  const Frame& frame = frames_.back();
  switch (frame.opener) {
    case Opener::block:
      return Unclosed{frame.offset, "BEGIN", "END"};
    case Opener::package:
      return Unclosed{frame.offset, "PACKAGE", "END"};
    case Opener::if_:
      return Unclosed{frame.offset, "IF", "END IF"};
    case Opener::case_:
      return Unclosed{frame.offset, "CASE", "END CASE"};
    case Opener::case_expression:
      return Unclosed{frame.offset, "CASE", "END"};
    case Opener::loop:
      return Unclosed{frame.offset, "LOOP", "END LOOP"};
    case Opener::repeat:
      return Unclosed{frame.offset, "REPEAT", "END REPEAT"};
    case Opener::while_:
      return Unclosed{frame.offset, "WHILE", "END WHILE"};
    case Opener::for_:
      return Unclosed{frame.offset, "FOR", "END FOR"};
  }
  return std::nullopt;
}

}  // namespace toolkit

#include "statement_shape.hpp"

#include "look_ahead.hpp"

namespace toolkit {

void StatementShape::add(const Token& token, const Lexer& after) {
  const char symbol = token.kind == TokenKind::symbol || token.kind == TokenKind::semicolon
                          ? after.text_of(token).front()
                          : '\0';
  if (frames_.empty() && stage_ == Stage::plain) {
    add_plain(symbol);
    return;
  }
  const KeyWord key = is_name(token) ? KeyWord::none : key_of(token, after);
  if (frames_.empty()) {
    add_to_head(key, symbol, token, after);
  } else {
    add_to_body(key, symbol, token, after);
  }
  before_ = key;
  symbol_before_ = symbol;
}

// t.end, @begin and NEW.end are names; `AS end` is a label.
bool StatementShape::is_name(const Token& token) const {
  return token.kind == TokenKind::word && (symbol_before_ == '.' || symbol_before_ == '@');
}

void StatementShape::add_plain(char symbol) {
  if (symbol == '(') {
    ++parentheses_;
  } else if (symbol == ')' && parentheses_ > 0) {
    --parentheses_;
  }
}

void StatementShape::add_to_head(KeyWord key, char symbol, const Token& token, const Lexer& after) {
  add_plain(symbol);
  switch (stage_) {
    case Stage::first:
      add_first(key, token, after);
      break;
    case Stage::object:
      add_to_object(key, token);
      break;
    case Stage::signature:
      add_to_signature(key, symbol);
      break;
    case Stage::before_body:
      add_before_body(key, token, after);
      break;
    case Stage::plain:
      break;
  }
}

void StatementShape::add_first(KeyWord key, const Token& token, const Lexer& after) {
  stage_ = Stage::plain;
  if (key == KeyWord::create || (key == KeyWord::alter && syntax_->routine_bodies)) {
    alter_ = key == KeyWord::alter;
    stage_ = Stage::object;
  } else if (syntax_->compound_statements &&
             (key != KeyWord::begin || look_ahead(after).first == KeyWord::not_)) {
    // MariaDB runs these outside of routines as well.
    has_body_ = open_statement(key, token, after);
  }
}

// CREATE [OR REPLACE] [DEFINER = …] [AGGREGATE] and the kind of object.
void StatementShape::add_to_object(KeyWord key, const Token& token) {
  const bool value = symbol_before_ == '=';
  const bool routine = key == KeyWord::procedure || key == KeyWord::function;
  const bool trigger = key == KeyWord::trigger;
  if (!value && syntax_->begin_atomic_bodies && routine) {
    object_ = Object::routine;
    stage_ = Stage::before_body;
  } else if (!value && syntax_->trigger_bodies && trigger) {
    object_ = Object::trigger;
    stage_ = Stage::before_body;
  } else if (!value && syntax_->routine_bodies && key == KeyWord::package && !alter_) {
    open(Opener::package, token);
  } else if (!value && syntax_->routine_bodies && key == KeyWord::event) {
    object_ = Object::event;
    stage_ = Stage::signature;
  } else if (!value && syntax_->routine_bodies && (routine || trigger) && !alter_) {
    object_ = routine ? Object::routine : Object::trigger;
    stage_ = Stage::signature;
  } else if (key == KeyWord::definer && syntax_->routine_bodies) {
    definer_ = true;
  } else if (key == KeyWord::table || key == KeyWord::view) {
    stage_ = Stage::plain;
  } else if (!definer_ && key != KeyWord::or_ && key != KeyWord::replace && key != KeyWord::temporary &&
             key != KeyWord::aggregate) {
    stage_ = Stage::plain;
  }
  has_body_ = object_ != Object::none || !frames_.empty();
}

// Up to where a body may begin: behind the parameters, FOR EACH ROW, or DO.
void StatementShape::add_to_signature(KeyWord key, char symbol) {
  const bool parameters_end = symbol == ')' && parentheses_ == 0;
  const bool named = before_ == KeyWord::procedure || before_ == KeyWord::function ||
                     before_ == KeyWord::exists || before_ == KeyWord::event || before_ == KeyWord::trigger ||
                     before_ == KeyWord::on;
  const bool here = (object_ == Object::routine &&
                     (parameters_end || (!named && (key == KeyWord::as || key == KeyWord::is)))) ||
                    (object_ == Object::trigger && key == KeyWord::row && before_ == KeyWord::each) ||
                    (object_ == Object::event && key == KeyWord::do_ && !named);
  stage_ = here ? Stage::before_body : Stage::signature;
}

void StatementShape::add_before_body(KeyWord key, const Token& token, const Lexer& after) {
  if (parentheses_ > 0) {
    return;
  }
  if (syntax_->begin_atomic_bodies) {
    if (key == KeyWord::begin && look_ahead(after).first == KeyWord::atomic) {
      open(Opener::block, token);
    }
    return;
  }
  if (syntax_->trigger_bodies) {
    const bool named = before_ == KeyWord::trigger || before_ == KeyWord::exists || before_ == KeyWord::on ||
                       before_ == KeyWord::of || symbol_before_ == ',';
    if (key == KeyWord::begin && !named) {
      open(Opener::block, token);
      starts_ = true;
    }
    return;
  }
  const bool part_of_type = before_ == KeyWord::returns || before_ == KeyWord::character;
  if (part_of_type || before_ == KeyWord::order || open_statement(key, token, after)) {
    return;
  }
  if (key == KeyWord::verb || key == KeyWord::create || key == KeyWord::alter || key == KeyWord::replace ||
      key == KeyWord::do_ || key == KeyWord::table) {
    stage_ = Stage::plain;
  }
}

}  // namespace toolkit

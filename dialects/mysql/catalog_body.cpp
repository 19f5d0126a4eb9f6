#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "catalog_column.hpp"
#include "catalog_program.hpp"
#include "script_syntax.hpp"
#include "toolkit/script.hpp"

namespace toolkit::mysql {

namespace {

// The tokens of a text without blanks and comments, to walk along.
class Walk {
 public:
  Walk(std::string_view text, const CatalogSource& source) : text_(text) {
    tokens_ = tokenize(text, script_syntax(source.is_mariadb ? "mariadb" : "mysql", ""));
    std::erase_if(tokens_, [](const Token& token) {
      return token.kind == TokenKind::space || token.kind == TokenKind::comment;
    });
  }

  bool at_end() const { return i_ >= tokens_.size(); }
  void next() { ++i_; }
  std::string_view part() const {
    return at_end() ? std::string_view()
                    : text_.substr(tokens_[i_].begin, tokens_[i_].end - tokens_[i_].begin);
  }
  bool is_string() const { return !at_end() && tokens_[i_].kind == TokenKind::string; }
  bool is(std::string_view word) const {
    return !at_end() && tokens_[i_].kind == TokenKind::word && lower_case(part()) == word;
  }
  bool starts_line() const {
    return !at_end() && i_ > 0 &&
           text_.substr(tokens_[i_ - 1].end, tokens_[i_].begin - tokens_[i_ - 1].end).find('\n') !=
               std::string_view::npos;
  }

  /// Goes behind the words where they stand here.
  bool take(const std::vector<std::string_view>& words) {
    const std::size_t start = i_;
    for (const std::string_view word : words) {
      if (!is(word)) {
        i_ = start;
        return false;
      }
      next();
    }
    return true;
  }

  /// Goes behind the next parentheses.
  void skip_parentheses() {
    int depth = 0;
    while (!at_end()) {
      depth += part() == "(" ? 1 : part() == ")" ? -1 : 0;
      const bool is_closed = part() == ")" && depth == 0;
      next();
      if (is_closed) {
        return;
      }
    }
  }

  std::string rest() const { return at_end() ? std::string() : std::string(text_.substr(tokens_[i_].begin)); }

 private:
  std::string_view text_;
  std::vector<Token> tokens_;
  std::size_t i_ = 0;
};

bool take_characteristic(Walk& walk) {
  static const std::vector<std::vector<std::string_view>> all = {{"language", "sql"},
                                                                 {"not", "deterministic"},
                                                                 {"deterministic"},
                                                                 {"contains", "sql"},
                                                                 {"no", "sql"},
                                                                 {"reads", "sql", "data"},
                                                                 {"sql", "security", "invoker"},
                                                                 {"sql", "security", "definer"},
                                                                 {"modifies", "sql", "data"}};
  if (std::any_of(all.begin(), all.end(), [&walk](const auto& words) { return walk.take(words); })) {
    return true;
  }
  Walk ahead = walk;
  if (ahead.take({"comment"}) && ahead.is_string()) {
    ahead.next();
    walk = ahead;
    return true;
  }
  return false;
}

}  // namespace

bool is_body_certain(const std::string& body) { return body.find_first_of("'\"\\") == std::string::npos; }

std::string trigger_body(const std::string& created, const CatalogSource& source) {
  Walk walk(created, source);
  while (!walk.at_end() && !walk.take({"for", "each", "row"})) {
    walk.next();
  }
  if (walk.is("follows") || walk.is("precedes")) {
    walk.next();
    walk.next();
  }
  return walk.rest();
}

// The server writes all of it but the parameters and the body: characteristics begin a line each.
std::string routine_body(const std::string& created, const CatalogSource& source) {
  Walk walk(created, source);
  while (!walk.at_end() && !walk.is("procedure") && !walk.is("function")) {
    walk.next();
  }
  walk.skip_parentheses();
  if (walk.is("returns")) {
    while (!walk.at_end() && !walk.starts_line()) {
      walk.next();
    }
  }
  while (take_characteristic(walk)) {
  }
  return walk.rest();
}

std::string event_body(const std::string& created, const CatalogSource& source) {
  Walk walk(created, source);
  while (!walk.at_end() && !walk.take({"do"})) {
    walk.next();
  }
  return walk.rest();
}

std::string view_algorithm(const std::string& created) {
  if (created.starts_with("CREATE ALGORITHM=MERGE ")) {
    return "merge";
  }
  return created.starts_with("CREATE ALGORITHM=TEMPTABLE ") ? "temptable" : "";
}

}  // namespace toolkit::mysql

#include "expression.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "names.hpp"

namespace toolkit::sqlite {

namespace {

std::string operator_of(std::string_view written_form) {
  return written_form == "==" ? "=" : written_form == "!=" ? "<>" : std::string(written_form);
}

bool is_operator(std::string_view text) {
  constexpr std::array<std::string_view, 10> all = {
      "||", "->", "->>", "<>", "<=", ">=", "==", "!=", "<<", ">>"};
  return std::find(all.begin(), all.end(), text) != all.end();
}

/// A part of the normal form, and how it stands beside its neighbours.
struct Piece {
  enum class Kind { word, key_word, function, open, close, comma, dot, sign, other_operator } kind;
  std::string text;
};

class Normaliser {
 public:
  Normaliser(const CodeTokens& tokens, const ColumnNames& columns) : tokens_(tokens), columns_(columns) {}

  std::string text() {
    for (at_ = 0; at_ < tokens_.size(); ++at_) {
      pieces_.push_back(piece());
      unwrap_single();
    }
    std::string result;
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      result += i > 0 && has_blank_before(i) ? " " : "";
      result += pieces_[i].text;
    }
    return result;
  }

 private:
  /// `(a) > (0)` is `a > 0`. Behind a word the parentheses may be a list's: `a IN (0)`.
  void unwrap_single() {
    using Kind = Piece::Kind;
    const std::size_t count = pieces_.size();
    if (count < 3 || pieces_[count - 1].kind != Kind::close || pieces_[count - 2].kind != Kind::word ||
        pieces_[count - 3].kind != Kind::open) {
      return;
    }
    const Kind before = count == 3 ? Kind::open : pieces_[count - 4].kind;
    if (before == Kind::open || before == Kind::sign || before == Kind::other_operator) {
      pieces_.erase(pieces_.end() - 1);
      pieces_.erase(pieces_.end() - 2);
    }
  }

  bool next_is(char symbol) const { return at_ + 1 < tokens_.size() && is_symbol(tokens_[at_ + 1], symbol); }

  Piece piece() {
    const CodeToken& token = tokens_[at_];
    switch (token.kind) {
      case TokenKind::word:
        return word(token);
      case TokenKind::quoted_identifier:
        return quoted_name(token);
      case TokenKind::symbol:
        return symbol();
      case TokenKind::number:
        return {Piece::Kind::word,
                token.text.size() > 1 && token.text[0] == '0' ? std::string(token.text) : lower(token.text)};
      default:
        return {Piece::Kind::word, std::string(token.text)};
    }
  }

  Piece word(const CodeToken& token) const {
    if (is_key_word(token.text)) {
      return {Piece::Kind::key_word, upper_case(token.text)};
    }
    const auto column = columns_.find(lower(token.text));
    if (next_is('(')) {
      return {Piece::Kind::function, lower(token.text)};
    }
    return {Piece::Kind::word, column == columns_.end() ? std::string(token.text) : written(column->second)};
  }

  Piece quoted_name(const CodeToken& token) const {
    const std::string name = name_of(token);
    const auto column = columns_.find(lower(name));
    if (column != columns_.end()) {
      return {Piece::Kind::word, written(column->second)};
    }
    const bool is_qualified = next_is('.') || (!pieces_.empty() && pieces_.back().kind == Piece::Kind::dot);
    if (is_qualified || token.text.front() != '"') {
      return {Piece::Kind::word, written(name)};
    }
    return {Piece::Kind::word, is_surely_string(name) ? literal(name) : std::string(token.text)};
  }

  /// Columns are known but for those of a subquery; and names may follow COLLATE and stand before
  /// parentheses.
  bool is_surely_string(const std::string& name) const {
    const std::string small = lower(name);
    const bool is_row_number = small == "rowid" || small == "oid" || small == "_rowid_";
    const bool follows_collate = !pieces_.empty() && pieces_.back().text == "COLLATE";
    return !is_row_number && !follows_collate && !next_is('(') &&
           std::none_of(tokens_.begin(), tokens_.end(), [](const CodeToken& token) {
             return token.kind == TokenKind::word && upper_case(token.text) == "SELECT";
           });
  }

  Piece symbol() {
    std::string text(tokens_[at_].text);
    while (at_ + 1 < tokens_.size() && tokens_[at_ + 1].is_glued &&
           tokens_[at_ + 1].kind == TokenKind::symbol &&
           is_operator(text + std::string(tokens_[at_ + 1].text))) {
      text += tokens_[++at_].text;
    }
    switch (text.front()) {
      case '(':
        return {Piece::Kind::open, text};
      case ')':
        return {Piece::Kind::close, text};
      case ',':
        return {Piece::Kind::comma, text};
      case '.':
        return {Piece::Kind::dot, text};
      default:
        break;
    }
    const bool may_be_sign = text == "-" || text == "+" || text == "~";
    return {may_be_sign && stands_before_value() ? Piece::Kind::sign : Piece::Kind::other_operator,
            operator_of(text)};
  }

  bool stands_before_value() const {
    if (pieces_.empty()) {
      return true;
    }
    using Kind = Piece::Kind;
    const Piece& before = pieces_.back();
    const bool is_value =
        before.text == "NULL" || before.text == "END" || before.text.starts_with("CURRENT_");
    return before.kind == Kind::open || before.kind == Kind::comma || before.kind == Kind::sign ||
           before.kind == Kind::other_operator || (before.kind == Kind::key_word && !is_value);
  }

  bool has_blank_before(std::size_t i) const {
    using Kind = Piece::Kind;
    const Kind before = pieces_[i - 1].kind;
    const Kind here = pieces_[i].kind;
    // Two signs would begin a comment.
    const bool is_glued = before == Kind::open || before == Kind::dot || here == Kind::close ||
                          here == Kind::comma || here == Kind::dot ||
                          (before == Kind::sign && here != Kind::sign) ||
                          (here == Kind::open && before == Kind::function);
    const bool is_cast =
        here == Kind::open &&
        (pieces_[i - 1].text == "CAST" || pieces_[i - 1].text == "GLOB" || pieces_[i - 1].text == "LIKE") &&
        (i < 2 || pieces_[i - 2].kind != Kind::word);
    return !is_glued && !is_cast;
  }

  const CodeTokens& tokens_;
  const ColumnNames& columns_;
  std::size_t at_ = 0;
  std::vector<Piece> pieces_;
};

/// Without the parentheses around the whole, however many.
CodeTokens unwrapped(CodeTokens tokens) {
  std::vector<std::size_t> open;
  std::vector<std::size_t> closes(tokens.size(), 0);  // for each `(` where it is closed
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (is_symbol(tokens[i], '(')) {
      open.push_back(i);
    } else if (is_symbol(tokens[i], ')') && !open.empty()) {
      closes[open.back()] = i;
      open.pop_back();
    }
  }
  std::size_t layers = 0;
  while (2 * layers + 2 < tokens.size() && closes[layers] == tokens.size() - 1 - layers) {
    ++layers;
  }
  const auto count = static_cast<std::ptrdiff_t>(layers);
  return {tokens.begin() + count, tokens.end() - count};
}

bool is_constant_word(std::string_view word) {
  const std::string name = upper_case(word);
  return name == "NULL" || name == "TRUE" || name == "FALSE" || name.starts_with("CURRENT_");
}

}  // namespace

std::string normal_expression(CodeTokens tokens, const ColumnNames& columns) {
  tokens = unwrapped(std::move(tokens));
  return Normaliser(tokens, columns).text();
}

std::string normal_default(const CodeTokens& tokens, const ColumnNames& columns) {
  const bool is_bare_name = tokens.size() == 1 && tokens[0].kind != TokenKind::number &&
                            tokens[0].kind != TokenKind::string && !is_constant_word(tokens[0].text);
  if (is_bare_name) {
    return literal(name_of(tokens[0]));
  }
  const std::string normal = normal_expression(tokens, columns);
  if (normal.starts_with('+') && is_plain_default(normal)) {
    return normal.substr(1);
  }
  return normal == "NULL" ? std::string() : normal;
}

bool is_plain_default(std::string_view normal) {
  CodeTokens tokens = code_tokens(normal);
  if (tokens.size() == 2 && (is_symbol(tokens[0], '-') || is_symbol(tokens[0], '+'))) {
    tokens.erase(tokens.begin());
    return tokens[0].kind == TokenKind::number;
  }
  return tokens.size() == 1 && (tokens[0].kind == TokenKind::number || tokens[0].kind == TokenKind::string ||
                                is_constant_word(tokens[0].text));
}

}  // namespace toolkit::sqlite

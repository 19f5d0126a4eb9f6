#include "parity_tokens.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "parity_expression.hpp"

namespace toolkit {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_name(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || static_cast<unsigned char>(c) >= 128;
}
bool goes_on(char c) { return begins_name(c) || is_digit(c) || c == '$'; }

/// Longest first.
constexpr std::array<std::string_view, 27> symbols = {
    "!~~*", "#>>", "->>", "!~~", "~~*", "::", "<>", "!=", "<=", ">=", "||", "->", "~~", "#>",
    "@>",   "<@",  "&&",  "(",   ")",   "[",  "]",  ",",  "<",  ">",  "=",  ".",  "~"};

class Tokens {
 public:
  explicit Tokens(std::string_view sql) : sql_(sql) {}

  std::optional<std::vector<ExpressionToken>> all() {
    while (place_ < sql_.size()) {
      if (std::isspace(static_cast<unsigned char>(sql_[place_])) != 0) {
        ++place_;
      } else if (!next()) {
        return std::nullopt;
      }
    }
    tokens_.push_back({SqlPart::end, ""});
    return std::move(tokens_);
  }

 private:
  bool next() {
    const char c = sql_[place_];
    if (c == '\'') {
      return add_quoted(SqlPart::text, '\'');
    }
    if (c == '"' || c == '`') {
      return add_quoted(SqlPart::quoted_name, c);
    }
    const bool is_fraction = c == '.' && place_ + 1 < sql_.size() && is_digit(sql_[place_ + 1]);
    if (is_digit(c) || is_fraction) {
      add_number();
      return true;
    }
    if (begins_name(c)) {
      return add_name();
    }
    return add_symbol();
  }

  /// `x'00'`, `b'1'`, `E'…'`, `N'…'`, `_utf8mb4'…'` are texts with something before them.
  bool add_name() {
    const std::size_t begin = place_;
    while (place_ < sql_.size() && goes_on(sql_[place_])) {
      ++place_;
    }
    const std::string word = lower_ascii(sql_.substr(begin, place_ - begin));
    if (place_ >= sql_.size() || sql_[place_] != '\'') {
      tokens_.push_back({SqlPart::name, word});
      return true;
    }
    const bool is_prefix = word == "x" || word == "b" || word == "e" || word == "n" || word.front() == '_';
    if (!is_prefix) {
      tokens_.push_back({SqlPart::name, word});
      return true;
    }
    if (!add_quoted(SqlPart::text, '\'')) {
      return false;
    }
    ExpressionToken& last = tokens_.back();
    if (word == "x") {
      last = {SqlPart::name, "x'" + lower_ascii(last.text) + "'"};
    } else if (word == "b") {
      const bool is_short = !last.text.empty() && last.text.size() <= 62 &&
                            last.text.find_first_not_of("01") == std::string::npos;
      last = {SqlPart::number, is_short ? std::to_string(std::stoull(last.text, nullptr, 2)) : "0"};
    }
    return true;
  }

  bool add_quoted(SqlPart kind, char quote) {
    std::string text;
    for (++place_; place_ < sql_.size(); ++place_) {
      if (sql_[place_] != quote) {
        text += sql_[place_];
      } else if (place_ + 1 < sql_.size() && sql_[place_ + 1] == quote) {
        text += sql_[place_++];
      } else {
        ++place_;
        tokens_.push_back({kind, kind == SqlPart::quoted_name ? lower_ascii(text) : text});
        return true;
      }
    }
    return false;
  }

  void add_number() {
    const std::size_t begin = place_;
    if (sql_.substr(place_, 2) == "0x" || sql_.substr(place_, 2) == "0X") {
      for (place_ += 2; place_ < sql_.size() && std::isxdigit(static_cast<unsigned char>(sql_[place_])) != 0;
           ++place_) {
      }
      tokens_.push_back(
          {SqlPart::name, "x'" + lower_ascii(sql_.substr(begin + 2, place_ - begin - 2)) + "'"});
      return;
    }
    while (place_ < sql_.size() && (is_digit(sql_[place_]) || sql_[place_] == '.' || is_exponent(begin))) {
      ++place_;
    }
    tokens_.push_back({SqlPart::number, lower_ascii(sql_.substr(begin, place_ - begin))});
  }

  /// The `e` of 1e5, and the sign behind it.
  bool is_exponent(std::size_t begin) const {
    const auto is_e = [this](std::size_t at) { return sql_[at] == 'e' || sql_[at] == 'E'; };
    return (is_e(place_) && place_ > begin) ||
           ((sql_[place_] == '+' || sql_[place_] == '-') && place_ > begin && is_e(place_ - 1));
  }

  bool add_symbol() {
    for (const std::string_view symbol : symbols) {
      if (sql_.substr(place_, symbol.size()) == symbol) {
        place_ += symbol.size();
        tokens_.push_back({SqlPart::symbol, std::string(symbol)});
        return true;
      }
    }
    constexpr std::string_view single = "+-*/%";
    if (single.find(sql_[place_]) == std::string_view::npos) {
      return false;
    }
    tokens_.push_back({SqlPart::symbol, std::string(1, sql_[place_++])});
    return true;
  }

  std::string_view sql_;
  std::size_t place_ = 0;
  std::vector<ExpressionToken> tokens_;
};

}  // namespace

std::optional<std::vector<ExpressionToken>> expression_tokens(std::string_view sql) {
  return Tokens(sql).all();
}

}  // namespace toolkit

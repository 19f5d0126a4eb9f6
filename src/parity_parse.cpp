#include <algorithm>
#include <array>
#include <utility>

#include "parity_expression.hpp"
#include "parity_forms.hpp"
#include "parity_tokens.hpp"

namespace toolkit {

namespace {

constexpr int deepest = 64;
constexpr std::array<std::string_view, 11> relations = {
    "=", "<>", "!=", "<", ">", "<=", ">=", "~~", "~~*", "!~~", "!~~*"};

bool is_relation(const ExpressionToken& token) {
  return token.kind == SqlPart::symbol &&
         std::find(relations.begin(), relations.end(), token.text) != relations.end();
}

/// Recursive descent, by PostgreSQL's precedence, which the others share for what stands in a schema.
class Parser : private TokenReader {
 public:
  using TokenReader::TokenReader;

  Expression whole() {
    Expression result = disjunction();
    if (now().kind != SqlPart::end) {
      throw NotUnderstood();
    }
    return result;
  }

 private:
  Expression disjunction() {
    if (++depth_ > deepest) {
      throw NotUnderstood();
    }
    Expression left = conjunction();
    while (take_word("or")) {
      left = both("or", condition_of(std::move(left)), condition_of(conjunction()));
    }
    --depth_;
    return left;
  }

  Expression conjunction() {
    Expression left = negation();
    while (take_word("and")) {
      left = both("and", condition_of(std::move(left)), condition_of(negation()));
    }
    return left;
  }

  Expression negation() {
    bool is_turned = false;
    while (take_word("not")) {
      is_turned = !is_turned;
    }
    Expression inner = comparison();
    return is_turned ? negated(condition_of(std::move(inner))) : inner;
  }

  Expression comparison() {
    Expression left = joined();
    for (bool goes_on = true; goes_on;) {
      goes_on = false;
      if (is_relation(now())) {
        const std::string symbol = take().text;
        left = compared(std::move(left), symbol);
        goes_on = true;
      } else if (take_word("is")) {
        left = tested(std::move(left));
        goes_on = true;
      } else if (is_word("in") || is_word("like") || is_word("ilike") || is_word("between") ||
                 is_word("not")) {
        left = worded(std::move(left));
        goes_on = true;
      }
    }
    return left;
  }

  Expression compared(Expression left, const std::string& symbol) {
    if (symbol.find("~~") != std::string::npos) {
      const std::string word = symbol.back() == '*' ? "ilike" : "like";
      Expression like{word, {std::move(left), joined()}, false};
      return symbol.front() == '!' ? negated(std::move(like)) : like;
    }
    const bool is_any = is_word("any") || is_word("some");
    if ((is_any || is_word("all")) && behind().text == "(") {
      take();
      need_symbol("(");
      Expression array = disjunction();
      need_symbol(")");
      if (array.head != "array" || (symbol != "=" && symbol != "<>") || (symbol == "=") != is_any) {
        throw NotUnderstood();
      }
      Expression in = is_in_list(std::move(left), std::move(array.parts));
      return is_any ? in : negated(std::move(in));
    }
    return two_sided(symbol == "!=" ? "<>" : symbol, std::move(left), joined());
  }

  Expression tested(Expression left) {
    const bool is_turned = take_word("not");
    Expression test;
    if (take_word("null")) {
      test = {"is-null", {std::move(left)}, false};
    } else if (is_word("true") || is_word("false")) {
      test = {"is-" + take().text, {std::move(left)}, false};
    } else {
      throw NotUnderstood();
    }
    return is_turned ? negated(std::move(test)) : test;
  }

  Expression worded(Expression left) {
    const bool is_turned = take_word("not");
    Expression result;
    if (take_word("in")) {
      need_symbol("(");
      result = is_in_list(std::move(left), list(")"));
    } else if (is_word("like") || is_word("ilike")) {
      const std::string word = take().text;
      result = {word, {std::move(left), joined()}, false};
    } else {
      need_word("between");
      Expression low = joined();
      need_word("and");
      Expression high = joined();
      result = both("and", two_sided(">=", left, std::move(low)), two_sided("<=", left, std::move(high)));
    }
    return is_turned ? negated(std::move(result)) : result;
  }

  Expression joined() {
    Expression left = sum();
    while (is_symbol("||") || is_symbol("->") || is_symbol("->>") || is_symbol("#>") || is_symbol("#>>") ||
           is_symbol("@>") || is_symbol("<@") || is_symbol("&&")) {
      const std::string symbol = take().text;
      left = symbol == "||" ? both("concat", std::move(left), sum(), false)
                            : Expression{symbol, {std::move(left), sum()}, true};
    }
    return left;
  }

  Expression sum() {
    Expression left = product();
    while (is_symbol("+") || is_symbol("-")) {
      const std::string symbol = take().text;
      left = {symbol, {std::move(left), product()}, false};
    }
    return left;
  }

  Expression product() {
    Expression left = sign();
    while (is_symbol("*") || is_symbol("/") || is_symbol("%")) {
      const std::string symbol = take().text;
      left = {symbol, {std::move(left), sign()}, false};
    }
    return left;
  }

  Expression sign() {
    if (take_symbol("-")) {
      Expression inner = sign();
      const auto number = inner.parts.empty() ? normal_number("-" + inner.head) : std::nullopt;
      return number ? Expression{*number, {}, false} : Expression{"-", {std::move(inner)}, false};
    }
    return take_symbol("+") ? sign() : with_suffixes(value());
  }

  Expression with_suffixes(Expression left) {
    for (;;) {
      if (take_symbol("::")) {
        left = cast_to(std::move(left), type_name());
      } else if (take_word("collate")) {
        take();
      } else if (is_word("at") && behind().text == "time") {
        take();
        take();
        need_word("zone");
        with_suffixes(value());
      } else {
        return left;
      }
    }
  }

  std::vector<Expression> list(std::string_view end) {
    std::vector<Expression> all;
    if (take_symbol(end)) {
      return all;
    }
    do {
      all.push_back(disjunction());
    } while (take_symbol(","));
    need_symbol(end);
    return all;
  }

  Expression value() {
    const ExpressionToken token = now();
    take();
    switch (token.kind) {
      case SqlPart::number:
        return {normal_number(token.text).value_or(token.text), {}, false};
      case SqlPart::text:
        return {quoted_text(token.text), {}, false};
      case SqlPart::symbol: {
        if (token.text != "(") {
          throw NotUnderstood();
        }
        Expression inner = disjunction();
        need_symbol(")");
        return inner;
      }
      case SqlPart::end:
        throw NotUnderstood();
      default:
        return named(token);
    }
  }

  Expression named(const ExpressionToken& token) {
    if (token.kind == SqlPart::name) {
      if (token.text == "case") {
        return choice();
      }
      if (token.text == "array" && take_symbol("[")) {
        return {"array", list("]"), false};
      }
      if (token.text == "cast" && take_symbol("(")) {
        Expression inner = disjunction();
        need_word("as");
        const std::string type = type_name();
        need_symbol(")");
        return cast_to(std::move(inner), type);
      }
      if (token.text == "select" || token.text == "interval" || token.text == "exists") {
        throw NotUnderstood();
      }
    }
    std::string name = token.text;
    while (is_symbol(".") && (behind().kind == SqlPart::name || behind().kind == SqlPart::quoted_name)) {
      take();
      name = take().text;
    }
    if (take_symbol("(")) {
      const bool is_of_all = take_symbol("*");
      if (is_of_all) {
        need_symbol(")");
      }
      return called(name, is_of_all ? std::vector<Expression>{{"*", {}, false}} : list(")"));
    }
    return token.kind == SqlPart::name ? plain_word(name) : Expression{name, {}, false};
  }

  Expression choice() {
    Expression result{"case", {}, false};
    if (!is_word("when")) {
      result.parts.push_back(disjunction());
    }
    while (take_word("when")) {
      result.parts.push_back(disjunction());
      need_word("then");
      result.parts.push_back(disjunction());
    }
    if (take_word("else")) {
      result.parts.push_back(disjunction());
    }
    need_word("end");
    return result;
  }

  int depth_ = 0;
};

}  // namespace

std::optional<Expression> parse_expression(std::string_view sql) {
  auto tokens = expression_tokens(sql);
  if (!tokens) {
    return std::nullopt;
  }
  try {
    return Parser(std::move(*tokens)).whole();
  } catch (const NotUnderstood&) {
    return std::nullopt;
  }
}

std::optional<Expression> parse_condition(std::string_view sql) {
  std::optional<Expression> result = parse_expression(sql);
  return result ? condition_of(std::move(*result)) : result;
}

}  // namespace toolkit

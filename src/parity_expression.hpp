#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// SQL expressions of three dialects in one form, so that checks, defaults, predicates and generated columns
/// can be held against each other. For parity only: casts, collations and what servers rewrite are dropped.
namespace toolkit {

/// An operator or function with its operands; without any it is a name, a number or a `'text'`.
struct Expression {
  std::string head;
  std::vector<Expression> parts;
  bool is_call = false;  ///< a function that is called, known or not

  bool operator==(const Expression& other) const { return head == other.head && parts == other.parts; }
};

/// Pure. Nothing when it is more than what is understood (subqueries, intervals, operators of one dialect).
///
/// Names are lower case without quotes; `!=` is `<>`; BETWEEN is two comparisons; `= ANY (ARRAY[…])` and an
/// IN of one value are what they mean; TRUE is 1; NOT over a comparison turns it; a bare name where a
/// condition stands is `<> 0`; operands of AND, OR and IN are sorted; functions have one name (`now`,
/// `today`, `uuid`, `length`, `lower`, `upper`, `coalesce`, `concat`, `substr`).
std::optional<Expression> parse_expression(std::string_view sql);

/// Pure. The same as a condition: a bare name is `<> 0`.
std::optional<Expression> parse_condition(std::string_view sql);

/// Pure. `(and (> a 0) (< a 9))`.
std::string to_string(const Expression& expression);

/// Pure. Whether two unequal ones mean different things for certain: they hold nothing but names, values,
/// comparisons and arithmetic.
bool is_plain(const Expression& expression);

/// Two texts of expressions held against each other.
enum class Agreement {
  equal,
  different,
  undecided,  ///< they are written differently, and hold more than what is understood
};

/// Pure.
Agreement compare_conditions(std::string_view a, std::string_view b);
Agreement compare_expressions(std::string_view a, std::string_view b);

/// Pure. A check that says which values a column takes: `priority IN ('low', 'high')`.
struct ValueList {
  std::string column;
  std::vector<std::string> values;  ///< as `to_string` writes them, sorted
};
std::optional<ValueList> value_list(const Expression& condition);

/// Pure. The column of `json_valid(column)`, else empty.
std::string json_column(const Expression& condition);

/// Pure. A number, a text, or bytes: no name.
bool is_value(const Expression& expression);

/// Pure. A number in one form: `0.50` and `.5` are `0.5`, `-0` is `0`. Nothing for other texts.
std::optional<std::string> normal_number(std::string_view text);

/// Pure. ASCII only: what servers fold names by.
std::string lower_ascii(std::string_view text);

}  // namespace toolkit

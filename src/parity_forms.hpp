#pragma once

#include <string>
#include <vector>

#include "parity_expression.hpp"

/// Building one form out of what servers and people write alike. Pure; for the parser of expressions.
namespace toolkit {

/// `and`, `or`, `concat`: flattened; sorted unless the order matters.
Expression both(const std::string& head, Expression left, Expression right, bool is_sorted = true);

/// A comparison; a value on the left goes to the right.
Expression two_sided(const std::string& symbol, Expression left, Expression right);

/// NOT of a condition.
Expression negated(Expression condition);

/// A bare name, or a call, where a condition stands: `<> 0`.
Expression condition_of(Expression expression);

/// IN; of one value it is `=`.
Expression is_in_list(Expression left, std::vector<Expression> values);

/// A cast is dropped; a number in quotes becomes one where the type is of numbers, `'{a,b}'::text[]` an
/// array.
Expression cast_to(Expression inner, const std::string& type);

/// A function by the name that all dialects share here.
Expression called(std::string name, std::vector<Expression> operands);

/// A word without quotes: TRUE, CURRENT_TIMESTAMP, or a name.
Expression plain_word(const std::string& name);

/// `'it''s'`.
std::string quoted_text(std::string_view text);

}  // namespace toolkit

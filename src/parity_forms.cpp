#include "parity_forms.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace toolkit {

namespace {

using Names = std::map<std::string, std::string, std::less<>>;

/// Functions that do the same, by the manuals of PostgreSQL 15, MySQL 8, MariaDB 11 and SQLite 3.40.
/// `length` counts bytes on MySQL and characters elsewhere; for parity it is one function.
const Names& shared_names() {
  static const Names names = {{"char_length", "length"},
                              {"character_length", "length"},
                              {"octet_length", "length"},
                              {"lcase", "lower"},
                              {"ucase", "upper"},
                              {"ifnull", "coalesce"},
                              {"substring", "substr"},
                              {"mod", "%"},
                              {"gen_random_uuid", "uuid"},
                              {"uuid_generate_v4", "uuid"},
                              {"transaction_timestamp", "now"},
                              {"statement_timestamp", "now"},
                              {"clock_timestamp", "now"},
                              {"current_timestamp", "now"},
                              {"localtimestamp", "now"},
                              {"localtime", "now"},
                              {"sysdate", "now"},
                              {"utc_timestamp", "now"},
                              {"curdate", "today"},
                              {"current_date", "today"},
                              {"utc_date", "today"},
                              {"curtime", "time"},
                              {"current_time", "time"},
                              {"utc_time", "time"},
                              {"jsonb_build_object", "json_object"},
                              {"json_build_object", "json_object"},
                              {"jsonb_build_array", "json_array"},
                              {"json_build_array", "json_array"}};
  return names;
}

const Names& opposites() {
  static const Names names = {{"=", "<>"}, {"<>", "="}, {"<", ">="}, {">=", "<"}, {">", "<="}, {"<=", ">"}};
  return names;
}

/// With the sides exchanged.
const Names& mirrored() {
  static const Names names = {{"=", "="}, {"<>", "<>"}, {"<", ">"}, {">", "<"}, {"<=", ">="}, {">=", "<="}};
  return names;
}

bool is_text(const Expression& expression) {
  return expression.parts.empty() && !expression.is_call && expression.head.starts_with('\'');
}

std::string without_quotes(const Expression& text) { return text.head.substr(1, text.head.size() - 2); }

void sort(std::vector<Expression>& parts) {
  std::sort(parts.begin(), parts.end(),
            [](const Expression& a, const Expression& b) { return to_string(a) < to_string(b); });
}

Expression call_of(std::string name) { return {std::move(name), {}, true}; }

/// `'{a,b}'` as PostgreSQL writes constant arrays; only of plain words.
std::optional<Expression> array_of(const std::string& text) {
  if (text.size() < 2 || text.front() != '{' || text.back() != '}' ||
      text.find_first_of("\"\\") != std::string::npos) {
    return std::nullopt;
  }
  Expression array{"array", {}, false};
  for (std::size_t begin = 1; begin < text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size() - 1);
    array.parts.push_back({quoted_text(text.substr(begin, end - begin)), {}, false});
    begin = end + 1;
  }
  return array;
}

}  // namespace

Expression both(const std::string& head, Expression left, Expression right, bool is_sorted) {
  Expression result{head, {}, false};
  for (Expression* side : {&left, &right}) {
    if (side->head == head && !side->parts.empty()) {
      std::move(side->parts.begin(), side->parts.end(), std::back_inserter(result.parts));
    } else {
      result.parts.push_back(std::move(*side));
    }
  }
  if (is_sorted) {
    sort(result.parts);
  }
  return result;
}

Expression two_sided(const std::string& symbol, Expression left, Expression right) {
  const auto found = mirrored().find(symbol);
  if (found != mirrored().end() && is_value(left) && !is_value(right)) {
    return {found->second, {std::move(right), std::move(left)}, false};
  }
  return {symbol, {std::move(left), std::move(right)}, false};
}

Expression negated(Expression condition) {
  const auto opposite = opposites().find(condition.head);
  if (opposite != opposites().end() && condition.parts.size() == 2) {
    condition.head = opposite->second;
    return condition;
  }
  if (condition.head == "not") {
    return std::move(condition.parts.front());
  }
  return {"not", {std::move(condition)}, false};
}

Expression condition_of(Expression expression) {
  static constexpr std::array<std::string_view, 14> conditions = {
      "and", "or", "not", "=", "<>", "<", ">", "<=", ">=", "in", "like", "ilike", "is-null", "is-true"};
  const bool is_one = std::find(conditions.begin(), conditions.end(), expression.head) != conditions.end() ||
                      expression.head == "is-false" || is_value(expression) || expression.is_call ||
                      !expression.parts.empty();
  return is_one ? expression : Expression{"<>", {std::move(expression), {"0", {}, false}}, false};
}

Expression is_in_list(Expression left, std::vector<Expression> values) {
  if (values.size() == 1) {
    return two_sided("=", std::move(left), std::move(values.front()));
  }
  sort(values);
  values.insert(values.begin(), std::move(left));
  return {"in", std::move(values), false};
}

Expression cast_to(Expression inner, const std::string& type) {
  static constexpr std::array<std::string_view, 10> numbers = {
      "integer", "int", "bigint", "smallint", "numeric", "decimal", "real", "double", "float", "signed"};
  if (!is_text(inner)) {
    return inner;
  }
  const std::string text = without_quotes(inner);
  if (type.ends_with("[]")) {
    return array_of(text).value_or(inner);
  }
  if (type == "bytea" && text.starts_with("\\x")) {
    return {"x'" + lower_ascii(text.substr(2)) + "'", {}, false};
  }
  const auto number = normal_number(text);
  const bool is_number = std::find(numbers.begin(), numbers.end(), type) != numbers.end();
  if (is_number && number) {
    return {*number, {}, false};
  }
  const bool is_now = text == "now" && (type == "timestamp" || type == "timestamptz");
  return is_now ? call_of("now") : inner;
}

Expression called(std::string name, std::vector<Expression> operands) {
  const auto found = shared_names().find(name);
  if (found != shared_names().end()) {
    name = found->second;
  }
  if (name == "now" || name == "time") {
    return call_of(name);  // with or without a precision
  }
  const bool of_now = !operands.empty() && (operands.back() == Expression{"'now'", {}, false} ||
                                            operands.back() == Expression{"now", {}, false});
  if (of_now && (name == "datetime" || name == "strftime" || name == "timezone" || name == "unixepoch")) {
    return name == "unixepoch" ? Expression{"unixepoch", {}, true} : call_of("now");
  }
  if (name == "date" && of_now) {
    return call_of("today");
  }
  if ((name == "json_object" || name == "json_array") && operands.empty()) {
    return {name == "json_object" ? "'{}'" : "'[]'", {}, false};
  }
  if (name == "concat" && operands.size() >= 2) {
    return {"concat", std::move(operands), false};
  }
  Expression call{std::move(name), std::move(operands), true};
  return to_string(call) == "(lower (hex (randomblob 16)))" ? call_of("uuid") : call;
}

Expression plain_word(const std::string& name) {
  if (name == "true" || name == "false") {
    return {name == "true" ? "1" : "0", {}, false};
  }
  static constexpr std::array<std::string_view, 5> callable = {"current_timestamp", "localtimestamp",
                                                               "localtime", "current_date", "current_time"};
  const bool is_call = std::find(callable.begin(), callable.end(), name) != callable.end();
  return is_call ? called(name, {}) : Expression{name, {}, false};
}

std::string quoted_text(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    quoted += c;
    quoted += c == '\'' ? "'" : "";
  }
  return quoted + "'";
}

}  // namespace toolkit

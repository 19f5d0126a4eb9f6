#include "parity_expression.hpp"

#include <algorithm>
#include <array>

namespace toolkit {

namespace {

/// As it is written, but for blanks, quotes of names and case.
std::string bare(std::string_view text) {
  std::string result;
  for (const char c : lower_ascii(text)) {
    const bool is_dropped = c == ' ' || c == '\n' || c == '\t' || c == '"' || c == '`';
    result += is_dropped ? std::string() : std::string(1, c);
  }
  return result;
}

Agreement compare(const std::optional<Expression>& a, const std::optional<Expression>& b,
                  std::string_view a_text, std::string_view b_text) {
  if (!a || !b) {
    return bare(a_text) == bare(b_text) ? Agreement::equal : Agreement::undecided;
  }
  if (*a == *b) {
    return Agreement::equal;
  }
  return is_plain(*a) && is_plain(*b) ? Agreement::different : Agreement::undecided;
}

}  // namespace

std::string to_string(const Expression& expression) {
  if (expression.parts.empty() && !expression.is_call) {
    return expression.head;
  }
  std::string text = "(" + expression.head;
  for (const Expression& part : expression.parts) {
    text += " " + to_string(part);
  }
  return text + ")";
}

bool is_plain(const Expression& expression) {
  static constexpr std::array<std::string_view, 9> known = {"now",   "today",    "time",   "uuid", "length",
                                                            "lower", "coalesce", "substr", "upper"};
  const bool is_known = std::find(known.begin(), known.end(), expression.head) != known.end();
  return (!expression.is_call || is_known) &&
         std::all_of(expression.parts.begin(), expression.parts.end(), is_plain);
}

Agreement compare_conditions(std::string_view a, std::string_view b) {
  return compare(parse_condition(a), parse_condition(b), a, b);
}

Agreement compare_expressions(std::string_view a, std::string_view b) {
  return compare(parse_expression(a), parse_expression(b), a, b);
}

std::optional<ValueList> value_list(const Expression& condition) {
  const bool is_one = condition.head == "=" && condition.parts.size() == 2;
  if ((condition.head != "in" && !is_one) || condition.parts.front().is_call ||
      !condition.parts.front().parts.empty()) {
    return std::nullopt;
  }
  ValueList list{condition.parts.front().head, {}};
  for (auto part = condition.parts.begin() + 1; part != condition.parts.end(); ++part) {
    if (!is_value(*part)) {
      return std::nullopt;
    }
    list.values.push_back(part->head);
  }
  std::sort(list.values.begin(), list.values.end());
  return list;
}

std::string json_column(const Expression& condition) {
  // SQLite's own way to allow NULL as well, and json_valid(c) = 1.
  if (condition.head == "or" && condition.parts.size() == 2) {
    const Expression& first = condition.parts.front();
    const Expression& last = condition.parts.back();
    const Expression& test = first.head == "is-null" ? first : last;
    const std::string column = json_column(first.head == "is-null" ? last : first);
    const bool is_null_test = test.head == "is-null" && test.parts.front().head == column;
    return is_null_test ? column : "";
  }
  const bool is_one = condition.head == "=" && condition.parts.size() == 2 && condition.parts[1].head == "1";
  const Expression& call =
      is_one || (condition.head == "<>" && condition.parts.size() == 2 && condition.parts[1].head == "0")
          ? condition.parts.front()
          : condition;
  const bool is_check = call.is_call && call.head == "json_valid" && !call.parts.empty();
  return is_check && call.parts.front().parts.empty() ? call.parts.front().head : "";
}

bool is_value(const Expression& expression) {
  const std::string& head = expression.head;
  return expression.parts.empty() && !expression.is_call &&
         (head.starts_with('\'') || head.starts_with("x'") || normal_number(head));
}

std::optional<std::string> normal_number(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  text.remove_prefix(!text.empty() && (is_negative || text.front() == '+') ? 1 : 0);
  const std::size_t point = text.find('.');
  std::string whole(text.substr(0, point));
  std::string fraction(point == std::string_view::npos ? std::string_view() : text.substr(point + 1));
  if ((whole + fraction).empty() || (whole + fraction).find_first_not_of("0123456789") != std::string::npos) {
    return std::nullopt;
  }
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size()));
  fraction.erase(fraction.find_last_not_of('0') + 1);
  const std::string number = (whole.empty() ? "0" : whole) + (fraction.empty() ? "" : "." + fraction);
  return is_negative && number != "0" ? "-" + number : number;
}

std::string lower_ascii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return lower;
}

}  // namespace toolkit

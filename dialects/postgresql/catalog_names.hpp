#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace toolkit::postgresql {

/// Pure. A name as a catalog writes it: plain where it is letters, digits, `_` and `$` (whatever the case, so
/// that other dialects say the same), else in double quotes with quotes doubled.
std::string spelled(std::string_view name);

/// Pure. `name`, or `schema.name` outside the default schema `public`; both spelled.
std::string top_name(std::string_view schema, std::string_view name);

/// Pure. The names of a spelled list, apart at `.` or at `, `; what follows a name up to the next one (`
/// desc`) stays with it in `rest`. An expression in parentheses is kept whole with `is_expression`.
struct SpelledPart {
  std::string name;
  std::string rest;
  bool is_expression = false;
};
std::vector<SpelledPart> split_list(std::string_view list);

/// Pure. Schema (`public` where none is said) and name of a spelled top name.
struct TopName {
  std::string schema;
  std::string name;
};
TopName split_top_name(std::string_view name);

/// Pure. Where the text of a name or expression that begins at `from` ends: at `stop` or a closing
/// parenthesis outside quotes and parentheses, or at the end.
std::size_t end_of_part(std::string_view text, std::size_t from, char stop);

/// Pure. Whether the server would choose `name` (ChooseConstraintName, ChooseIndexName in its sources, 12 to
/// 18): table, columns and label joined by `_`, cut to 63 bytes, a number behind it where it was taken.
bool is_generated_name(std::string_view name, std::string_view table, const std::vector<std::string>& columns,
                       std::string_view label);

}  // namespace toolkit::postgresql

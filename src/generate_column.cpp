#include <algorithm>
#include <array>

#include "generate_parts.hpp"
#include "toolkit/directive.hpp"
#include "toolkit/error.hpp"

namespace toolkit {

namespace {

constexpr std::size_t longest_name = 63;  // PostgreSQL cuts longer ones, MySQL allows 64
// With utf8mb4 a MySQL row of 65,535 bytes holds no more characters.
constexpr int longest_string = 16383;
constexpr int most_digits = 65;    // MySQL; PostgreSQL allows 1000
constexpr int most_decimals = 30;  // MySQL 8; MariaDB allows 38
constexpr std::string_view default_length = "255";
constexpr std::string_view default_precision = "10, 2";

Error usage(std::string message, std::string advice) {
  return {ErrorKind::usage, std::move(message), std::move(advice)};
}

bool is_good_name(const std::string& name) {
  const auto good = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !name.empty() && name.size() <= longest_name && name.front() >= 'a' && name.front() <= 'z' &&
         std::all_of(name.begin(), name.end(), good);
}

std::vector<std::string> type_words() {
  std::vector<std::string> words;
  for (const ColumnType& type : column_type_table()) {
    words.emplace_back(type.word);
  }
  return words;
}

std::string type_list() {
  std::string list = "types are";
  for (const std::string& word : type_words()) {
    list += " " + word;
  }
  return list;
}

const ColumnType& find_type(const std::string& word, const std::string& column) {
  const auto& table = column_type_table();
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const ColumnType& type) { return type.word == word; });
  if (found == table.end()) {
    const std::string nearest = nearest_word(word, type_words());
    throw usage("unknown type '" + word + "' of column " + column,
                (nearest.empty() ? "" : "did you mean " + nearest + "? ") + type_list());
  }
  return *found;
}

/// A number from 0 to `limit`, or -1.
int number_up_to(const std::string& text, int limit) {
  const bool digits =
      !text.empty() && text.size() <= 6 && text.find_first_not_of("0123456789") == std::string::npos;
  const int number = digits ? std::stoi(text) : -1;
  return number <= limit ? number : -1;
}

std::string length_of(const std::string& size, const std::string& column) {
  const int length = number_up_to(size, longest_string);
  if (length < 1) {
    throw usage("'" + size + "' is no length of column " + column,
                "a string has 1 to " + std::to_string(longest_string) + " characters, as in " + column +
                    ":string:120; for longer ones take text");
  }
  return std::to_string(length);
}

std::string precision_of(const std::string& size, const std::string& column) {
  const std::size_t comma = size.find(',');
  const int digits = number_up_to(size.substr(0, comma), most_digits);
  const int decimals = comma == std::string::npos ? 0 : number_up_to(size.substr(comma + 1), most_decimals);
  if (digits < 1 || decimals < 0 || decimals > digits) {
    throw usage("'" + size + "' is no precision of column " + column,
                "write all digits and those after the point, as in " + column + ":decimal:10,2; at most " +
                    std::to_string(most_digits) + " and " + std::to_string(most_decimals));
  }
  return std::to_string(digits) + ", " + std::to_string(decimals);
}

std::string size_of(const ColumnSpec& column, const std::optional<std::string>& size) {
  switch (column.type->size_kind) {
    case SizeKind::length:
      return size ? length_of(*size, column.name) : std::string(default_length);
    case SizeKind::precision:
      return size ? precision_of(*size, column.name) : std::string(default_precision);
    case SizeKind::none:
      break;
  }
  if (size) {
    throw usage("type " + std::string(column.type->word) + " of column " + column.name + " takes no size",
                "string and decimal do: " + column.name + ":string:120, " + column.name + ":decimal:10,2");
  }
  return {};
}

}  // namespace

void require_table_name(const std::string& name) {
  if (!is_good_name(name)) {
    throw usage("'" + name + "' is no table name that every dialect takes",
                "a-z, 0-9 and _, a letter first, at most 63 characters");
  }
  // SQLite keeps sqlite_ for itself; the other two are the toolkit's own.
  if (name.starts_with("sqlite_") || name == "toolkit_history" || name == "toolkit_log") {
    throw usage("the table name " + name + " is taken", "choose another one");
  }
}

void require_column_name(const std::string& name) {
  if (!is_good_name(name)) {
    throw usage("'" + name + "' is no column name that every dialect takes",
                "a-z, 0-9 and _, a letter first, at most 63 characters");
  }
  // System columns of PostgreSQL and InnoDB: refused also when quoted.
  static constexpr std::array<std::string_view, 10> taken = {
      "tableoid", "xmin",      "cmin",      "xmax",        "cmax",
      "ctid",     "db_row_id", "db_trx_id", "db_roll_ptr", "fts_doc_id"};
  if (std::find(taken.begin(), taken.end(), name) != taken.end()) {
    throw usage("the column name " + name + " is taken by a server's system column", "choose another one");
  }
}

ColumnSpec parse_column(const std::string& text) {
  ColumnSpec column;
  std::string rest = text;
  column.not_null = rest.ends_with('!');
  if (column.not_null) {
    rest.pop_back();
  }
  const std::size_t first = rest.find(':');
  column.name = rest.substr(0, first);
  require_column_name(column.name);
  if (first == std::string::npos) {
    if (column.not_null) {
      throw usage("'" + text + "' has no type",
                  "write COLUMN:TYPE!, as in " + column.name + ":string!; " + type_list());
    }
    return column;
  }
  const std::size_t second = rest.find(':', first + 1);
  column.type = &find_type(rest.substr(first + 1, second == std::string::npos ? second : second - first - 1),
                           column.name);
  column.size =
      size_of(column, second == std::string::npos ? std::nullopt : std::optional(rest.substr(second + 1)));
  return column;
}

}  // namespace toolkit

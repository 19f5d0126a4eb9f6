#include <algorithm>
#include <optional>
#include <set>

#include "generate_parts.hpp"
#include "toolkit/error.hpp"

namespace toolkit {

namespace {

constexpr std::size_t longest_migration_name = 200;  // file names end at 255 bytes

Error usage(std::string message, std::string advice) {
  return {ErrorKind::usage, std::move(message), std::move(advice)};
}

void require_migration_name(const std::string& name) {
  std::string near;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && !near.empty() && near.back() != '_') {
      near.push_back('_');
    }
    const bool good = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (good || (!near.empty() && near.back() != '_')) {
      near.push_back(upper ? static_cast<char>(c - 'A' + 'a') : good ? c : '_');
    }
  }
  const bool good = name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
  if (name.empty() || !good) {
    throw usage("'" + name + "' is no name of a migration",
                "a-z, 0-9 and _" + (near.empty() ? ", as in create_users" : "; did you mean " + near + "?"));
  }
  if (name.size() > longest_migration_name) {
    throw usage("the name has more than " + std::to_string(longest_migration_name) + " characters",
                "say what changes in a few words, the rest in a comment");
  }
}

std::vector<ColumnSpec> read_columns(const std::vector<std::string>& texts) {
  std::vector<ColumnSpec> columns;
  std::set<std::string> names;
  int ids = 0;
  for (const std::string& text : texts) {
    columns.push_back(parse_column(text));
    const ColumnSpec& column = columns.back();
    ids += column.type != nullptr && column.type->word == "id" ? 1 : 0;
    if (!names.insert(column.name).second) {
      throw usage("column " + column.name + " is given twice", "every column has a name of its own");
    }
  }
  if (ids > 1) {
    throw usage("a table has one column of type id: it is the primary key", "take bigint for the others");
  }
  return columns;
}

std::string joined(const std::vector<ColumnSpec>& columns, const std::string& by) {
  std::string text;
  for (const ColumnSpec& column : columns) {
    text += (text.empty() ? "" : by) + column.name;
  }
  return text;
}

/// The table in `rest`, where the columns' own names stand in it: COLUMNS_to_TABLE, TABLE_COLUMNS.
std::optional<std::string> table_beside_columns(const std::string& rest, const std::string& preposition,
                                                const std::vector<ColumnSpec>& columns) {
  for (const std::string& by : {std::string("_"), std::string("_and_")}) {
    const std::string names = joined(columns, by);
    if (rest.starts_with(names + preposition)) {
      return rest.substr(names.size() + preposition.size());
    }
    if (rest.ends_with("_" + names)) {
      return rest.substr(0, rest.size() - names.size() - 1);
    }
  }
  return std::nullopt;
}

std::string table_of(const GenerateRequest& request, const std::string& rest, const std::string& preposition,
                     const std::vector<ColumnSpec>& columns) {
  if (const auto table = table_beside_columns(rest, preposition, columns)) {
    return *table;
  }
  // The columns' names have the last word: add_details_to_users may add any.
  const std::size_t place = rest.rfind(preposition);
  if (place != std::string::npos) {
    return rest.substr(place + preposition.size());
  }
  const std::string verb = request.name.substr(0, request.name.find('_') + 1);
  throw usage("which table '" + request.name + "' means cannot be told",
              "write " + verb + joined(columns, "_and_") + preposition + "TABLE, or " + verb + "TABLE_" +
                  joined(columns, "_") + "; with --empty the pair is written without statements");
}

void require_columns(const GenerateRequest& request, const std::string& why, const std::string& example) {
  if (request.columns.empty()) {
    throw usage(request.name + " is given no column: " + why,
                "write each as COLUMN:TYPE, as in 'toolkit generate " + request.name + " " + example +
                    "'; with --empty the pair is written without statements, for you to fill in");
  }
}

void require_types(const GenerateRequest& request, const Change& change) {
  const bool add = change.kind == ChangeKind::add_columns;
  const bool remove = change.kind == ChangeKind::remove_columns;
  const bool type_is_needed = add || change.kind == ChangeKind::create_table || !request.irreversible;
  for (const ColumnSpec& column : change.columns) {
    if (column.type == nullptr && type_is_needed) {
      throw usage("column " + column.name + " has no type",
                  "write " + column.name + ":TYPE, as in " + column.name + ":string" +
                      (add || change.kind == ChangeKind::create_table
                           ? std::string()
                           : "; the down needs it, or say why there is none: --irreversible REASON"));
    }
    if ((add || remove) && column.type != nullptr && column.type->word == "id") {
      throw usage(
          "column " + column.name + " of type id is made and dropped with its table only",
          "not every database can change the primary key of a table that exists; take bigint, or --empty");
    }
    const bool will_be_added = add || (remove && !request.irreversible);
    if (will_be_added && column.not_null && column.type->neutral.postgresql.empty()) {
      throw usage("column " + column.name + " cannot be added NOT NULL: no " +
                      std::string(column.type->word) + " is right for the rows that exist",
                  "leave the ! away, and make it NOT NULL in a later migration that fills it first");
    }
  }
}

Change change_of_verb(const GenerateRequest& request, std::vector<ColumnSpec> columns,
                      const std::string& verb, const std::string& rest) {
  Change change;
  change.columns = std::move(columns);
  if (verb == "create") {
    change.kind = ChangeKind::create_table;
    change.table = rest;
    require_columns(request, "a table has at least one", "id:id name:string");
  } else if (verb == "add") {
    require_columns(request, "its type is needed", "email:string");
    change.kind = ChangeKind::add_columns;
    change.table = table_of(request, rest, "_to_", change.columns);
  } else if (verb == "remove" || rest.find("_from_") != std::string::npos) {  // drop_email_from_users
    require_columns(request, "the down needs its type", "email:string");
    change.kind = ChangeKind::remove_columns;
    change.table = table_of(request, rest, "_from_", change.columns);
  } else {
    change.kind = ChangeKind::drop_table;
    change.table = rest;
    if (request.columns.empty() && !request.irreversible) {
      throw usage(request.name + " is given no column: the down needs the table's columns to make it again",
                  "write each as COLUMN:TYPE, as in 'toolkit generate " + request.name +
                      " id:id name:string', or say why there is no way back: --irreversible REASON");
    }
  }
  return change;
}

}  // namespace

Change read_change(const GenerateRequest& request) {
  require_migration_name(request.name);
  if (request.irreversible && request.irreversible->find_first_not_of(" \t") == std::string::npos) {
    throw usage("--irreversible needs a reason", "as in --irreversible 'the rows are archived elsewhere'");
  }
  if (request.irreversible && request.irreversible->find_first_of("\r\n") != std::string::npos) {
    throw usage("the reason of --irreversible is one line", "put the rest into a comment of the file");
  }
  if (request.empty) {
    if (!request.columns.empty()) {
      throw usage("--empty takes no columns", "without --empty the statements are written from them");
    }
    return {};
  }
  std::vector<ColumnSpec> columns = read_columns(request.columns);
  const std::size_t end = request.name.find('_');
  const std::string verb = request.name.substr(0, end);
  const std::set<std::string> verbs = {"create", "add", "remove", "drop"};
  if (end == std::string::npos || verbs.count(verb) == 0) {
    if (!columns.empty()) {
      throw usage("'" + request.name + "' does not say what happens to the columns",
                  "say it as create_TABLE, drop_TABLE, add_COLUMN_to_TABLE or remove_COLUMN_from_TABLE");
    }
    return {};
  }
  Change change = change_of_verb(request, std::move(columns), verb, request.name.substr(end + 1));
  require_table_name(change.table);
  require_types(request, change);
  return change;
}

}  // namespace toolkit

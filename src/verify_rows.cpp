#include "verify_rows.hpp"

#include <algorithm>

#include "ascii.hpp"
#include "catalog_name.hpp"
#include "toolkit/error.hpp"

namespace toolkit {

namespace {

constexpr int rows_per_fill = 3;
constexpr std::size_t most_rows = 5'000;  ///< of a table that are read; a table with more is only counted

/// The words of a script's statements, quoted names without their quotes.
std::set<std::string> names_in(const Script& script, const ScriptSyntax& syntax) {
  std::set<std::string> names;
  for (const Step& step : script.steps) {
    for (const Token& token : tokenize(step.sql, syntax)) {
      const std::string_view text = std::string_view(step.sql).substr(token.begin, token.end - token.begin);
      if (token.kind == TokenKind::word) {
        names.insert(to_upper(text));
      } else if (token.kind == TokenKind::quoted_identifier && text.size() > 2) {
        names.insert(to_upper(text.substr(1, text.size() - 2)));
      }
    }
  }
  return names;
}

/// Whether a statement of the script may do anything: what it works on, its words do not tell.
bool is_opaque(const Script& script, const ScriptSyntax& syntax) {
  static const std::set<std::string> words = {"CALL", "DO", "SELECT", "EXECUTE", "BEGIN", "WITH"};
  return std::any_of(script.steps.begin(), script.steps.end(), [&](const Step& step) {
    const std::vector<std::string> first = leading_words(step.sql, syntax, 1);
    return !first.empty() && words.count(first.front()) != 0;
  });
}

/// A generated column has the values that its expression gives: they change when that does.
bool holds_values(const CatalogObject& child) {
  return child.kind == "column" && child.property("generated").empty();
}

std::vector<std::string> primary_key_of(const CatalogObject& table) {
  for (const CatalogObject& child : table.children) {
    if (child.kind == "primary key") {
      return key_columns(child.property("columns"));
    }
  }
  return {};
}

/// Whether a view or a routine is named: what is behind it, its name does not tell.
bool names_program(const Catalog& catalog, const std::set<std::string>& named) {
  return std::any_of(catalog.objects.begin(), catalog.objects.end(), [&](const auto& object) {
    const bool is_program = object->kind == "view" || object->kind == "routine";
    std::string name = last_part(object->name.substr(0, object->name.find('(')));
    name = name.substr(name.rfind(' ') + 1);  // `procedure p`
    return is_program && named.count(name) != 0;
  });
}

bool is_table(const CatalogObject& object) {
  return object.kind == "table" && object.property("partition-of").empty();
}

}  // namespace

std::vector<std::string> SampleRows::given_but_refused() const {
  return given_ == nullptr ? std::vector<std::string>() : given_->refused();
}

void SampleRows::fill(const Catalog& catalog) {
  if (given_ != nullptr) {
    given_->offer(*connection_);
  }
  std::vector<std::shared_ptr<const CatalogObject>> open;
  for (const auto& object : catalog.objects) {
    const auto known = filled_.find(object->name);
    const bool is_left_out = left_out_.count(last_part(object->name)) != 0;
    if (is_table(*object) && !is_left_out && (known == filled_.end() || known->second != object)) {
      open.push_back(object);
    }
  }
  // Parents first: as long as a pass fills one, its children may follow in the next.
  for (bool progress = true; progress && !open.empty();) {
    progress = false;
    std::vector<std::shared_ptr<const CatalogObject>> waiting;
    for (const auto& table : open) {
      fill_table(*table);
      const bool filled = not_covered_.count(table->name) == 0;
      filled_[table->name] = table;
      progress = progress || filled;
      if (!filled) {
        waiting.push_back(table);
      }
    }
    open = std::move(waiting);
  }
}

void SampleRows::fill_table(const CatalogObject& table) {
  not_covered_.erase(table.name);
  if (given_ != nullptr && given_->tables().count(last_part(table.name)) != 0) {
    remember_keys(table);
    return;
  }
  int& count = count_[table.name];
  int inserted = 0;
  for (int row = 0; row < rows_per_fill; ++row) {
    const SampleRow sample = sample_row(table, keys_, dialect_.traits(), seed_, count + row);
    if (!sample.why.empty()) {
      not_covered_[table.name] = sample.why;
      return;
    }
    inserted += insert(table, sample) ? 1 : 0;
  }
  count += rows_per_fill;
  if (inserted > 0) {
    not_covered_.erase(table.name);
  }
  remember_keys(table);
  if (!keys_[table.name].empty()) {
    not_covered_.erase(table.name);
  }
}

bool SampleRows::insert(const CatalogObject& table, const SampleRow& row) {
  std::string names;
  std::string values;
  for (const auto& [name, value] : row.values) {
    names += (names.empty() ? "" : ", ") + dialect_.quote_identifier(name);
    values += (values.empty() ? "" : ", ") + value;
  }
  const std::string into = "INSERT INTO " + quoted_table(dialect_, table.name);
  try {
    connection_->execute(
        into + (names.empty() ? dialect_.traits().empty_row : " (" + names + ") VALUES (" + values + ")"));
    return true;
  } catch (const Error& failure) {
    if (failure.details().connection_lost) {
      throw;
    }
    not_covered_[table.name] = failure.what();
    return false;
  }
}

void SampleRows::remember_keys(const CatalogObject& table) {
  const std::map<std::string, TableRows> read_back =
      read({"", "", {std::make_shared<const CatalogObject>(table)}, {}}, {table.name});
  auto& keys = keys_[table.name];
  keys.clear();
  const auto rows = read_back.find(table.name);
  if (rows == read_back.end()) {
    return;
  }
  for (const std::vector<std::string>& values : rows->second.rows) {
    std::map<std::string, std::string> literals;
    for (std::size_t i = 0; i < rows->second.columns.size(); ++i) {
      const std::string& text = values[i];
      const bool is_number =
          !text.empty() && text.size() < 19 && text.find_first_not_of("-0123456789") == std::string::npos;
      std::string literal = "'";
      for (const char c : text) {
        literal += c == '\'' ? "''" : std::string(1, c);
      }
      const bool as_it_is = is_number || dialect_.traits().text_is_literal;
      literals[rows->second.columns[i]] = as_it_is ? text : literal + "'";
    }
    keys.push_back(std::move(literals));
  }
}

// A type may have no text (MariaDB's POINT), a table no right to read.
std::optional<Rows> SampleRows::try_query(const std::string& table, const std::string& query, int columns) {
  try {
    return connection_->query(query, {}, columns);
  } catch (const Error& failure) {
    if (failure.details().connection_lost) {
      throw;
    }
    not_covered_[table] = std::string("its rows cannot be read: ") + failure.what();
    return std::nullopt;
  }
}

std::map<std::string, TableRows> SampleRows::read(const Catalog& catalog,
                                                  const std::set<std::string>& tables) {
  std::map<std::string, TableRows> all;
  for (const auto& object : catalog.objects) {
    if (!is_table(*object) || tables.count(object->name) == 0) {
      continue;
    }
    TableRows rows;
    rows.key = primary_key_of(*object);
    std::string list;
    for (const CatalogObject& column : object->children) {
      if (holds_values(column)) {
        rows.columns.push_back(column.name);
        list += (list.empty() ? "" : ", ") + dialect_.traits().text_before +
                dialect_.quote_identifier(column.name) + dialect_.traits().text_behind;
        rows.types[column.name] = column.property("type");
        if (column.property("nullable") == "no") {
          rows.required.insert(column.name);
        }
      }
    }
    // SOCI would take a colon in a quoted name for one of its parameters.
    if (rows.columns.empty() || list.find(':') != std::string::npos ||
        object->name.find(':') != std::string::npos) {
      not_covered_[object->name] = "a name holds a colon, so its rows are not read";
      continue;
    }
    const std::string query = "SELECT " + list + " FROM " + quoted_table(dialect_, object->name) + " LIMIT " +
                              std::to_string(most_rows);
    const std::optional<Rows> read = try_query(object->name, query, static_cast<int>(rows.columns.size()));
    if (!read) {
      continue;
    }
    for (const auto& cells : *read) {
      std::vector<std::string> values;
      values.reserve(cells.size());
      for (const std::optional<std::string>& cell : cells) {
        values.push_back(cell.value_or("NULL"));
      }
      rows.rows.push_back(std::move(values));
    }
    all[object->name] = std::move(rows);
  }
  return all;
}

std::set<std::string> SampleRows::concerned(const Catalog& before, const Catalog& after, const Script& up,
                                            const Script& down) const {
  const ScriptSyntax syntax = dialect_.script_syntax(before.dialect, {});
  std::set<std::string> named = names_in(up, syntax);
  named.merge(names_in(down, syntax));
  const bool all = is_opaque(up, syntax) || is_opaque(down, syntax) || names_program(before, named);
  std::set<std::string> tables;
  const auto add = [&](const std::string& name) { return tables.insert(name).second; };
  for (const auto& object : before.objects) {
    const std::string_view parent = object->property("partition-of");
    if (!parent.empty() && named.count(last_part(object->name)) != 0) {
      named.insert(last_part(std::string(parent)));
    }
  }
  for (const auto& object : before.objects) {
    if (is_table(*object) &&
        (all || named.count(last_part(object->name)) != 0 ||
         std::find(after.objects.begin(), after.objects.end(), object) == after.objects.end())) {
      add(object->name);
    }
  }
  // What hangs on them: children by foreign key, and tables that a trigger of them names.
  for (bool grown = true; grown;) {
    grown = false;
    for (const auto& object : before.objects) {
      if (!is_table(*object)) {
        continue;
      }
      for (const CatalogObject& child : object->children) {
        if (child.kind == "foreign key" && tables.count(reference_of(child).table) != 0) {
          grown = add(object->name) || grown;
        }
        if (child.kind == "trigger" && tables.count(object->name) != 0) {
          const std::string body = to_upper(child.property("body"));
          for (const auto& other : before.objects) {
            if (is_table(*other) && body.find(last_part(other->name)) != std::string::npos) {
              grown = add(other->name) || grown;
            }
          }
        }
      }
    }
  }
  return tables;
}

}  // namespace toolkit
